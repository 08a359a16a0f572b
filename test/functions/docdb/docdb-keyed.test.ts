import { Long } from 'mongodb';
import { type DocdbAddress, docdbClient, readDocdbAddress } from '../../../functions/docdb/client';
import { setUpDocdb } from '../../../functions/docdb/setup';
import { docdbCounterStore } from '../../../functions/docdb/store';
import { requireUniqueIndex } from '../../../functions/docdb/unique-index';
import { startDocdb } from 'stand-ins/docdb';
import { describeKeyedCounter, type KeyedCounterUnderTest } from '../keyed-counter.contract';
import { describeOnRealServer, readAddress } from '../../real-server';

async function openStore(
  address: DocdbAddress,
  closeServer = (): Promise<void> => Promise.resolve(),
): Promise<KeyedCounterUnderTest> {
  const setup = docdbClient(
    () => Promise.resolve(address),
    () => Promise.resolve(),
  );
  await setUpDocdb(setup);
  await setup.close();
  const client = docdbClient(() => Promise.resolve(address), requireUniqueIndex);
  const store = docdbCounterStore(client);
  return {
    increment: (id, options) => store.increment(id, options),
    incrementKeyed: (id, increment) => store.incrementKeyed(id, increment),
    read: (id) => store.read(id),
    put: (id, value) =>
      client.use(async ({ counters }) => {
        await counters.insertOne({ counter_id: id, atomic_counter: Long.fromString(value) });
      }),
    remembered: (id) =>
      client.use(async ({ counters }) => {
        const document = await counters.findOne({ counter_id: id });
        return ((document?.['keys'] ?? []) as unknown[]).length;
      }),
    close: async () => {
      await store.close();
      await closeServer();
    },
  };
}

describeKeyedCounter('embedded DocumentDB', {
  callers: 16,
  create: async () => {
    const server = await startDocdb();
    const address = { host: '127.0.0.1', port: server.port, options: { directConnection: true } };
    return openStore(address, () => server.close());
  },
});

describeOnRealServer('DOCDB_URL', (address) => {
  describeKeyedCounter('the server of DOCDB_URL', {
    callers: 16,
    create: async () => openStore(await readAddress('docdb', address, readDocdbAddress)),
  });
});
