import type { Execution } from '../../step-functions';
import type { ExecutionDetails, OutcomeKind, StateVisit } from '../shapes';
import { placesOf } from './visits';

/** Ends as they should be: a limit that holds is no trouble. */
const QUIET: readonly OutcomeKind[] = ['done', 'running', 'refused'];
const ENDED_BADLY: readonly StateVisit['status'][] = ['failed', 'timed-out', 'aborted'];

/**
 * Where to look first, and why the execution didn't do what it was asked: the state that is under way, that fails, that
 * caught the last error, or the last one.
 */
export function focusOf(
  execution: Execution,
  kind: OutcomeKind,
  visits: readonly StateVisit[],
): Pick<ExecutionDetails, 'focus' | 'trouble'> {
  const index = focusIndex(execution.status, visits);
  const place = placesOf(visits)[index];
  const trouble = QUIET.includes(kind) ? undefined : troubleOf(execution, visits[index]);
  return { ...(place && { focus: place }), ...(trouble && { trouble }) };
}

/** Of failing states in one another the innermost says most: it is entered last. */
function focusIndex(status: Execution['status'], visits: readonly StateVisit[]): number {
  const last = (...statuses: readonly StateVisit['status'][]): number =>
    visits.findLastIndex((visit) => statuses.includes(visit.status));
  const candidates =
    status === 'RUNNING' ? [last('running')] : status === 'SUCCEEDED' ? [] : [last('failed'), last(...ENDED_BADLY)];
  const end = visits.findLastIndex(({ depth }) => depth === 0);
  return [...candidates, last('caught'), end].find((index) => index >= 0) ?? -1;
}

function troubleOf(execution: Execution, visit: StateVisit | undefined): ExecutionDetails['trouble'] {
  const { status, output, error, cause } = execution;
  const state = visit !== undefined && visit.error !== undefined ? { state: visit.name } : {};
  if (status !== 'SUCCEEDED') return told({ error, cause }, state) ?? told(visit, state) ?? {};
  const { error: reason } = Object(output?.value) as { readonly error?: unknown };
  return told(visit, state) ?? (typeof reason === 'string' ? { cause: reason } : undefined);
}

function told(
  { error, cause }: { readonly error?: string | undefined; readonly cause?: string | undefined } = {},
  state: { readonly state?: string },
): ExecutionDetails['trouble'] {
  if (error === undefined && cause === undefined) return undefined;
  return { ...state, ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
}
