import type { CacheClient, CredentialProvider } from '@gomomento/sdk';
import { momentoClient, momentoCredentials } from '../../../functions/momento/client';
import { counterItems } from '../../../functions/momento/counter-items';
import { momentoCounterStore } from '../../../functions/momento/store';
import type { SharedClient } from '../../../functions/shared-client';
import { startMomento } from 'stand-ins/momento';
import type { KeyedCounterUnderTest } from '../keyed-counter.contract';

export const cacheName = 'atomic-counter';

export interface KeyedMomento extends KeyedCounterUnderTest {
  readonly client: SharedClient<CacheClient>;
}

/** A Momento that runs, whose increments with a key are tested. */
export function openKeyedMomento(
  credentials: CredentialProvider,
  closeServer = (): Promise<void> => Promise.resolve(),
): KeyedMomento {
  const client = momentoClient(() => Promise.resolve(credentials));
  const store = momentoCounterStore(client, { cacheName });
  return {
    client,
    increment: (id, options) => store.increment(id, options),
    incrementKeyed: (id, increment) => store.incrementKeyed(id, increment),
    read: (id) => store.read(id),
    put: (id, value) => client.use(async (cache) => void (await cache.set(cacheName, id, value))),
    remembered: (id) =>
      client.use(async (cache) => (await counterItems(cache, cacheName, id, 'read').read())?.keys.length ?? 0),
    close: async () => {
      await store.close();
      await closeServer();
    },
  };
}

export async function startKeyedMomento(): Promise<KeyedMomento> {
  const server = await startMomento();
  return openKeyedMomento(momentoCredentials({ host: '127.0.0.1', port: server.port, tls: false }), () =>
    server.close(),
  );
}
