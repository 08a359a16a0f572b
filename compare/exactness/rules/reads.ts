import { countBelow } from '../ascending';
import type { Epoch, Timeline } from '../timeline';
import { described, type Findings } from '../verdict';

/** A read is at least as high as the number of increments that were acknowledged before it began. */
export function checkReads({ epochs }: Timeline, found: Findings): void {
  for (const epoch of epochs) checkEpoch(epoch, found);
}

function checkEpoch({ start = 0, increments, observations }: Epoch, found: Findings): void {
  const acknowledged = increments.map(({ completed }) => completed).sort((a, b) => a - b);
  for (const observation of observations) {
    const { result } = observation.operation;
    if (result.status !== 'read') continue;
    const before = countBelow(acknowledged, observation.invoked);
    if (result.counter >= start + before) continue;
    found.add('read', [observation.operation], () => {
      const lost = start + before - result.counter;
      return `${described(observation)}, after ${before} acknowledged increments from ${start}: ${lost} are lost`;
    });
  }
}
