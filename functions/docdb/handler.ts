import { incrementHandler } from '../increment-handler';
import { docdbClient, readDocdbAddress } from './client';
import { docdbCounterStore, requireUniqueIndex } from './increment';

const counters = docdbCounterStore(docdbClient(readDocdbAddress, requireUniqueIndex));

/** Increments a counter in DocumentDB. */
export const handler = incrementHandler({ store: 'docdb', counterStore: () => counters });
