import { BSON, Decimal128, Double, Int32, Long } from 'mongodb';
import { type DocdbAddress, docdbClient, readDocdbAddress } from '../../../functions/docdb/client';
import { docdbCounterStore } from '../../../functions/docdb/store';
import { requireUniqueIndex } from '../../../functions/docdb/unique-index';
import { setUpDocdb } from '../../../functions/docdb/setup';
import { startDocdb } from 'stand-ins/docdb';
import {
  type CounterStoreUnderTest,
  describeCounterStore,
  type ForeignValues,
  INTEGERS,
} from '../../counter-store.contract';
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
    putForeign: insert,
    inspect: (id) =>
      raw.use(async ({ client }) => {
        const counters = client.db('atomic_counter').collection('counters');
        return BSON.EJSON.stringify(await counters.findOne({ counter_id: id }, { promoteValues: false }), {
          relaxed: false,
        });
      }),
    close: async () => {
      await store.close();
      await raw.close();
      await closeServer();
    },
  };
}

/** An int or a long, whatever else might be a number. */
const FOREIGN: ForeignValues = {
  counters: [
    ...INTEGERS.counters.map(([value, counter]) => [Long.fromString(value), counter] as const),
    ...[-3, 0, 2_147_483_647].map((value) => [new Int32(value), value] as const),
  ],
  beyond: INTEGERS.beyond.map((value) => Long.fromString(value)),
  others: [
    ...INTEGERS.others.map((value) => Long.fromString(value)),
    ...[5.5, 5, -3, 2 ** 53, 1e300, Infinity, -Infinity, NaN].map((value) => new Double(value)),
    ...['5', '5.5', '1E+40', 'NaN'].map((value) => Decimal128.fromString(value)),
    ...['seven', '7', '', null, true, [], [5], {}, new Date(0)],
  ],
};

describeCounterStore('embedded DocumentDB', {
  foreign: FOREIGN,
  create: async () => {
    const server = await startDocdb();
    const address = { host: '127.0.0.1', port: server.port, options: { directConnection: true } };
    return openStore(address, () => server.close());
  },
});

describeOnRealServer('DOCDB_URL', (address) => {
  describeCounterStore('the server of DOCDB_URL', {
    foreign: FOREIGN,
    create: async () => openStore(await readAddress('docdb', address, readDocdbAddress)),
  });
});
