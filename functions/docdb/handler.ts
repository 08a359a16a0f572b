import { counterHandler } from '../counter-handler';
import { CONNECT_AHEAD_MS } from '../timeouts';
import { docdbClient, readDocdbAddress } from './client';
import { docdbCounterStore } from './store';
import { requireUniqueIndex } from './unique-index';

const client = docdbClient(readDocdbAddress, requireUniqueIndex);
const counters = docdbCounterStore(client);

/** Increments and reads counters in DocumentDB. */
export const handler = counterHandler({ store: 'docdb', counterStore: () => counters });

/** Connects while the module loads: `lib/bundling/function.mjs` awaits it. */
export const connectAhead = (): Promise<void> => client.connectAhead(CONNECT_AHEAD_MS);
