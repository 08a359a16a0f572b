import { Long } from 'mongodb';
import { type DocdbAddress, docdbClient, readDocdbAddress } from '../../../functions/docdb/client';
import { docdbCounterStore, requireUniqueIndex } from '../../../functions/docdb/increment';
import { setUpDocdb } from '../../../functions/docdb/setup';
import { startDocdb } from '../../../local/stores/docdb';
import { type CounterStoreUnderTest, describeCounterStore } from '../../counter-store.contract';
import { describeOnRealServer, readAddress } from '../../real-server';

async function openStore(
  address: DocdbAddress,
  closeServer = (): Promise<void> => Promise.resolve(),
): Promise<CounterStoreUnderTest> {
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
      await closeServer();
    },
  };
}

describeCounterStore('embedded DocumentDB', {
  holdsNonNumbers: true,
  create: async () => {
    const server = await startDocdb();
    const address = { host: '127.0.0.1', port: server.port, options: { directConnection: true } };
    return openStore(address, () => server.close());
  },
});

describeOnRealServer('DOCDB_URL', (address) => {
  describeCounterStore('the server of DOCDB_URL', {
    holdsNonNumbers: true,
    create: async () => openStore(await readAddress('docdb', address, readDocdbAddress)),
  });
});
