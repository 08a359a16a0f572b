import { countBelow } from '../ascending';
import type { Epoch, Timeline } from '../timeline';
import { described, type Findings } from '../verdict';

/** An increment adds all or nothing: nobody sees a value between what it counted at and what it returned. */
export function checkStrides({ epochs, hasSteps }: Timeline, found: Findings): void {
  if (hasSteps) for (const epoch of epochs) checkEpoch(epoch, found);
}

function checkEpoch({ increments, observations }: Epoch, found: Findings): void {
  const ascending = [...increments].sort((a, b) => a.before - b.before);
  const lowest = ascending.map(({ before }) => before);
  for (const observation of observations) {
    const { result } = observation.operation;
    if ((result.status !== 'read' && result.status !== 'limit-reached') || result.counter === undefined) continue;
    const passed = ascending[countBelow(lowest, result.counter) - 1];
    if (passed === undefined || passed.value <= result.counter) continue;
    found.add(result.status === 'read' ? 'read' : 'refusal', [passed.operation, observation.operation], () => {
      return `${described(observation)}, though ${described(passed)}, from ${passed.before} at once`;
    });
  }
}
