import { createConnection } from 'mysql2/promise';
import { readTidbAddress, type TidbAddress, tidbClient } from '../../../functions/tidb/client';
import { tidbCounterStore } from '../../../functions/tidb/store';
import { setUpTidb } from '../../../functions/tidb/setup';
import { startTidb } from 'stand-ins/tidb';
import { type CounterStoreUnderTest, describeCounterStore, INTEGERS } from '../../counter-store.contract';
import { describeOnRealServer, readAddress } from '../../real-server';

async function openStore(address: TidbAddress, closeServer?: () => Promise<void>): Promise<CounterStoreUnderTest> {
  await setUpTidb(address);
  const raw = await createConnection({ ...address.options, database: address.database });
  const store = tidbCounterStore(tidbClient(() => Promise.resolve(address)));
  const insert = async (id: string, value: string): Promise<void> =>
    void (await raw.execute('INSERT INTO counters (counter_id, counter_value) VALUES (?, ?)', [id, value]));
  return {
    store,
    put: insert,
    putForeign: (id, value) => insert(id, String(value)),
    inspect: async (id) => {
      const [rows] = await raw.execute('SELECT CAST(counter_value AS CHAR) FROM counters WHERE counter_id = ?', [id]);
      return rows;
    },
    close: async () => {
      await store.close();
      if (closeServer === undefined) await raw.query('DROP DATABASE ??', [address.database]);
      await raw.end();
      await closeServer?.();
    },
  };
}

describeCounterStore('embedded TiDB', {
  foreign: INTEGERS,
  create: async () => {
    const server = await startTidb();
    const options = { host: '127.0.0.1', port: server.port, user: 'root', password: '' };
    return openStore({ database: 'atomic_counter', options }, () => server.close());
  },
});

for (const setting of ['TIDB_URL', 'TIDB_TLS_URL'] as const) {
  describeOnRealServer(setting, (address) => {
    describeCounterStore(`the server of ${setting}`, {
      foreign: INTEGERS,
      create: async () => {
        const database = `contract_${process.pid}_${setting}`.toLowerCase(); // of its own: it is dropped in the end
        return openStore(await readAddress('tidb', { ...address, database }, readTidbAddress));
      },
    });
  });
}
