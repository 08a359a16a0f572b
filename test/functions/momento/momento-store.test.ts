import { type CredentialProvider } from '@gomomento/sdk';
import { momentoClient, momentoCredentials, readMomentoCredentials } from '../../../functions/momento/client';
import { momentoCounterStore } from '../../../functions/momento/store';
import { startMomento } from 'stand-ins/momento';
import {
  type CounterStoreUnderTest,
  describeCounterStore,
  type ForeignValues,
  INTEGERS,
} from '../../counter-store.contract';
import { describeOnRealServer, readAddress } from '../../real-server';

const cacheName = 'atomic-counter';

function openStore(
  credentials: CredentialProvider,
  closeServer = (): Promise<void> => Promise.resolve(),
): CounterStoreUnderTest {
  const client = momentoClient(() => Promise.resolve(credentials));
  const store = momentoCounterStore(client, { cacheName });
  return {
    store,
    put: (id, value) => client.use(async (cache) => void (await cache.set(cacheName, id, value))),
    putForeign: (id, value) => client.use(async (cache) => void (await cache.set(cacheName, id, String(value)))),
    inspect: (id) => client.use(async (cache) => (await cache.get(cacheName, id)).value()),
    close: async () => {
      await store.close();
      await closeServer();
    },
  };
}

const FOREIGN: ForeignValues = {
  counters: [...INTEGERS.counters, ['+7', 7], ['07', 7], ['-0', 0]],
  beyond: ['9007199254740992', '9223372036854775806'],
  others: ['7.5', '5.0', ' 7', '7e0', '', 'seven', '9223372036854775808'],
};

describeCounterStore('embedded Momento', {
  foreign: FOREIGN,
  create: async () => {
    const server = await startMomento();
    const credentials = momentoCredentials({ host: '127.0.0.1', port: server.port, tls: false });
    return openStore(credentials, () => server.close());
  },
});

describeOnRealServer('MOMENTO_URL', (address) => {
  describeCounterStore('the server of MOMENTO_URL', {
    foreign: FOREIGN,
    create: async () => {
      const credentials = await readAddress('momento', address, readMomentoCredentials);
      const client = momentoClient(() => Promise.resolve(credentials));
      await client.use(async (cache) => void (await cache.createCache(cacheName))); // one that exists stays
      await client.close();
      return openStore(credentials);
    },
  });
});
