import { highestBefore, limitOf } from '../history';
import type { Epoch, Timeline } from '../timeline';
import { described, type Findings } from '../verdict';

/** No conditional increment returns more than its limit, and no more are accepted than the limits leave room for. */
export function checkLimit({ epochs, increments }: Timeline, found: Findings): void {
  for (const increment of increments) {
    if (increment.before <= highestBefore(increment.operation)) continue;
    found.add('limit', [increment.operation], () => `${described(increment)} is past its limit`);
  }
  for (const epoch of epochs) checkRoom(epoch, found);
}

function checkRoom({ start = 0, increments }: Epoch, found: Findings): void {
  const conditional = increments
    .filter(({ operation }) => operation.max !== undefined)
    .sort((a, b) => limitOf(a.operation) - limitOf(b.operation) || a.completed - b.completed);
  // Each was accepted below its limit and raised the counter, so what those with the lowest limits add is below the last's.
  let accepted = 0;
  for (const increment of conditional) {
    const room = Math.max(0, limitOf(increment.operation) - start);
    const by = increment.value - increment.before;
    if (accepted + by <= room) {
      accepted += by;
      continue;
    }
    found.add('limit', [increment.operation], () => {
      return `${described(increment)} was accepted beside others that add ${accepted}, with room for ${room} below its limit`;
    });
  }
}
