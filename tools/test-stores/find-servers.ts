import { isNativeError } from 'node:util/types';
import { parseStoreUrl, type StoreAddress } from '../../local/store-address';
import type { StoreName } from '../../local/store-modules';

/** The servers that the stores' tests look for, and the ports of those in compose.yaml. */
const SERVERS: Readonly<Record<string, { readonly store: StoreName; readonly composeUrl?: string }>> = {
  DYNAMODB_URL: { store: 'dynamo', composeUrl: 'http://127.0.0.1:8000' },
  REDIS_URL: { store: 'redis', composeUrl: 'redis://127.0.0.1:6379' },
  REDIS_TLS_URL: { store: 'redis' },
  MOMENTO_URL: { store: 'momento', composeUrl: 'momento://127.0.0.1:8080' },
  DOCDB_URL: { store: 'docdb', composeUrl: 'mongodb://127.0.0.1:27017' },
  TIDB_URL: { store: 'tidb', composeUrl: 'mysql://root@127.0.0.1:4000/atomic_counter' },
  TIDB_TLS_URL: { store: 'tidb' },
};

export interface Server {
  readonly setting: string;
  /** The address that was tried, if any, without credentials. */
  readonly place: string;
  /** The URL and the server's name and version; absent if none was found. */
  readonly found?: { readonly url: string; readonly is: string };
}

/** Returns a server's name and version; rejects if it doesn't answer. */
export type Probes = Readonly<Record<StoreName, (address: StoreAddress) => Promise<string>>>;

/**
 * Finds the servers that the environment names, and the others at compose.yaml's ports.
 *
 * @throws Error naming the setting when a URL can't be read, or its server doesn't answer
 */
export async function findServers(
  environment: Readonly<Record<string, string | undefined>>,
  probes: Probes,
): Promise<Server[]> {
  return Promise.all(
    Object.entries(SERVERS).map(async ([setting, { store, composeUrl }]): Promise<Server> => {
      const given = environment[setting] || undefined;
      const url = given ?? composeUrl;
      if (url === undefined) return { setting, place: '' };
      const address = parseStoreUrl(store, url);
      const place = `${address.host}:${address.port}`;
      try {
        return { setting, place, found: { url, is: await probes[store](address) } };
      } catch (cause) {
        if (given === undefined) return { setting, place };
        throw new Error(`${setting}: no ${store} that answers at ${place} (${reason(cause)})`, { cause });
      }
    }),
  );
}

/** The innermost cause, in one line: clients wrap the socket's error. */
function reason(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  if (isNativeError(error.cause)) return reason(error.cause);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
  return code.split('\n')[0] ?? '';
}
