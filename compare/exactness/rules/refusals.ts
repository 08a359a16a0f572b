import { limitOf, type Timeline } from '../timeline';
import { described, type Findings } from '../verdict';

/**
 * A refusal that tells the counter tells one at the limit or above. What it says of the time when the counter was there is
 * up to the rules for everything that was seen.
 */
export function checkRefusals({ operations }: Timeline, found: Findings): void {
  for (const refusal of operations) {
    const { result } = refusal.operation;
    if (result.status !== 'limit-reached' || result.counter === undefined) continue;
    if (result.counter >= limitOf(refusal.operation)) continue;
    found.add('refusal', [refusal.operation], () => `${described(refusal)}, below its limit`);
  }
}
