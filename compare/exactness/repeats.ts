import type { History, Operation } from './history';

/** A call and its repeats: all that carried one key. */
export interface KeyedCalls {
  readonly key: string;
  /** By when they were invoked. */
  readonly calls: readonly Operation[];
  /** What they returned, each value once, ascending. */
  readonly values: readonly number[];
  /** Repeats that met the limit, though they began after another call with the key had counted. */
  readonly refusedLater: readonly Operation[];
}

/** The calls that carry a key, by their keys. */
export function keyedCalls({ operations }: History): KeyedCalls[] {
  const groups = new Map<string, Operation[]>();
  for (const operation of operations) {
    if (operation.key !== undefined) groups.set(operation.key, [...(groups.get(operation.key) ?? []), operation]);
  }
  return Array.from(groups, ([key, group]) => {
    const calls = [...group].sort((a, b) => Number(a.invokedAt - b.invokedAt));
    const counted = firstCompletion(calls.filter(isIncremented));
    return {
      key,
      calls,
      values: [
        ...new Set(calls.flatMap(({ result }) => (result.status === 'incremented' ? [result.counter] : []))),
      ].sort((a, b) => a - b),
      refusedLater: calls.filter(({ result, invokedAt }) => {
        return result.status === 'limit-reached' && counted !== undefined && invokedAt > counted;
      }),
    };
  });
}

/**
 * The history as it is where every key counts once: an operation for all calls of a key, which returned the lowest of their
 * values. It took effect after the first of them was invoked, and before any of them told so. What else they were answered
 * says nothing of the counter: a refusal may have met the first call under way.
 */
export function withoutRepeats(history: History): History {
  const unkeyed = history.operations.filter(({ key }) => key === undefined);
  return { ...history, operations: [...unkeyed, ...keyedCalls(history).flatMap(asOne)] };
}

function asOne({ calls, values: [counter] }: KeyedCalls): Operation[] {
  const [first] = calls;
  const completedAt = firstCompletion(calls.filter(isIncremented));
  if (first && counter !== undefined && completedAt !== undefined) {
    return [{ ...first, completedAt, result: { status: 'incremented', counter } }];
  }
  const unknown = calls.find(({ result }) => result.status === 'unknown');
  return [...(unknown ? [unknown] : []), ...calls.filter(({ result }) => result.status === 'limit-reached')];
}

const isIncremented = ({ result }: Operation): boolean => result.status === 'incremented';

function firstCompletion(calls: readonly Operation[]): bigint | undefined {
  return calls
    .map(({ completedAt }) => completedAt)
    .reduce<bigint | undefined>((first, time) => (first === undefined || time < first ? time : first), undefined);
}
