import type { CacheClient } from '@gomomento/sdk';
import { type CounterStore, MAX_COUNTER, type Operation } from '../counter-store';
import type { Timing } from '../compare-and-set';
import type { SharedClient } from '../shared-client';
import { withSteps } from '../steps';
import { type Counters, counterItems } from './counter-items';
import { isChannelDoubtful, momentoErrors } from './errors';
import { increment } from './increment';
import { incrementKeyed } from './keyed';
import { readCounter } from './read';
import { incrementBelow, type MomentoStrategy } from './strategies';

export interface MomentoCounterStoreOptions {
  readonly cacheName: string;
  /**
   * How a conditional increment is carried out.
   *
   * @default - `compare-and-set`
   */
  readonly strategy?: MomentoStrategy;
  /**
   * The clock and the randomness of the pauses between attempts.
   *
   * @default - the real ones
   */
  readonly timing?: Timing;
}

/**
 * Counters in Momento, each an item of decimal digits under its counter id, so that `increment` and the conditional
 * writes work on the same value. Idempotency keys stand behind it while any is young. Every write extends its life to
 * 24 hours.
 */
export function momentoCounterStore(
  client: SharedClient<CacheClient>,
  { cacheName, strategy = 'compare-and-set', timing }: MomentoCounterStoreOptions,
): CounterStore {
  const send = <Answer>(
    operation: Operation,
    id: string,
    command: (counters: Counters, cache: CacheClient) => Promise<Answer>,
  ): Promise<Answer> =>
    client.use(async (cache) => {
      try {
        return await command(counterItems(cache, cacheName, id, operation), cache);
      } catch (error) {
        if (isChannelDoubtful(error)) client.retire(cache);
        throw error;
      }
    });

  const store: CounterStore = {
    increment: (id, { max, by = 1 } = {}) =>
      send('increment', id, (counters, cache) => {
        if (max !== undefined) return incrementBelow(counters, { max: Number(max), by }, strategy, timing);
        if (by === 1) return increment(cache, cacheName, id, counters, timing);
        // Set back to 2^53−1 after `increment` has passed it, a counter would have lost the room for shorter steps.
        return incrementBelow(counters, { max: MAX_COUNTER, by }, 'compare-and-set', timing);
      }),
    incrementKeyed: (id, keyed) => send('increment', id, (counters) => incrementKeyed(counters, keyed, timing)),
    read: (id) => send('read', id, readCounter),
    close: () => client.close(),
  };
  return withSteps(store, momentoErrors);
}
