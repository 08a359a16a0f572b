import { countUpTo } from '../ascending';
import { type LimitPool, limitPool } from '../limit-pool';
import type { Epoch, Timeline, UnknownIncrement } from '../timeline';
import { described, type Findings } from '../verdict';
import { ruleOf, witnesses } from './witnesses';
import { checkGapsWithSteps } from './step-gaps';

/**
 * A value that no increment returned was taken by one of unknown outcome, which has no limit below the value, and had
 * started before the counter was observed there or higher.
 *
 * An observation of the counter at some value sets a deadline for all missing values up to it. So the rule is a
 * matching: each missing value needs an increment of its own that started by the value's deadline and may write that
 * much. Deadlines never fall, neither with the values of an epoch nor from one epoch to the next. In this order each
 * value gets, of the increments that started by its deadline, the one with the lowest sufficient limit.
 *
 * This fills as many values as possible. Take a maximum matching that agrees with this choice on all earlier values,
 * and let the choice for the next value be `u`. If `u` has no value in that matching, it can take this one. If it has a
 * later one, the increment that has this value, if any, can swap with it: it started by this deadline, which is no
 * later than the other, and its limit is at least that of `u`, the lowest that suffices here. Either way the matching
 * is as large as before and agrees on one value more. A value that no increment can take stays missing in every
 * matching that agrees so far, since all that have started by then have another value or too low a limit.
 *
 * Within one stretch of values up to the same deadline, once one can't be filled, none above it can. So the search
 * takes a step of O(log n) for each value that was filled or returned, however many are missing.
 *
 * Where increments add more than one, each takes as many values or none: see `step-gaps.ts`.
 */
export function checkGaps(timeline: Timeline, found: Findings): void {
  if (timeline.hasSteps) {
    checkGapsWithSteps(timeline, found);
    return;
  }
  const { epochs, unknown } = timeline;
  const spare = spareIncrements(unknown);
  for (const epoch of epochs) checkEpoch(epoch, spare, found);
}

interface SpareIncrements extends Pick<LimitPool, 'take'> {
  /** Makes available the increments that started no later than a deadline. */
  admit(deadline: number): void;
}

function spareIncrements(unknown: readonly UnknownIncrement[]): SpareIncrements {
  const { add, take } = limitPool(unknown.map(({ limit }) => limit));
  let begun = 0;
  return {
    take,
    admit(deadline) {
      for (let next = unknown[begun]; next && next.invoked <= deadline; next = unknown[begun]) {
        add(next.limit);
        begun += 1;
      }
    },
  };
}

function checkEpoch(epoch: Epoch, spare: SpareIncrements, found: Findings): void {
  const taken = [...new Set([...epoch.increments, ...epoch.doubtful].map(({ value }) => value))].sort((a, b) => a - b);
  let below = lowestStart(epoch);
  for (const witness of witnesses(epoch.observations)) {
    if (witness.reached <= below) continue;
    const takenHere = countUpTo(taken, witness.reached) - countUpTo(taken, below);
    const missing = witness.reached - below - takenHere;
    spare.admit(witness.completed);
    const filled = fill(missingValues(taken, below, witness.reached), spare);
    if (missing > filled) {
      const [from, to] = [below + 1, witness.reached];
      found.add(ruleOf(witness), [witness.operation], () => {
        const values = from === to ? `value ${from} was` : `${missing} of the values from ${from} to ${to} were`;
        return `${values} returned to nobody, and ${filled} unknown outcomes could have taken them, before ${described(witness)}`;
      });
    }
    below = witness.reached;
  }
}

/** @returns how many of the ascending values found an increment, up to the first that found none */
function fill(values: Iterable<number>, spare: SpareIncrements): number {
  let filled = 0;
  for (const value of values) {
    if (spare.take(value) === undefined) break;
    filled += 1;
  }
  return filled;
}

/** The whole numbers above one and up to another that aren't among the ascending ones that were taken. */
function* missingValues(taken: readonly number[], above: number, upTo: number): Generator<number> {
  let next = countUpTo(taken, above);
  for (let value = above + 1; value <= upTo; value += 1) {
    if (taken[next] === value) next += 1;
    else yield value;
  }
}

/** A reset may leave the start open: then it is as high as what was seen after it allows. */
function lowestStart({ start, highestStart, observations }: Epoch): number {
  return start ?? observations.reduce((lowest, { atMostBefore }) => Math.min(lowest, atMostBefore), highestStart);
}
