import { Long } from 'mongodb';
import type { CounterStore } from '../../../functions/counter-store';
import { type DocdbClient, docdbClient, readDocdbAddress } from '../../../functions/docdb/client';
import { docdbCounterStore } from '../../../functions/docdb/store';
import { requireUniqueIndex } from '../../../functions/docdb/unique-index';
import type { SharedClient } from '../../../functions/shared-client';
import type { EmbeddedStore } from 'template-runtime/worker';
import { errorOf } from '../../counter-store.contract';
import { describeKeyedCounter } from '../keyed-counter.contract';
import { openKeyedDocdb, startKeyedDocdb } from './docdb-keyed-store';
import { loopback, STORES } from '../stores-under-fault';
import { describeOnRealServer, readAddress } from '../../real-server';

describeKeyedCounter('embedded DocumentDB', { callers: 16, create: startKeyedDocdb });

describe('what somebody else has written beside a counter in DocumentDB', () => {
  const now = Math.floor(Date.now() / 1000);
  let server: EmbeddedStore;
  let client: SharedClient<DocdbClient>;
  let store: CounterStore;

  beforeAll(async () => {
    server = await STORES.docdb.start();
    await STORES.docdb.prepare(loopback(server.port));
    const address = { ...loopback(server.port), options: { directConnection: true } };
    client = docdbClient(() => Promise.resolve(address), requireUniqueIndex);
    store = docdbCounterStore(client);
  });

  afterAll(async () => {
    await store.close();
    await server.close();
  });

  it.each([['text'], [7], [null], [[7]], [[{ h: 'x' }]], [[{ h: 'x', u: 1.5, v: 'y' }]]])(
    'is no idempotency keys as %j: only a call without a key counts',
    async (keys) => {
      const id = `foreign-${JSON.stringify(keys)}`;
      await client.use(({ counters }) => counters.insertOne({ counter_id: id, atomic_counter: Long.ONE, keys }));

      const error = await errorOf(store.incrementKeyed(id, { key: 'k', sentAt: now, windowSeconds: 60, cap: 10 }));
      const outcome = await store.increment(id);

      expect(error).toMatchObject({
        name: 'StoreUnavailableError',
        message: 'docdb holds something other than idempotency keys beside this counter',
      });
      expect(outcome).toEqual({ status: 'incremented', counter: 2 });
    },
  );
});

describeOnRealServer('DOCDB_URL', (address) => {
  describeKeyedCounter('the server of DOCDB_URL', {
    callers: 16,
    create: async () => openKeyedDocdb(await readAddress('docdb', address, readDocdbAddress)),
  });
});
