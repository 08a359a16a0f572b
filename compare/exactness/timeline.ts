import type { History, Operation, Reset } from './history';

/** An operation with its times as numbers: nanoseconds since the first of the history. */
export interface TimedOperation {
  readonly operation: Operation;
  readonly invoked: number;
  /** Infinity where the outcome is unknown: it may still be applied at any time. */
  readonly completed: number;
  /** The epochs that it may have taken effect in: one, but for those that a reset met and those that are unknown. */
  readonly firstEpoch: number;
  readonly lastEpoch: number;
}

/** An increment that was acknowledged, with the value it returned. */
export interface Increment extends TimedOperation {
  readonly value: number;
}

/** What an operation has seen of the counter at some instant while it ran. */
export interface Observation extends TimedOperation {
  /** The counter was at most this before the operation took effect. */
  readonly atMostBefore: number;
  /** The counter had reached this before the operation took effect. */
  readonly reached: number;
  /** The counter was at least this when the operation had taken effect. */
  readonly atLeastAfter: number;
}

/** The time between two resets. */
export interface Epoch {
  /** The value at its begin; undefined where a reset left it open. */
  readonly start: number | undefined;
  /** The highest value that it may have had at its begin. */
  readonly highestStart: number;
  /** Acknowledged increments that surely took effect in it. */
  readonly increments: readonly Increment[];
  /** Acknowledged increments that may have taken effect in it or in another. */
  readonly doubtful: readonly Increment[];
  /** What was surely seen in it. */
  readonly observations: readonly Observation[];
}

/** A history made ready for the rules. */
export interface Timeline {
  readonly epochs: readonly Epoch[];
  readonly increments: readonly Increment[];
  /** When the increments of unknown outcome were invoked, ascending. */
  readonly unknownInvoked: readonly number[];
}

/** Orders a history in time and splits it at its resets. */
export function toTimeline({ operations, resets = [], start = 0 }: History): Timeline {
  const origin = operations.reduce(
    (first, { invokedAt }) => (invokedAt < first ? invokedAt : first),
    firstOf(operations),
  );
  const relative = (time: bigint): number => Number(time - origin);
  const ends = resets.map(({ from, to, value }) => ({ from: relative(from), to: relative(to), value }));

  const timed = operations
    .filter(({ result }) => result.status !== 'not-applied')
    .map((operation): TimedOperation => {
      const invoked = relative(operation.invokedAt);
      const completed = operation.result.status === 'unknown' ? Infinity : relative(operation.completedAt);
      return {
        operation,
        invoked,
        completed,
        firstEpoch: ends.filter(({ to }) => to < invoked).length,
        lastEpoch: ends.filter(({ from }) => from <= completed).length,
      };
    });
  const increments = timed.flatMap((entry) => {
    const { operation, invoked, completed, firstEpoch, lastEpoch } = entry;
    if (operation.result.status !== 'incremented') return [];
    return [{ operation, invoked, completed, firstEpoch, lastEpoch, value: operation.result.counter }];
  });
  const unknownInvoked = timed
    .filter(({ operation }) => operation.result.status === 'unknown')
    .map(({ invoked }) => invoked)
    .sort((a, b) => a - b);

  return { increments, unknownInvoked, epochs: toEpochs({ timed, increments, unknownInvoked, ends, start }) };
}

interface EpochSources {
  readonly timed: readonly TimedOperation[];
  readonly increments: readonly Increment[];
  readonly unknownInvoked: readonly number[];
  readonly ends: readonly { readonly to: number; readonly value: Reset['value'] }[];
  readonly start: number;
}

function toEpochs({ timed, increments, unknownInvoked, ends, start }: EpochSources): Epoch[] {
  const empty = Array.from({ length: ends.length + 1 }, () => ({
    increments: [] as Increment[],
    doubtful: [] as Increment[],
    observations: [] as Observation[],
  }));
  for (const increment of increments) {
    const isSure = increment.firstEpoch === increment.lastEpoch;
    for (const epoch of empty.slice(increment.firstEpoch, increment.lastEpoch + 1)) {
      (isSure ? epoch.increments : epoch.doubtful).push(increment);
    }
  }
  for (const entry of timed) {
    const observation = toObservation(entry);
    if (observation && entry.firstEpoch === entry.lastEpoch) empty[entry.firstEpoch]?.observations.push(observation);
  }

  let highestStart = start;
  return empty.map((epoch, index): Epoch => {
    const before = index === 0 ? { to: -Infinity, value: start } : ends[index - 1];
    const here = before?.value;
    highestStart = here ?? highestStart;
    const made = { ...epoch, start: here, highestStart };
    const end = ends[index]?.to ?? Infinity;
    highestStart += epoch.increments.length + epoch.doubtful.length + countUpTo(unknownInvoked, end);
    return made;
  });
}

function toObservation(entry: TimedOperation): Observation | undefined {
  const { result, max = Infinity } = entry.operation;
  switch (result.status) {
    case 'incremented':
      return observation(entry, result.counter - 1, result.counter - 1, result.counter);
    case 'read':
      return observation(entry, result.counter, result.counter, result.counter);
    case 'limit-reached': {
      const seen = result.counter ?? max;
      return observation(entry, result.counter ?? Infinity, seen, seen);
    }
    case 'not-applied':
    case 'unknown':
      return undefined;
  }
}

/** Field by field: spreading the entry takes half of the time that a long history needs. */
function observation(
  { operation, invoked, completed, firstEpoch, lastEpoch }: TimedOperation,
  atMostBefore: number,
  reached: number,
  atLeastAfter: number,
): Observation {
  return { operation, invoked, completed, firstEpoch, lastEpoch, atMostBefore, reached, atLeastAfter };
}

function firstOf(operations: readonly Operation[]): bigint {
  return operations[0]?.invokedAt ?? 0n;
}

/** How many of the ascending whole numbers are below a bound. */
export function countBelow(ascending: readonly number[], bound: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (Number(ascending[middle]) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the ascending whole numbers are at most a bound. */
export function countUpTo(ascending: readonly number[], bound: number): number {
  return countBelow(ascending, bound + 1);
}
