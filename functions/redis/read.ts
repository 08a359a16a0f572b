import type Redis from 'ioredis';
import { counterValue } from '../counter-store';
import { redisErrors } from './errors';

/**
 * Reads a counter from the primary, which alone is written to. That is the newest value there is, until a failover: the
 * replica that takes over may lack increments that were acknowledged, so nobody promises a strongly consistent read.
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
