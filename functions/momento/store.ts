import type { CacheClient } from '@gomomento/sdk';
import type { CounterStore, Operation } from '../counter-store';
import type { Timing } from '../compare-and-set';
import type { SharedClient } from '../shared-client';
import { type Counters, counterItems } from './counter-items';
import { isChannelDoubtful } from './errors';
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

  return {
    increment: (id, { max } = {}) =>
      send('increment', id, (counters, cache) =>
        max === undefined
          ? increment(cache, cacheName, id, counters, timing)
          : incrementBelow(counters, Number(max), strategy, timing),
      ),
    incrementKeyed: (id, keyed) => send('increment', id, (counters) => incrementKeyed(counters, keyed, timing)),
    read: (id) => send('read', id, readCounter),
    close: () => client.close(),
  };
}
