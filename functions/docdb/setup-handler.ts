import { setupHandler } from '../setup-handler';
import { docdbClient, readDocdbAddress } from './client';
import { setUpDocdb } from './setup';

const client = docdbClient(readDocdbAddress, () => Promise.resolve());

/** Creates the unique index of the counters in DocumentDB. */
export const handler = setupHandler('docdb', () => setUpDocdb(client));
