import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import type { CounterStore } from '../../../functions/counter-store';
import { readTidbAddress } from '../../../functions/tidb/client';
import { startTidb } from 'stand-ins/tidb';
import type { EmbeddedStore } from 'template-runtime/worker';
import { errorOf } from '../../counter-store.contract';
import { describeKeyedCounter } from '../keyed-counter.contract';
import { openKeyedTidb, startKeyedTidb } from './tidb-keyed-store';
import { loopback, STORES } from '../stores-under-fault';
import { describeOnRealServer, readAddress } from '../../real-server';

describeKeyedCounter('embedded TiDB', { create: startKeyedTidb });

describe('a row of TiDB', () => {
  const keyed = { key: 'k', sentAt: Math.floor(Date.now() / 1000), windowSeconds: 60, cap: 10 };
  let server: EmbeddedStore;
  let raw: Connection;
  let store: CounterStore;

  beforeEach(async () => {
    server = await startTidb();
    raw = await createConnection({ ...loopback(server.port), user: 'root' });
    await raw.query('CREATE DATABASE atomic_counter');
    await raw.query('USE atomic_counter');
    store = STORES.tidb.open(loopback(server.port));
  });

  afterEach(async () => {
    await store.close();
    await raw.end();
    await server.close();
  });

  it('of a table that is older than keys counts without one, and with one when setup has run again', async () => {
    await raw.query(
      'CREATE TABLE counters (counter_id VARCHAR(128) COLLATE utf8mb4_bin PRIMARY KEY, counter_value BIGINT NOT NULL)',
    );
    const before = await store.increment('votes');

    const error = await errorOf(store.incrementKeyed('votes', keyed));
    await STORES.tidb.prepare(loopback(server.port));
    const after = [await store.incrementKeyed('votes', keyed), await store.incrementKeyed('votes', keyed)];

    expect(error).toMatchObject({
      name: 'StoreUnavailableError',
      message: 'tidb refused the increment (a column of the table is missing)',
    });
    expect([before, ...after]).toEqual([
      { status: 'incremented', counter: 1 },
      { status: 'incremented', counter: 2 },
      { status: 'replayed', counter: 2 },
    ]);
  });

  it('is no counter with keys where somebody else has written something else beside it', async () => {
    await STORES.tidb.prepare(loopback(server.port));
    await raw.query("INSERT INTO counters (counter_id, counter_value, recent_keys) VALUES ('votes', 1, 'text')");
    await raw.query("UPDATE counters SET keys_floor = 9999999999 WHERE counter_id = 'votes'");

    const error = await errorOf(store.incrementKeyed('votes', keyed));

    expect(error).toMatchObject({
      name: 'StoreUnavailableError',
      message: 'tidb holds something other than idempotency keys beside this counter',
    });
    expect(await store.read('votes')).toBe(1);
  });

  it('forgets old keys where a step passes a multiple of 32 without meeting it', async () => {
    await STORES.tidb.prepare(loopback(server.port));
    const later = { ...keyed, sentAt: keyed.sentAt + 1000, now: () => keyed.sentAt + 1000 };
    await store.incrementKeyed('votes', { ...keyed, key: 'old', by: 30 });

    const outcomes = [
      await store.incrementKeyed('votes', { ...later, key: 'a' }),
      await store.incrementKeyed('votes', { ...later, key: 'b', by: 7 }),
    ];
    const [rows] = await raw.query<RowDataPacket[]>('SELECT CHAR_LENGTH(recent_keys) AS length FROM counters');

    expect(outcomes).toEqual([
      { status: 'incremented', counter: 31 },
      { status: 'incremented', counter: 38 },
    ]);
    expect(rows).toEqual([{ length: 2 * 46 }]);
  });

  it.each(['-9007199254740992', '-9223372036854775808'])(
    'is no counter as %s, with a key or without',
    async (value) => {
      await STORES.tidb.prepare(loopback(server.port));
      await raw.query(`INSERT INTO counters (counter_id, counter_value) VALUES ('votes', ${value})`);

      const error = await errorOf(store.incrementKeyed('votes', keyed));

      expect(error).toMatchObject({ name: 'StoreUnavailableError' });
      const [rows] = await raw.query<RowDataPacket[]>(
        'SELECT CAST(counter_value AS CHAR) AS v, recent_keys AS k FROM counters',
      );
      expect(rows).toEqual([{ v: value, k: null }]);
    },
  );
});

describeOnRealServer('TIDB_URL', (address) => {
  describeKeyedCounter('the server of TIDB_URL', {
    callers: 128,
    create: async () => {
      const database = `keyed_${process.pid}`; // of its own: it is dropped in the end
      return openKeyedTidb(await readAddress('tidb', { ...address, database }, readTidbAddress));
    },
  });
});
