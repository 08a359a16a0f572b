import { counterHandler } from '../counter-handler';
import { readTidbAddress, tidbClient } from './client';
import { tidbCounterStore } from './store';

const counters = tidbCounterStore(tidbClient(readTidbAddress));

/** Increments and reads counters in TiDB. */
export const handler = counterHandler({ store: 'tidb', counterStore: () => counters });
