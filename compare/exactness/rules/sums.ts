import { countBelow, countUpTo } from '../ascending';
import { limitOf } from '../history';
import { limitPool } from '../limit-pool';
import type { Observation, Timeline } from '../timeline';
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
export function checkSums({ epochs, increments, operations, unknown: all }: Timeline, found: Findings): void {
  const told = operations.filter(({ operation: { result } }) => {
    return result.status === 'incremented' || result.status === 'limit-reached';
  });
  const [witness] = told;
  const unknown = witness ? all.filter((each) => each.limit === limitOf(witness.operation)) : all;
  const limit = witness ? limitOf(witness.operation) : Math.max(...all.map((each) => each.limit));
  for (const other of told.filter(({ operation }) => limitOf(operation) !== limit)) {
    found.add('limit', [other.operation], () => `${described(other)}, though the limit of the counter is ${limit}`);
  }
  for (const increment of increments.filter(({ value }) => value < 1)) {
    found.add('limit', [increment.operation], () => `${described(increment)}, which no shard has`);
  }
  const [{ start = 0, observations } = { observations: [] }] = epochs;
  const seen = groupedBySum(observations);
  const ends = seen.map(({ first }) => first.completed);
  const begins = seen.map(({ last }) => last.invoked);
  const arrivals = [
    ...increments.map(({ invoked, completed }) => ({
      from: countBelow(ends, invoked),
      upTo: countUpTo(begins, completed),
    })),
    ...unknown.map(({ invoked }) => ({ from: countBelow(ends, invoked), upTo: seen.length + 1 })),
  ].sort((a, b) => a.from - b.from);

  // By the last stretch that each can be in; of unknown outcome after all.
  const waiting = limitPool(Array.from({ length: seen.length + 2 }, (_, index) => index));
  let arrived = 0;
  let taken = start;
  const admit = (upTo: number): void => {
    for (let next = arrivals[arrived]; next && next.from <= upTo; next = arrivals[arrived]) {
      waiting.add(next.upTo);
      arrived += 1;
    }
  };
  const report = (observation: Observation, why: string): void => {
    found.add(ruleOf(observation), [observation.operation], () => `${described(observation)}, ${why}`);
  };
  for (const [index, { sum, first, last }] of seen.entries()) {
    admit(index);
    while (taken < Math.min(sum, limit) && waiting.take(index) !== undefined) taken += 1;
    if (taken < sum) report(first, `when no more than ${taken} can have been taken`);
    let lost = 0;
    for (let left = waiting.take(index); left !== undefined; left = waiting.take(index)) {
      if (left > index) {
        waiting.add(left);
        break;
      }
      lost += 1;
    }
    if (lost > 0) report(last, `though ${lost} more had been counted before it`);
    taken = sum;
  }
  const last = seen.at(-1);
  admit(seen.length);
  let later = 0;
  while (later < increments.length && waiting.take(seen.length) === seen.length) later += 1;
  if (last && taken + later > limit) report(last.last, `though ${later} more counted after it`);
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
