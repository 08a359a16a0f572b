import { highestBefore } from '../history';
import type { Timeline } from '../timeline';
import { described, type Findings } from '../verdict';

/**
 * A refusal that returns a counter value returns one that its step would have carried past its limit. When the counter was at that value is
 * checked by the rules for all observations.
 */
export function checkRefusals({ operations }: Timeline, found: Findings): void {
  for (const refusal of operations) {
    const { result } = refusal.operation;
    if (result.status !== 'limit-reached' || result.counter === undefined) continue;
    if (result.counter > highestBefore(refusal.operation)) continue;
    found.add('refusal', [refusal.operation], () => `${described(refusal)}, below its limit`);
  }
}
