import type { Execution } from '../../step-functions';
import type { SortOrder, StateVisit, StayPage, StayRow, StaySort } from '../shapes';
import { comparing, type SortValue } from '../sorting';
import { placesOf, readVisits } from './visits';

/**
 * The stays of an execution for its timeline and its table.
 *
 * @param nowMs where the timeline of a running execution ends
 */
export function stayPage(
  execution: Execution,
  { sort, order, from, size }: { sort: StaySort; order: SortOrder; from: number; size: number },
  nowMs: number,
): StayPage {
  const { visits } = readVisits(execution, execution.history.events);
  const places = placesOf(visits);
  const rows = visits.map((visit, index) => stayRow(visit, places[index]?.visit ?? 0));
  // Where the keys are equal, by the order in which they were entered: sorting is stable.
  rows.sort(comparing((row) => sortKey(row, sort, nowMs), order));
  return {
    rows: rows.slice(from, from + size),
    total: rows.length,
    before: from,
    fromMs: execution.startMs,
    toMs: execution.stopMs ?? nowMs,
  };
}

function stayRow(stay: StateVisit, visit: number): StayRow {
  const { name: state, type, status, enteredMs, exitedMs, retries, attempts, resource, depth, iteration, error } = stay;
  return {
    ...{ state, visit, type, status, enteredMs, retries, attempts, depth },
    ...(exitedMs !== undefined && { exitedMs }),
    ...(resource !== undefined && { resource }),
    ...(iteration !== undefined && { iteration }),
    ...(error !== undefined && { error }),
  };
}

function sortKey(row: StayRow, sort: StaySort, nowMs: number): SortValue {
  if (sort === 'entered') return row.enteredMs;
  if (sort === 'duration') return (row.exitedMs ?? nowMs) - row.enteredMs;
  return row[sort];
}
