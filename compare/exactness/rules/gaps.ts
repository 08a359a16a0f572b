import { countUpTo, type Epoch, type Observation, type Timeline } from '../timeline';
import { described, type Findings, type Rule } from '../verdict';

/**
 * A value that no increment returned was taken by one of unknown outcome, which had begun before anybody saw the counter
 * there or higher.
 *
 * Who sees the counter at some value sets a deadline for all missing values up to it. Deadlines rise with the values, so
 * there are enough increments of unknown outcome if, for each deadline, as many had begun before it as values are
 * missing up to there (Hall's condition for nested sets).
 */
export function checkGaps({ epochs, unknownInvoked }: Timeline, found: Findings): void {
  let used = 0;
  for (const epoch of epochs) used = checkEpoch(epoch, unknownInvoked, used, found);
}

/** @returns how many of the increments of unknown outcome are used up */
function checkEpoch(epoch: Epoch, unknownInvoked: readonly number[], usedBefore: number, found: Findings): number {
  const taken = [...new Set([...epoch.increments, ...epoch.doubtful].map(({ value }) => value))].sort((a, b) => a - b);
  let used = usedBefore;
  let below = lowestStart(epoch);
  for (const witness of witnesses(epoch.observations)) {
    if (witness.reached <= below) continue;
    const takenHere = countUpTo(taken, witness.reached) - countUpTo(taken, below);
    const missing = witness.reached - below - takenHere;
    const spare = countUpTo(unknownInvoked, witness.completed) - used;
    if (missing > spare) {
      const [from, to] = [below + 1, witness.reached];
      found.add(ruleOf(witness), [witness.operation], () => {
        const values = from === to ? `value ${from} was` : `${missing} of the values from ${from} to ${to} were`;
        return `${values} returned to nobody, and ${spare} unknown outcomes could have taken them, before ${described(witness)}`;
      });
    }
    used += Math.min(missing, spare);
    below = witness.reached;
  }
  return used;
}

/** Those that set a deadline, ascending by the value they saw: each is the first to complete of those that saw as much. */
function witnesses(observations: readonly Observation[]): Observation[] {
  const descending = observations
    .filter(({ reached }) => Number.isFinite(reached))
    .sort((a, b) => b.reached - a.reached || a.completed - b.completed);
  const kept: Observation[] = [];
  for (const observation of descending) {
    if (observation.completed < (kept.at(-1)?.completed ?? Infinity)) kept.push(observation);
  }
  return kept.reverse();
}

/** A reset may leave the start open: then it is as high as what was seen after it allows. */
function lowestStart({ start, highestStart, observations }: Epoch): number {
  return start ?? observations.reduce((lowest, { atMostBefore }) => Math.min(lowest, atMostBefore), highestStart);
}

function ruleOf({ operation }: Observation): Rule {
  switch (operation.result.status) {
    case 'read':
      return 'read';
    case 'limit-reached':
      return 'refusal';
    default:
      return 'gap';
  }
}
