import type { Execution } from '../step-functions';
import { executionRow } from './execution-rows';
import type { EventPage, ExecutionDetails, PathTaken, StateSummary, StateVisit, VisitPage } from './shapes';
import { readVisits } from './visits';

export function executionDetails(execution: Execution): ExecutionDetails {
  const { machine, input, output, error, cause, stopMs, history } = execution;
  const { visits, from } = readVisits(execution, history.events);
  return {
    ...executionRow(execution),
    machineArn: machine.arn,
    type: machine.type,
    definition: machine.source.definition,
    input: input.text,
    ...(output && { output: output.text }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
    ...(stopMs !== undefined && { stopMs }),
    events: history.events.length,
    states: stateSummaries(visits),
    path: pathsTaken(visits, from),
  };
}

/** The stays in one state, with what went in and out. */
export function visitPage(execution: Execution, state: string, from: number, size: number): VisitPage {
  const visits = readVisits(execution, execution.history.events).visits.filter(({ name }) => name === state);
  return { visits: visits.slice(from, from + size), total: visits.length };
}

/**
 * The events in which a text stands, in the order in which they happened.
 *
 * @param search looked for in the type, the state's name and the details, in any letter case. @default - all events
 */
export function eventPage(execution: Execution, search: string, from: number, size: number): EventPage {
  const { events } = execution.history;
  const { stateOfEvent } = readVisits(execution, events);
  const text = search.trim().toLowerCase();
  const matching = events.filter(
    ({ id, type, details }) => text === '' || contains([type, stateOfEvent.get(id), details], text),
  );
  return {
    rows: matching.slice(from, from + size).map((event) => {
      const state = stateOfEvent.get(event.id);
      return { ...event, ...(state !== undefined && { state }) };
    }),
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
