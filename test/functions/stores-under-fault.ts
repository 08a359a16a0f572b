import { CredentialProvider } from '@gomomento/sdk';
import type { CounterStore } from '../../functions/counter-store';
import { docdbClient } from '../../functions/docdb/client';
import { docdbCounterStore, requireUniqueIndex } from '../../functions/docdb/increment';
import { setUpDocdb } from '../../functions/docdb/setup';
import { momentoClient } from '../../functions/momento/client';
import { momentoCounterStore } from '../../functions/momento/increment';
import { redisClient } from '../../functions/redis/client';
import { redisCounterStore } from '../../functions/redis/increment';
import { tidbClient } from '../../functions/tidb/client';
import { tidbCounterStore } from '../../functions/tidb/increment';
import { setUpTidb } from '../../functions/tidb/setup';
import type { EmbeddedStore } from '../../local/stores/embedded-store';
import { startDocdb } from '../../local/stores/docdb';
import { startMomento } from '../../local/stores/momento';
import { startRedis } from '../../local/stores/redis';
import { startTidb } from '../../local/stores/tidb';

/** How to start an embedded store, prepare it, and reach it on any port, such as a proxy's. */
export interface StoreSetup {
  readonly start: () => Promise<EmbeddedStore>;
  /** Does what the setup machine does. */
  readonly prepare: (port: number) => Promise<void>;
  readonly open: (port: number, now?: () => number) => CounterStore;
}

const nothing = (): Promise<void> => Promise.resolve();
const host = '127.0.0.1';

const tidbAddress = (port: number) => ({
  database: 'atomic_counter',
  options: { host, port, user: 'root', password: '' },
});
const docdbAddress = (port: number) => ({ host, port, options: { directConnection: true } });

export const STORES: Record<'redis' | 'momento' | 'docdb' | 'tidb', StoreSetup> = {
  redis: {
    start: startRedis,
    prepare: nothing,
    open: (port, now) => redisCounterStore(redisClient(() => Promise.resolve({ host, port }), now)),
  },
  momento: {
    start: startMomento,
    prepare: nothing,
    open: (port) =>
      momentoCounterStore(
        momentoClient(() => Promise.resolve(CredentialProvider.forMomentoLocal({ hostname: host, port }))),
        { cacheName: 'atomic-counter' },
      ),
  },
  docdb: {
    start: startDocdb,
    prepare: async (port) => {
      const client = docdbClient(() => Promise.resolve(docdbAddress(port)), nothing);
      await setUpDocdb(client);
      await client.close();
    },
    open: (port, now) =>
      docdbCounterStore(docdbClient(() => Promise.resolve(docdbAddress(port)), requireUniqueIndex, now)),
  },
  tidb: {
    start: startTidb,
    prepare: (port) => setUpTidb(tidbAddress(port)),
    open: (port, now) => tidbCounterStore(tidbClient(() => Promise.resolve(tidbAddress(port)), now)),
  },
};
