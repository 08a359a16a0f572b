import type { MeasuredServer } from '../../compare/report';
import { parseStoreUrl, URL_SETTINGS } from '../../local/store-address';
import type { StoreName } from '../../local/store-modules';
import { PROBES } from '../test-stores/probes';

/** What `npm start` embeds. */
const EMBEDDED: Readonly<Record<StoreName, MeasuredServer>> = {
  dynamo: { name: 'dynalite, embedded', kind: 'emulator' },
  redis: { name: 'stand-in for Redis', kind: 'stand-in' },
  momento: { name: 'stand-in for Momento', kind: 'stand-in' },
  docdb: { name: 'stand-in for DocumentDB', kind: 'stand-in' },
  tidb: { name: 'stand-in for TiDB', kind: 'stand-in' },
};

/** Services that nobody else runs: what answers at a URL emulates them. */
const SERVICES: readonly StoreName[] = ['dynamo', 'momento', 'docdb'];

/**
 * What stands behind the names of stores.
 *
 * @throws Error naming the setting of a server that doesn't answer
 */
export async function measuredServers(
  stores: readonly StoreName[],
  urls: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, MeasuredServer>> {
  return Object.fromEntries(
    await Promise.all(
      stores.map(async (store): Promise<[string, MeasuredServer]> => {
        const setting = URL_SETTINGS[store];
        const url = urls[setting];
        if (!url) return [store, EMBEDDED[store]];
        const address = parseStoreUrl(store, url);
        try {
          const name = await PROBES[store](address);
          return [store, { name, kind: SERVICES.includes(store) ? 'emulator' : 'server' }];
        } catch (cause) {
          throw new Error(`${setting}: no ${store} that answers at ${address.host}:${address.port}`, { cause });
        }
      }),
    ),
  );
}
