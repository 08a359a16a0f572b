import { incrementHandler } from '../increment-handler';
import { readTidbAddress, tidbClient } from './client';
import { tidbCounterStore } from './increment';

const counters = tidbCounterStore(tidbClient(readTidbAddress));

/** Increments a counter in TiDB. */
export const handler = incrementHandler({ store: 'tidb', counterStore: () => counters });
