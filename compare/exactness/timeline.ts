import { highestBefore, type History, limitOf, type Operation, type Reset, stepOf } from './history';

/** An operation with its times as numbers: nanoseconds since the first of the history. */
export interface TimedOperation {
  readonly operation: Operation;
  readonly invoked: number;
  /** Infinity where the outcome is unknown: it may still be applied at any time. */
  readonly completed: number;
  /** The epochs that it may have taken effect in: one, unless it overlaps a reset or is unknown. */
  readonly firstEpoch: number;
  readonly lastEpoch: number;
}

/** An increment of unknown outcome: it may have been applied at any time since, or never. */
export interface UnknownIncrement {
  readonly invoked: number;
  /** The highest value that it can have written. */
  readonly limit: number;
  readonly by: number;
}

/** An increment that was acknowledged, with the value it returned. */
export interface Increment extends TimedOperation {
  readonly value: number;
  /** What the counter was at before: the values above are its own. */
  readonly before: number;
}

/** What an operation observed of the counter at some instant while it ran. */
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
  /** The value at its start; undefined if a reset left it open. */
  readonly start: number | undefined;
  /** The highest value that it may have had at its start. */
  readonly highestStart: number;
  /** Acknowledged increments that certainly took effect in it. */
  readonly increments: readonly Increment[];
  /** Acknowledged increments that may have taken effect in it or in another. */
  readonly doubtful: readonly Increment[];
  /** What was certainly observed in it. */
  readonly observations: readonly Observation[];
}

/** A history prepared for the rules. */
export interface Timeline {
  readonly epochs: readonly Epoch[];
  /** All operations that may have reached the counter, in the order of recording. */
  readonly operations: readonly TimedOperation[];
  readonly increments: readonly Increment[];
  /** By the time of invocation, ascending. */
  readonly unknown: readonly UnknownIncrement[];
  /** Whether some increment that counted, or may have, added more than one. */
  readonly hasSteps: boolean;
}

/** When the first operation began: times in words are counted from there. */
export function startOf({ operations }: History): bigint {
  return operations.reduce(
    (first, { invokedAt }) => (invokedAt < first ? invokedAt : first),
    operations[0]?.invokedAt ?? 0n,
  );
}

/** Orders a history in time and splits it at its resets. */
export function toTimeline(history: History): Timeline {
  const { operations, resets = [], start = 0, sharded = false } = history;
  const origin = startOf(history);
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
    const value = operation.result.counter;
    return [{ operation, invoked, completed, firstEpoch, lastEpoch, value, before: value - stepOf(operation) }];
  });
  const unknown = timed
    .filter(({ operation }) => operation.result.status === 'unknown' && stepOf(operation) <= limitOf(operation))
    .map(({ operation, invoked }) => ({ invoked, limit: limitOf(operation), by: stepOf(operation) }))
    .sort((a, b) => a.invoked - b.invoked);

  const hasSteps = increments.some(({ value, before }) => value - before > 1) || unknown.some(({ by }) => by > 1);
  const epochs = toEpochs({ timed, increments, unknown, ends, start, observe: sharded ? toSum : toObservation });
  return { operations: timed, increments, unknown, epochs, hasSteps };
}

interface EpochSources {
  readonly timed: readonly TimedOperation[];
  readonly increments: readonly Increment[];
  readonly unknown: readonly UnknownIncrement[];
  readonly ends: readonly { readonly to: number; readonly value: Reset['value'] }[];
  readonly start: number;
  readonly observe: (entry: TimedOperation) => Observation | undefined;
}

function toEpochs({ timed, increments, unknown, ends, start, observe }: EpochSources): Epoch[] {
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
    const observation = observe(entry);
    if (observation && entry.firstEpoch === entry.lastEpoch) empty[entry.firstEpoch]?.observations.push(observation);
  }

  const byLimit = [...unknown].sort((a, b) => a.limit - b.limit);
  let highestStart = start;
  return empty.map((epoch, index): Epoch => {
    const before = index === 0 ? { to: -Infinity, value: start } : ends[index - 1];
    const here = before?.value;
    highestStart = here ?? highestStart;
    const made = { ...epoch, start: here, highestStart };
    const end = ends[index];
    if (end) highestStart = highestEnd(made, byLimit, end.to);
    return made;
  });
}

/**
 * The highest value that the counter may have had when an epoch ended: beyond what was observed, only increments of
 * unknown outcome raise it. They raise it most when those with the lowest limits come first; with steps it may be less, as
 * each is all or nothing.
 */
function highestEnd(
  { highestStart, doubtful, observations }: Omit<Epoch, 'start'>,
  byLimit: readonly UnknownIncrement[],
  end: number,
): number {
  const seen = [...observations.map(({ atLeastAfter }) => atLeastAfter), ...doubtful.map(({ value }) => value)];
  return byLimit
    .filter(({ invoked }) => invoked <= end)
    .reduce(
      (highest, { limit, by }) => Math.max(highest, Math.min(limit, highest + by)),
      seen.reduce((a, b) => Math.max(a, b), highestStart),
    );
}

function toObservation(entry: TimedOperation): Observation | undefined {
  const { result } = entry.operation;
  switch (result.status) {
    case 'incremented':
      return observation(entry, result.counter - stepOf(entry.operation), result.counter);
    case 'read':
      return observation(entry, result.counter, result.counter);
    case 'limit-reached': {
      const least = result.counter ?? highestBefore(entry.operation) + 1;
      return least === -Infinity ? undefined : observation(entry, result.counter ?? Infinity, least, least);
    }
    case 'not-applied':
    case 'unknown':
      return undefined;
  }
}

/** Of a counter that is spread over shards a read, and a refusal, sees how many values are taken; a value says nothing. */
function toSum(entry: TimedOperation): Observation | undefined {
  const { operation } = entry;
  if (operation.result.status === 'incremented') return undefined;
  const isRefused = operation.result.status === 'limit-reached' && operation.result.counter === undefined;
  return isRefused ? observation(entry, limitOf(operation), limitOf(operation)) : toObservation(entry);
}

/** Field by field: spreading the entry would take half of the time on a long history. */
function observation(
  { operation, invoked, completed, firstEpoch, lastEpoch }: TimedOperation,
  atMostBefore: number,
  atLeastAfter: number,
  reached = atMostBefore,
): Observation {
  return { operation, invoked, completed, firstEpoch, lastEpoch, atMostBefore, reached, atLeastAfter };
}
