import { incrementHandler } from '../increment-handler';
import { readRedisAddress, redisClient } from './client';
import { redisCounterStore } from './increment';

const counters = redisCounterStore(redisClient(readRedisAddress));

/** Increments a counter in Redis. */
export const handler = incrementHandler({ store: 'redis', counterStore: () => counters });
