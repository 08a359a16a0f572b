import { type CacheClient, CacheIncrementResponse } from '@gomomento/sdk';
import { type CounterStore, MAX_COUNTER, type Operation, type Outcome, UnknownOutcomeError } from '../counter-store';
import type { SharedClient } from '../shared-client';
import { type Counters, counterItems } from './counter-items';
import { isChannelDoubtful, translateWriteError } from './errors';
import { readCounter } from './read';
import { incrementBelow, type MomentoStrategy, type Timing } from './strategies';

export interface MomentoCounterStoreOptions {
  readonly cacheName: string;
  /**
   * How a conditional increment is made.
   *
   * @default - `compare-and-set`
   */
  readonly strategy?: MomentoStrategy;
  /**
   * The clock and the chance of the pauses between attempts.
   *
   * @default - the real ones
   */
  readonly timing?: Timing;
}

/**
 * Counters in Momento, an item of decimal digits under the counter id each, so that `increment` and the conditional
 * writes work on the same value. Every write keeps it for 24 hours more.
 *
 * `increment` alone would pass 2^53−1, beyond which values are no longer exact here; what it then returns is refused and
 * the counter set back. Of what stands too far below zero to be a counter it adds one before anybody can tell: unknown. Whoever meets it there is refused too, whether or not it has been set back already.
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
          ? increment(cache, cacheName, id, counters)
          : incrementBelow(counters, Number(max), strategy, timing),
      ),
    read: (id) => send('read', id, readCounter),
    close: () => client.close(),
  };
}

async function increment(cache: CacheClient, cacheName: string, id: string, counters: Counters): Promise<Outcome> {
  const response = await cache.increment(cacheName, id, 1);
  if (response.type === CacheIncrementResponse.Error) throw translateWriteError(response.innerException());
  const counter = response.value();
  if (counter < -MAX_COUNTER) throw new UnknownOutcomeError('momento holds no counter under this counter id');
  if (counter <= MAX_COUNTER) return { status: 'incremented', counter };
  const found = await counters.read();
  if (found?.counter === MAX_COUNTER && found.text !== String(MAX_COUNTER)) {
    await counters.setIfEqual(String(MAX_COUNTER), found.text);
  }
  return { status: 'limit-reached', counter: MAX_COUNTER };
}
