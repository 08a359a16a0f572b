import type Redis from 'ioredis';
import { MAX_COUNTER, type Outcome, UnknownOutcomeError } from '../counter-store';
import { isNotANumber, redisErrors } from './errors';

/**
 * Adds one to a counter without a limit.
 *
 * INCR alone would pass 2^53−1, beyond which values are no longer exact here; such a result is rejected and the counter
 * set back. No value beyond 2^53−1 is ever returned: any other call that meets one is rejected too, whether or not the
 * counter has been set back yet. INCR would also increment a value that somebody has set below -(2^53−1), where no
 * counter is: that increment is undone.
 */
export async function increment(redis: Redis, key: string): Promise<Outcome> {
  const answer = await redis.incr(key).catch(async (error: unknown) => {
    // INCR refuses a text and a number that is too large with the same message; the latter means that the limit is
    // reached.
    if (isNotANumber(error) && (await isSetBack(redis, key))) return String(MAX_COUNTER + 1);
    throw error;
  });
  const counter = Number(answer); // a text: see the client's stringNumbers
  if (counter <= -MAX_COUNTER) {
    await redis.takeBack(key).catch((error: unknown) => {
      throw new UnknownOutcomeError('redis did not undo an increment', { cause: error });
    });
    throw redisErrors.notACounter();
  }
  if (counter <= MAX_COUNTER) return { status: 'incremented', counter };
  await isSetBack(redis, key);
  return { status: 'limit-reached', counter: MAX_COUNTER };
}

/** Whether the counter stood above the largest value and has been set back. If that fails, the next call does it. */
async function isSetBack(redis: Redis, key: string): Promise<boolean> {
  const isSet = await redis.clamp(key).catch(() => '0');
  return isSet === '1';
}

/**
 * Adds `by` to a counter if there is room for it up to `max`. A longer step than one needs this without a limit too:
 * set back to 2^53−1 after INCRBY has passed it, a counter would have lost the room that there was for shorter steps.
 *
 * @param by not above `max`
 */
export async function incrementBelow(redis: Redis, key: string, max: number, by: number): Promise<Outcome> {
  const [incremented, value] = await redis.incrementBelow(key, String(max), String(by));
  const counter = Number(value);
  if (incremented === '1') return { status: 'incremented', counter };
  return Number.isSafeInteger(counter) ? { status: 'limit-reached', counter } : { status: 'limit-reached' };
}
