import { createConnection } from 'mysql2/promise';
import { type TidbAddress, tidbClient } from '../../../functions/tidb/client';
import { tidbCounterStore } from '../../../functions/tidb/increment';
import { setUpTidb } from '../../../functions/tidb/setup';
import { startTidb } from '../../../local/stores/tidb';
import { type CounterStoreUnderTest, describeCounterStore } from '../../counter-store.contract';

async function openStore(address: TidbAddress, closeServer: () => Promise<void>): Promise<CounterStoreUnderTest> {
  await setUpTidb(address);
  const raw = await createConnection({ ...address.options, database: address.database });
  const store = tidbCounterStore(tidbClient(() => Promise.resolve(address)));
  return {
    store,
    put: async (id, value) => void (await raw.execute('INSERT INTO counters VALUES (?, ?)', [id, value])),
    close: async () => {
      await store.close();
      await raw.end();
      await closeServer();
    },
  };
}

describeCounterStore('embedded TiDB', {
  holdsNonNumbers: false,
  create: async () => {
    const server = await startTidb();
    const options = { host: '127.0.0.1', port: server.port, user: 'root', password: '' };
    return openStore({ database: 'atomic_counter', options }, () => server.close());
  },
});

const { TIDB_URL } = process.env;
if (TIDB_URL !== undefined) {
  const { hostname: host, port, username: user, password } = new URL(TIDB_URL);
  describeCounterStore('real TiDB or MariaDB', {
    holdsNonNumbers: false,
    create: () =>
      openStore({ database: `contract_${process.pid}`, options: { host, port: Number(port), user, password } }, () =>
        Promise.resolve(),
      ),
  });
}
