import { counterHandler } from '../counter-handler';
import { CONNECT_AHEAD_MS } from '../timeouts';
import { readRedisAddress, redisClient } from './client';
import { redisCounterStore } from './store';

const client = redisClient(readRedisAddress);
const counters = redisCounterStore(client);

/** Increments and reads counters in Redis. */
export const handler = counterHandler({ store: 'redis', counterStore: () => counters });

/** Connects while the module loads: `lib/bundling/function.mjs` awaits it. */
export const connectAhead = (): Promise<void> => client.connectAhead(CONNECT_AHEAD_MS);
