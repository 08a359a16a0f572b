import { Long } from 'mongodb';
import { type DocdbAddress, docdbClient } from '../../../functions/docdb/client';
import { docdbCounterStore, requireUniqueIndex } from '../../../functions/docdb/increment';
import { setUpDocdb } from '../../../functions/docdb/setup';
import { startDocdb } from '../../../local/stores/docdb';
import { describeCounterStore } from '../../counter-store.contract';

describeCounterStore('embedded DocumentDB', {
  holdsNonNumbers: true,
  create: async () => {
    const server = await startDocdb();
    const address: DocdbAddress = { host: '127.0.0.1', port: server.port, options: { directConnection: true } };
    const raw = docdbClient(
      () => Promise.resolve(address),
      () => Promise.resolve(),
    );
    await setUpDocdb(raw);
    const store = docdbCounterStore(docdbClient(() => Promise.resolve(address), requireUniqueIndex));
    const insert = (id: string, value: unknown): Promise<void> =>
      raw.use(async ({ client }) => {
        await client.db('atomic_counter').collection('counters').insertOne({ counter_id: id, atomic_counter: value });
      });
    return {
      store,
      put: (id, value) => insert(id, Long.fromString(value)),
      putNonNumber: (id) => insert(id, 'seven'),
      close: async () => {
        await store.close();
        await raw.close();
        await server.close();
      },
    };
  },
});
