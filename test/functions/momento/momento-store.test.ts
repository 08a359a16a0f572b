import { CredentialProvider } from '@gomomento/sdk';
import { momentoClient } from '../../../functions/momento/client';
import { momentoCounterStore } from '../../../functions/momento/increment';
import { startMomento } from '../../../local/stores/momento';
import { describeCounterStore } from '../../counter-store.contract';

const cacheName = 'atomic-counter';

describeCounterStore('embedded Momento', {
  holdsNonNumbers: true,
  create: async () => {
    const server = await startMomento();
    const client = momentoClient(() =>
      Promise.resolve(CredentialProvider.forMomentoLocal({ hostname: '127.0.0.1', port: server.port })),
    );
    const store = momentoCounterStore(client, { cacheName });
    return {
      store,
      put: (id, value) => client.use(async (cache) => void (await cache.set(cacheName, id, value))),
      putNonNumber: (id) => client.use(async (cache) => void (await cache.set(cacheName, id, 'seven'))),
      close: async () => {
        await store.close();
        await server.close();
      },
    };
  },
});
