import type Redis from 'ioredis';
import { MAX_COUNTER } from '../counter-store';
import { type KeyedIncrement, type KeyedOutcome, keptSeconds, keyHash, slackSeconds } from '../keyed-increment';
import { redisErrors } from './errors';

/**
 * Increments a counter with an idempotency key: one script, one round trip. It goes by the server's clock, so the
 * caller's doesn't matter.
 *
 * The keys of a counter are in two hashes beside it, which expire with the last of them.
 */
export async function incrementKeyed(
  redis: Redis,
  counterKey: string,
  increment: KeyedIncrement,
): Promise<KeyedOutcome> {
  const { key, max = String(MAX_COUNTER), by = 1, sentAt, windowSeconds, cap } = increment;
  const [status, value] = await redis.incrementKeyed(
    counterKey,
    `${counterKey}:young`,
    `${counterKey}:old`,
    keyHash(key),
    String(sentAt),
    max,
    String(cap),
    String(slackSeconds(windowSeconds)),
    String(keptSeconds(windowSeconds)),
    String(by),
  );
  if (status === 'full' || status === 'late') return { status };
  const counter = Number(value);
  if (Number.isSafeInteger(counter)) return { status, counter };
  if (status === 'limit-reached') return { status };
  throw redisErrors.noCounterValue();
}
