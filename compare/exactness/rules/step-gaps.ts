import { countUpTo } from '../ascending';
import { type Gap, tiling } from '../tiling';
import type { Epoch, Observation, Timeline, UnknownIncrement } from '../timeline';
import { described, type Findings } from '../verdict';
import { ruleOf, witnesses } from './witnesses';

/** A gap, and who saw the counter beyond it or in it. */
interface SeenGap extends Gap {
  /** Ascending by the value that they saw. */
  readonly seen: readonly Observation[];
}

/** Tries for each gap by itself, and for all together, which take about a second at most. */
const MOST_TRIES = { alone: 10_000, together: 500_000 } as const;

/**
 * The rule of `gaps.ts` where increments add more than one: what lies between two values that the counter is known to have
 * had, and is nobody's own, was taken by increments of unknown outcome, which fill it exactly. A refusal that doesn't tell
 * the counter knows no value: above the highest that is known, they only need to reach what it met.
 *
 * Decided is each gap by itself, then whether all that they add is enough for all gaps up to each, then all gaps together.
 * The last is exact where all unknown outcomes have one step. Where they have several, it is a search, which says nothing
 * where it would take too long (`tiling.ts`).
 */
export function checkGapsWithSteps({ epochs, unknown }: Timeline, found: Findings): void {
  const { fill } = tiling(unknown);
  const addedBy = sumsByStart(unknown);
  const report: Report = (gap, at) => {
    const witness = gap.seen.find(({ reached }) => reached > at);
    if (!witness) return;
    found.add(ruleOf(witness), [witness.operation], () => {
      const [from, to] = [gap.from + 1, Math.min(gap.to, witness.reached)];
      const values = from === to ? `value ${from} was` : `the values from ${from} to ${to} were`;
      return `${values} returned to nobody, and no unknown outcomes could have taken just them, before ${described(witness)}`;
    });
  };

  let missing = 0;
  const left = epochs
    .flatMap((epoch) => gapsOf(epoch, addedBy, report))
    .filter((gap) => {
      const stuck = fill([gap], MOST_TRIES.alone);
      if (stuck) report(gap, stuck.at);
      return !stuck;
    })
    .filter((gap) => {
      const isEnough = missing + sizeOf(gap) <= addedBy(gap.deadlineAt(gap.to - 1));
      if (isEnough) missing += sizeOf(gap);
      else report(gap, gap.to - 1);
      return isEnough;
    });
  for (let stuck = fill(left, MOST_TRIES.together); stuck; stuck = fill(left, MOST_TRIES.together)) {
    const [gap] = left.splice(stuck.index, 1);
    if (gap) report(gap, stuck.at);
  }
}

type Report = (gap: SeenGap, at: number) => void;

/** What increments of unknown outcome have to take of a gap, at least. */
function sizeOf({ from, to, doubtful }: Gap): number {
  let size = to - from;
  for (const [before, values] of doubtful) {
    for (const value of values) if (before >= from && before < to) size -= value - before;
  }
  return Math.max(0, size);
}

/** What all increments add that started by a time. */
function sumsByStart(unknown: readonly UnknownIncrement[]): (deadline: number) => number {
  const starts = unknown.map(({ invoked }) => invoked);
  const sums = [0];
  for (const { by } of unknown) sums.push((sums.at(-1) ?? 0) + by);
  return (deadline) => sums[countUpTo(starts, deadline)] ?? 0;
}

/** A stretch of values; of none where the counter is only known to have been at one. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

function gapsOf(epoch: Epoch, addedBy: (deadline: number) => number, report: Report): SeenGap[] {
  const { start, highestStart, increments, doubtful, observations } = epoch;
  const seen = witnesses(observations);
  const ends = groupedByBefore(doubtful);
  const gap = (from: number, to: number, isOpen = false): SeenGap => ({
    from,
    to,
    isOpen,
    seen,
    doubtful: ends,
    deadlineAt: (value) => firstToSee(seen, value)?.completed ?? Infinity,
  });
  const known: Stretch[] = [
    ...increments.map(({ before, value }) => ({ from: before, to: value })),
    ...observations.filter(isOfOneValue).map(({ reached }) => ({ from: reached, to: reached })),
  ].sort((a, b) => a.from - b.from);

  const gaps: SeenGap[] = [];
  let at = start ?? known[0]?.from;
  const highest = seen.at(-1)?.reached ?? -Infinity;
  if (start === undefined) {
    // A reset that left the start open: it is as high as what was seen after it allows, or so low that a gap fits.
    const below = gap(highestStart, at ?? highest, true);
    if (sizeOf(below) > addedBy(below.deadlineAt(below.to - 1))) report(below, below.to - 1);
  }
  if (at === undefined) return gaps;
  for (const { from, to } of known) {
    if (from > at) gaps.push(gap(at, from));
    at = Math.max(at, to);
  }
  if (highest > at) gaps.push(gap(at, highest, true));
  return gaps;
}

function groupedByBefore(increments: Epoch['doubtful']): Map<number, number[]> {
  const ends = new Map<number, number[]>();
  for (const { before, value } of increments) ends.set(before, [...(ends.get(before) ?? []), value]);
  return ends;
}

/** Whether it saw the very value of the counter. */
function isOfOneValue({ operation: { result } }: Observation): boolean {
  return result.status === 'read' || (result.status === 'limit-reached' && result.counter !== undefined);
}

/** Who first saw the counter above a value, of observations ascending in what they saw. */
function firstToSee(seen: readonly Observation[], value: number): Observation | undefined {
  let [low, high] = [0, seen.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((seen[middle]?.reached ?? Infinity) <= value) low = middle + 1;
    else high = middle;
  }
  return seen[low];
}
