import type Redis from 'ioredis';
import { counterValue } from '../counter-store';
import { redisErrors } from './errors';

/**
 * Reads a counter from the primary, the only node that takes writes. That is the newest value, until a failover: the
 * replica that takes over may lack acknowledged increments, so strong consistency is not guaranteed.
 * Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Durability.Consistency.html (asynchronous writes)
 *
 * @param key the counter's key
 * @throws StoreUnavailableError when it holds no whole number
 */
export async function readCounter(redis: Redis, key: string): Promise<number> {
  const counter = counterValue((await redis.get(key)) ?? '0');
  if (counter === undefined) throw redisErrors.notACounter();
  return counter;
}
