import { counterHandler } from '../counter-handler';
import { docdbClient, readDocdbAddress } from './client';
import { docdbCounterStore } from './store';
import { requireUniqueIndex } from './unique-index';

const counters = docdbCounterStore(docdbClient(readDocdbAddress, requireUniqueIndex));

/** Increments and reads counters in DocumentDB. */
export const handler = counterHandler({ store: 'docdb', counterStore: () => counters });
