import type { Execution } from '../../step-functions';
import type { StateVisit, StayOrder, StayPage, StayRow } from '../shapes';
import { placesOf, readVisits } from './visits';

/**
 * The stays of an execution for its timeline and its table.
 *
 * @param nowMs where the timeline of a running execution ends
 */
export function stayPage(
  execution: Execution,
  { order, isDescending, from, size }: { order: StayOrder; isDescending: boolean; from: number; size: number },
  nowMs: number,
): StayPage {
  const { visits } = readVisits(execution, execution.history.events);
  const places = placesOf(visits);
  const rows = visits.map((visit, index) => stayRow(visit, places[index]?.visit ?? 0));
  const sign = isDescending ? -1 : 1;
  rows.sort((a, b) => sign * compared(sortKey(a, order, nowMs), sortKey(b, order, nowMs)));
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

function sortKey(row: StayRow, order: StayOrder, nowMs: number): string | number {
  if (order === 'entered') return row.enteredMs;
  if (order === 'duration') return (row.exitedMs ?? nowMs) - row.enteredMs;
  return row[order] ?? '';
}

/** By the order in which they were entered where the keys are equal: sorting is stable. */
function compared(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en');
}
