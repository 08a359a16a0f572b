import { type CacheClient, CacheIncrementResponse } from '@gomomento/sdk';
import { MAX_COUNTER, type Outcome, UnknownOutcomeError } from '../counter-store';
import type { Timing } from '../compare-and-set';
import type { Counters } from './counter-items';
import { isNotAnInteger, translateWriteError } from './errors';
import { incrementBelow } from './strategies';

/**
 * Adds one to a counter without a limit.
 *
 * Momento's `increment` alone would pass 2^53−1, beyond which values are no longer exact here; what it then returns is
 * rejected and the counter set back. Any other call that meets such a value is rejected too, whether or not it has been
 * set back yet. To a value too far below zero to be a counter it adds one before this can be checked: unknown.
 */
export async function increment(
  cache: CacheClient,
  cacheName: string,
  id: string,
  counters: Counters,
  timing?: Timing,
): Promise<Outcome> {
  const response = await cache.increment(cacheName, id, 1);
  if (response.type === CacheIncrementResponse.Error) {
    const error = response.innerException();
    // Perhaps there are idempotency keys behind the counter: they are kept until all of them are old.
    if (isNotAnInteger(error)) return incrementBelow(counters, { max: MAX_COUNTER, by: 1 }, 'compare-and-set', timing);
    throw translateWriteError(error);
  }
  const counter = response.value();
  if (counter < -MAX_COUNTER) throw new UnknownOutcomeError('momento holds no counter under this counter id');
  if (counter <= MAX_COUNTER) return { status: 'incremented', counter };
  const found = await counters.read();
  if (found?.counter === MAX_COUNTER && found.text !== String(MAX_COUNTER)) {
    await counters.setIfEqual(String(MAX_COUNTER), found.text);
  }
  return { status: 'limit-reached', counter: MAX_COUNTER };
}
