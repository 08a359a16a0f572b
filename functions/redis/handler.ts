import { counterHandler } from '../counter-handler';
import { readRedisAddress, redisClient } from './client';
import { redisCounterStore } from './store';

const counters = redisCounterStore(redisClient(readRedisAddress));

/** Increments and reads counters in Redis. */
export const handler = counterHandler({ store: 'redis', counterStore: () => counters });
