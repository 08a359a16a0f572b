import { counterHandler } from '../counter-handler';
import { CONNECT_AHEAD_MS } from '../timeouts';
import { readTidbAddress, tidbClient } from './client';
import { tidbCounterStore } from './store';

const client = tidbClient(readTidbAddress);
const counters = tidbCounterStore(client);

/** Increments and reads counters in TiDB. */
export const handler = counterHandler({ store: 'tidb', counterStore: () => counters });

/** Connects while the module loads: `lib/bundling/function.mjs` awaits it. */
export const connectAhead = (): Promise<void> => client.connectAhead(CONNECT_AHEAD_MS);
