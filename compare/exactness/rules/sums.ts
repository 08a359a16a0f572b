import { countBelow, countUpTo } from '../ascending';
import { limitOf } from '../history';
import { limitPool } from '../limit-pool';
import type { Increment, Observation, Timeline, UnknownIncrement } from '../timeline';
import { described, type Findings } from '../verdict';
import { ruleOf } from './witnesses';

/**
 * Of a counter that is spread over shards, a read sees how many values are taken, and a refusal sees that all are. Which
 * ones says nothing. So the increments that counted, and as many of unknown outcome as it takes, are shared out among the
 * stretches of time between what was seen, ascending, exactly as many to each as the counter rose by.
 *
 * An increment can be in a stretch that begins before it has completed, and ends after it has started: in one of several
 * that follow each other. So it suffices to fill one stretch after the other with those that have to be earliest elsewhere
 * (earliest deadline first), of unknown outcome last. Where one ends before another starts, and yet comes later, the two can
 * change places.
 *
 * What counts after all that was seen has to find a value: no more are taken than the limit. It belongs to the counter, and so
 * do increments that were called with it, unless they are of unknown outcome: any others were turned away.
 */
export function checkSums(timeline: Timeline, found: Findings): void {
  const { epochs, increments } = timeline;
  const [{ start = 0, observations } = { observations: [] }] = epochs;
  const { limit, unknown } = limitOfAll(timeline, start, found);
  for (const increment of increments.filter(({ value }) => value < 1)) {
    found.add('limit', [increment.operation], () => `${described(increment)}, which no shard has`);
  }
  const seen = groupedBySum(observations);
  const waiting = waitingFor(seen, increments, unknown);
  const report = (observation: Observation, why: string): void => {
    found.add(ruleOf(observation), [observation.operation], () => `${described(observation)}, ${why}`);
  };
  for (const { increment, upTo } of waiting.misfits) {
    const last = seen[upTo]?.last;
    if (last) report(last, `though ${described(increment)} after as much was seen before`);
  }

  let taken = start;
  for (const [index, { sum, first, last }] of seen.entries()) {
    while (taken < Math.min(sum, limit) && waiting.take(index)) taken += 1;
    if (taken < sum) report(first, `when no more than ${taken} can have been taken`);
    taken = sum;
    const lost = waiting.dropLast(index);
    if (lost > 0) report(last, `though ${lost} more had been counted before it`);
  }
  const last = seen.at(-1)?.last;
  const later = waiting.dropLast(seen.length);
  if (last && taken + later > limit) report(last, `though ${later} more counted after it`);
}

/** The limit, and those that may have counted below it. What was told decides; else the highest is as good as any. */
function limitOfAll(
  { operations, unknown }: Timeline,
  start: number,
  found: Findings,
): { readonly limit: number; readonly unknown: readonly UnknownIncrement[] } {
  const [first, ...others] = operations.filter(({ operation: { result } }) => {
    return result.status === 'incremented' || result.status === 'limit-reached';
  });
  if (!first) return { limit: unknown.reduce((highest, each) => Math.max(highest, each.limit), start), unknown };
  const limit = limitOf(first.operation);
  for (const other of others) {
    if (limitOf(other.operation) === limit) continue;
    found.add('limit', [first.operation, other.operation], () => {
      return `${described(other)}, though the counter has the limit of ${described(first)}`;
    });
  }
  return { limit, unknown: unknown.filter((each) => each.limit === limit) };
}

/** Increments, each from the first stretch that it can be in to the last; stretch `n` ends with the sum `n` that was seen. */
interface Waiting {
  /** Those that no stretch has room for, with the one that they should end by. */
  readonly misfits: readonly { readonly increment: Increment; readonly upTo: number }[];
  /** Takes one for a stretch, no lower than any before: of those that can be in it, the one that must come first. */
  take(stretch: number): boolean;
  /** Removes those for which a stretch is the last. */
  dropLast(stretch: number): number;
}

function waitingFor(
  seen: readonly Seen[],
  increments: readonly Increment[],
  unknown: readonly UnknownIncrement[],
): Waiting {
  const ends = seen.map(({ first }) => first.completed);
  const begins = seen.map(({ last }) => last.invoked);
  const known = increments.map((increment) => ({
    increment,
    from: countBelow(ends, increment.invoked),
    upTo: countUpTo(begins, increment.completed),
  }));
  const afterAll = seen.length + 1;
  const arrivals = [
    ...known.filter(({ from, upTo }) => from <= upTo),
    ...unknown.map(({ invoked }) => ({ from: countBelow(ends, invoked), upTo: afterAll })),
  ].sort((a, b) => a.from - b.from);

  const pool = limitPool(Array.from({ length: afterAll + 1 }, (_, index) => index));
  let arrived = 0;
  const take = (stretch: number): number | undefined => {
    for (let next = arrivals[arrived]; next && next.from <= stretch; next = arrivals[arrived]) {
      pool.add(next.upTo);
      arrived += 1;
    }
    return pool.take(stretch);
  };
  return {
    misfits: known.filter(({ from, upTo }) => from > upTo),
    take: (stretch) => take(stretch) !== undefined,
    dropLast(stretch) {
      let dropped = 0;
      for (let upTo = take(stretch); upTo !== undefined; upTo = take(stretch)) {
        if (upTo > stretch) {
          pool.add(upTo);
          break;
        }
        dropped += 1;
      }
      return dropped;
    },
  };
}

/** All who saw one sum. */
interface Seen {
  readonly sum: number;
  /** Of those who saw this or more, the one that completed first. */
  first: Observation;
  /** Of those who saw this or less, the one that started last. */
  last: Observation;
}

/** Ascending. */
function groupedBySum(observations: readonly Observation[]): Seen[] {
  const groups = new Map<number, Seen>();
  for (const observation of observations) {
    const sum = observation.reached;
    const group = groups.get(sum) ?? { sum, first: observation, last: observation };
    groups.set(sum, group);
    group.first = firstOf(group.first, observation);
    group.last = lastOf(group.last, observation);
  }
  const ascending = [...groups.values()].sort((a, b) => a.sum - b.sum);
  for (const [index, group] of ascending.entries()) group.last = lastOf(group.last, ascending[index - 1]?.last);
  for (const [index, group] of [...ascending.entries()].reverse()) {
    group.first = firstOf(group.first, ascending[index + 1]?.first);
  }
  return ascending;
}

function firstOf(one: Observation, other = one): Observation {
  return other.completed < one.completed ? other : one;
}

function lastOf(one: Observation, other = one): Observation {
  return other.invoked > one.invoked ? other : one;
}
