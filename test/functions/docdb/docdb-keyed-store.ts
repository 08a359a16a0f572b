import { Long } from 'mongodb';
import { type DocdbAddress, docdbClient } from '../../../functions/docdb/client';
import { setUpDocdb } from '../../../functions/docdb/setup';
import { docdbCounterStore } from '../../../functions/docdb/store';
import { requireUniqueIndex } from '../../../functions/docdb/unique-index';
import { startDocdb } from 'stand-ins/docdb';
import type { KeyedCounterUnderTest } from '../keyed-counter.contract';

/** A DocumentDB or MongoDB that runs, whose increments with a key are tested. */
export async function openKeyedDocdb(
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

export async function startKeyedDocdb(): Promise<KeyedCounterUnderTest> {
  const server = await startDocdb();
  const address = { host: '127.0.0.1', port: server.port, options: { directConnection: true } };
  return openKeyedDocdb(address, () => server.close());
}
