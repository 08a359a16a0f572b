import { isNativeError } from 'node:util/types';
import { refuse } from '../../lib/configuration';
import { type StoreAddress, storeAddress, storeAddresses, URL_SETTINGS } from '../../local/store-address';
import type { StoreName } from '../../local/store-modules';
import { PROBES } from './probes';

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

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds the servers that the environment names, and the others at compose.yaml's ports.
 *
 * @throws ConfigurationError with a line for each part of a URL that can't be used, and for each server named that doesn't answer
 */
export async function findServers(environment: Environment, probes: Probes): Promise<Server[]> {
  const problems: string[] = [];
  const servers = await Promise.all(
    Object.entries(SERVERS).map(async ([setting, { store, composeUrl }]): Promise<Server> => {
      const given = environment[setting] || undefined;
      const url = given ?? composeUrl;
      const address = url === undefined ? undefined : storeAddress(store, url, problems, setting);
      if (url === undefined || !address) return { setting, place: '' };
      const place = `${address.host}:${address.port}`;
      try {
        return { setting, place, found: { url, is: await probes[store](address) } };
      } catch (error) {
        if (given !== undefined) problems.push(unanswered(setting, store, address, error));
        return { setting, place };
      }
    }),
  );
  refuse(problems);
  return servers;
}

/** A server that a setting names, which has answered. */
export interface NamedServer {
  readonly address: StoreAddress;
  /** Its name and version. */
  readonly is: string;
}

/**
 * Asks the servers that the environment names for stores, before they are used for long.
 *
 * @param problems gets the lines that {@link findServers} throws
 */
export async function namedServers(
  stores: readonly StoreName[],
  environment: Environment,
  problems: string[],
  probes: Probes = PROBES,
): Promise<Partial<Record<StoreName, NamedServer>>> {
  const addresses = Object.entries(storeAddresses(stores, environment, problems)) as [StoreName, StoreAddress][];
  const servers: Partial<Record<StoreName, NamedServer>> = {};
  await Promise.all(
    addresses.map(async ([store, address]) => {
      try {
        servers[store] = { address, is: await probes[store](address) };
      } catch (error) {
        problems.push(unanswered(URL_SETTINGS[store], store, address, error));
      }
    }),
  );
  return servers;
}

function unanswered(setting: string, store: StoreName, { host, port }: StoreAddress, error: unknown): string {
  return `${setting}: no ${store} that answers at ${host}:${port} (${reason(error)})`;
}

/** The innermost cause, in one line: clients wrap the socket's error. */
function reason(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  if (isNativeError(error.cause)) return reason(error.cause);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
  return code.split('\n')[0] ?? '';
}
