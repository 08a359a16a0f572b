import { setupHandler } from '../setup-handler';
import { readTidbAddress } from './client';
import { setUpTidb } from './setup';

/** Creates the database and the table of the counters in TiDB. */
export const handler = setupHandler('tidb', async () => setUpTidb(await readTidbAddress()));
