import type { Execution } from '../../step-functions';
import { executionRow } from './execution-rows';
import { focusOf } from './focus';
import type {
  EventPage,
  ExecutionDetails,
  PathTaken,
  StateSummary,
  StateVisit,
  VisitPage,
  VisitPlace,
} from '../shapes';
import { placesOf, readVisits } from './visits';

export function executionDetails(execution: Execution): ExecutionDetails {
  const { machine, input, output, error, cause, stopMs, history } = execution;
  const { visits, from } = readVisits(execution, history.events);
  const row = executionRow(execution);
  return {
    ...row,
    machineArn: machine.arn,
    type: machine.type,
    definition: machine.source.definition,
    input: input.text,
    ...(output && { output: output.text }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
    ...(stopMs !== undefined && { stopMs }),
    events: history.events.length,
    ...focusOf(execution, row.kind, visits),
    states: stateSummaries(visits),
    path: pathsTaken(visits, from),
  };
}

/** The stays in one state, with what went in and out. */
export function visitPage(execution: Execution, state: string, from: number, size: number): VisitPage {
  const visits = readVisits(execution, execution.history.events).visits.filter(({ name }) => name === state);
  return { visits: visits.slice(from, from + size), total: visits.length };
}

export interface EventFilter {
  /** Looked for in the type, the state's name and the details, in any letter case. @default - all events */
  readonly search?: string;
  /** Only the events of this stay. @default - all events */
  readonly place?: VisitPlace;
}

/** The events that a filter lets pass, in the order in which they happened. */
export function eventPage(
  execution: Execution,
  { search = '', place }: EventFilter,
  from: number,
  size: number,
): EventPage {
  const { events } = execution.history;
  const { visits, visitOfEvent } = readVisits(execution, events);
  const places = placesOf(visits);
  const placeOf = (id: number): VisitPlace | undefined => places[visitOfEvent.get(id) ?? -1];
  const text = search.trim().toLowerCase();
  const matching = events.filter(({ id, type, details }) => {
    const at = placeOf(id);
    if (place && (at?.state !== place.state || at.visit !== place.visit)) return false;
    return text === '' || contains([type, at?.state, details], text);
  });
  return {
    rows: matching.slice(from, from + size).map((event) => ({ ...event, ...placeOf(event.id) })),
    total: events.length,
    matching: matching.length,
    before: from,
  };
}

/** Looks into values rather than into their JSON, where quotes would be escaped. */
function contains(value: unknown, text: string): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some((inner) => contains(inner, text));
  if (typeof value === 'string') return value.toLowerCase().includes(text);
  return typeof value === 'number' && String(value).includes(text);
}

function stateSummaries(visits: readonly StateVisit[]): StateSummary[] {
  const byName = new Map<string, { visits: number; retries: number; status: StateVisit['status'] }>();
  for (const { name, status, retries } of visits) {
    const known = byName.get(name);
    if (!known) byName.set(name, { visits: 1, retries, status });
    else {
      known.visits += 1;
      known.retries += retries;
      // The latest stay counts, but a running or failed one isn't hidden by others that were aborted because of it.
      if (known.status !== 'running' && !(known.status === 'failed' && status === 'aborted')) known.status = status;
    }
  }
  return Array.from(byName, ([name, summary]) => ({ name, ...summary }));
}

function pathsTaken(visits: readonly StateVisit[], from: readonly (string | undefined)[]): PathTaken[] {
  const paths = new Map<string, { from?: string; to: string; times: number }>();
  visits.forEach(({ name: to }, index) => {
    const origin = from[index];
    const key = JSON.stringify([origin, to]);
    const known = paths.get(key);
    if (known) known.times += 1;
    else paths.set(key, { ...(origin !== undefined && { from: origin }), to, times: 1 });
  });
  return Array.from(paths.values());
}
