import { countBelow } from '../ascending';
import type { Epoch, Observation, Timeline } from '../timeline';
import { described, type Findings } from '../verdict';

/** A read is at least as high as all that was added by increments that were acknowledged before it began. */
export function checkReads({ epochs }: Timeline, found: Findings): void {
  for (const epoch of epochs) if (epoch.observations.some(isRead)) checkEpoch(epoch, found);
}

function isRead({ operation }: Observation): boolean {
  return operation.result.status === 'read';
}

function checkEpoch({ start = 0, increments, observations }: Epoch, found: Findings): void {
  const byCompletion = [...increments].sort((a, b) => a.completed - b.completed);
  const acknowledged = byCompletion.map(({ completed }) => completed);
  const sums = [0];
  for (const { value, before } of byCompletion) sums.push((sums.at(-1) ?? 0) + value - before);
  for (const observation of observations) {
    const { result } = observation.operation;
    if (result.status !== 'read') continue;
    const before = countBelow(acknowledged, observation.invoked);
    const added = sums[before] ?? 0;
    if (result.counter >= start + added) continue;
    found.add('read', [observation.operation], () => {
      const lost = start + added - result.counter;
      return `${described(observation)}, after ${before} acknowledged increments from ${start}: ${lost} are lost`;
    });
  }
}
