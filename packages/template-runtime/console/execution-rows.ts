import type { Execution } from '../step-functions';
import { counterIdOf, outcomeKind, outcomeOf, storeOf } from './outcomes';
import type { ExecutionFilter, ExecutionPage, ExecutionRow } from './shapes';

/** More values than this aren't offered to filter by: clients choose what their inputs say. */
const MOST_CHOICES = 50;

export function executionRow(execution: Execution): ExecutionRow {
  const { arn, name, machine, status, startMs, stopMs } = execution;
  const outcome = outcomeOf(execution);
  const store = storeOf(execution);
  const counterId = counterIdOf(execution);
  return {
    arn,
    name,
    machine: machine.name,
    status,
    kind: outcomeKind(execution),
    startMs,
    ...(stopMs !== undefined && { durationMs: stopMs - startMs }),
    ...(outcome !== undefined && { outcome }),
    ...(store !== undefined && { store }),
    ...(counterId !== undefined && { counterId }),
  };
}

/**
 * One page of the executions that a filter lets pass.
 *
 * @param executions the latest first
 * @param from ARN of the execution that the page begins with, so that new ones don't move it. @default - the latest
 * @returns undefined where `from` is no longer kept
 */
export function executionPage(
  executions: readonly Execution[],
  filter: ExecutionFilter,
  size: number,
  from?: string,
): ExecutionPage | undefined {
  const isMatching = matcher(filter);
  const outcomes = new Set<string>();
  const stores = new Set<string>();
  const page: Execution[] = [];
  let isReached = from === undefined;
  let before = 0;
  let matching = 0;
  for (const execution of executions) {
    choose(outcomes, outcomeOf(execution));
    choose(stores, storeOf(execution));
    isReached ||= execution.arn === from;
    if (!isMatching(execution)) continue;
    matching += 1;
    if (!isReached) before += 1;
    else if (page.length <= size) page.push(execution);
  }
  if (!isReached) return undefined;
  const next = page[size]?.arn;
  return {
    rows: page.slice(0, size).map(executionRow),
    total: executions.length,
    matching,
    before,
    ...(next !== undefined && { next }),
    choices: { outcome: Array.from(outcomes).sort(), store: Array.from(stores).sort() },
  };
}

function choose(values: Set<string>, value: string | undefined): void {
  if (value !== undefined && values.size < MOST_CHOICES) values.add(value);
}

function matcher({ machine, status, outcome, store, search }: ExecutionFilter): (execution: Execution) => boolean {
  const text = search?.trim().toLowerCase();
  return (execution) =>
    (machine === undefined || execution.machine.arn === machine) &&
    (status === undefined || execution.status === status) &&
    (outcome === undefined || outcomeOf(execution) === outcome) &&
    (store === undefined || storeOf(execution) === store) &&
    (text === undefined || text === '' || contains(execution, text));
}

/** @param text in lower case */
function contains({ arn, input, output, error, cause }: Execution, text: string): boolean {
  return [arn, input.text, output?.text, error, cause].some((part) => part?.toLowerCase().includes(text) === true);
}
