import { createConnection } from 'mysql2/promise';
import { type TidbAddress, tidbClient } from '../../../functions/tidb/client';
import { setUpTidb } from '../../../functions/tidb/setup';
import { tidbCounterStore } from '../../../functions/tidb/store';
import { startTidb } from 'stand-ins/tidb';
import type { KeyedCounterUnderTest } from '../keyed-counter.contract';

/** A TiDB or MySQL that runs, whose increments with a key are tested; in the end the database is dropped. */
export async function openKeyedTidb(
  address: TidbAddress,
  closeServer?: () => Promise<void>,
): Promise<KeyedCounterUnderTest> {
  await setUpTidb(address);
  const raw = await createConnection({ ...address.options, database: address.database });
  const client = tidbClient(() => Promise.resolve(address));
  const store = tidbCounterStore(client);
  return {
    increment: (id, options) => store.increment(id, options),
    incrementKeyed: (id, increment) => store.incrementKeyed(id, increment),
    read: (id) => store.read(id),
    put: async (id, value) =>
      void (await raw.execute('INSERT INTO counters (counter_id, counter_value) VALUES (?, ?)', [id, value])),
    remembered: async (id) => {
      const [rows] = await raw.execute('SELECT recent_keys AS found FROM counters WHERE counter_id = ?', [id]);
      return ((rows as { found: string | null }[])[0]?.found ?? '').split('|').length - 1;
    },
    close: async () => {
      await store.close();
      if (closeServer === undefined) await raw.query('DROP DATABASE ??', [address.database]);
      await raw.end();
      await closeServer?.();
    },
  };
}

export async function startKeyedTidb(): Promise<KeyedCounterUnderTest> {
  const server = await startTidb();
  const options = { host: '127.0.0.1', port: server.port, user: 'root', password: '' };
  return openKeyedTidb({ database: 'atomic_counter', options }, () => server.close());
}
