import type Redis from 'ioredis';
import { MAX_COUNTER, UnknownOutcomeError } from '../counter-store';
import { type KeyedIncrement, type KeyedOutcome, keptSeconds, keyHash, slackSeconds } from '../keyed-increment';

/**
 * Increments a counter with an idempotency key: one script, one round trip. Times are measured by the server's clock, so the
 * caller's is of no matter.
 *
 * The keys of a counter are in two hashes beside it, which expire with the last of them. In a cluster the braces in the
 * counter's key keep all three on one server.
 */
export async function incrementKeyed(redis: Redis, key: string, increment: KeyedIncrement): Promise<KeyedOutcome> {
  const { max = String(MAX_COUNTER), sentAt, windowSeconds, cap } = increment;
  const [status, value] = await redis.incrementKeyed(
    key,
    `${key}:young`,
    `${key}:old`,
    keyHash(increment.key),
    String(sentAt),
    max,
    String(cap),
    String(slackSeconds(windowSeconds)),
    String(keptSeconds(windowSeconds)),
  );
  if (status === 'full' || status === 'late') return { status };
  const counter = Number(value);
  if (Number.isSafeInteger(counter)) return { status, counter };
  if (status === 'limit-reached') return { status };
  throw new UnknownOutcomeError('redis answered with no counter value');
}
