import { connect } from 'node:net';
import { EMBEDDED_STORES, type StoreName } from './store-modules';
import { parseStoreUrl, type StoreAddress, URL_SETTINGS } from './store-address';
import { type StoreThread, startStoreThread } from './thread';

/** A store that the runtime uses: embedded in a thread, or a server that the user runs. */
export interface OpenStore {
  readonly address: StoreAddress;
  /** Whether this runtime runs it, and so can stop, start and freeze it. */
  readonly embedded: boolean;
  stop(): Promise<void>;
  start(): Promise<void>;
  freeze(): Promise<void>;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 2000;

export type OpenStores = Readonly<Record<string, OpenStore>>;

export interface OpenStoresOptions {
  /** By name of the setting, such as `REDIS_URL`. */
  readonly urls: Readonly<Record<string, string | undefined>>;
  /** The Momento caches to make. */
  readonly cacheNames: readonly string[];
  /** A folder where the embedded ones keep their data. @default - memory */
  readonly dataDirectory?: string;
}

/**
 * Opens stores: those with a URL where the user runs them, the others embedded, each in a thread of its own.
 *
 * @throws Error naming the setting when a URL can't be read or nothing answers there
 */
export async function openStores(
  names: readonly StoreName[],
  { urls, cacheNames, dataDirectory }: OpenStoresOptions,
): Promise<OpenStores> {
  const given = names.map((name) => ({ name, url: urls[URL_SETTINGS[name]] || undefined }));
  const addresses = given.map(({ name, url }) => (url === undefined ? undefined : parseStoreUrl(name, url)));
  const stores = await Promise.all(
    given.map(async ({ name }, index) => {
      const address = addresses[index];
      if (address) return [name, await ownServer(URL_SETTINGS[name], address)] as const;
      const options = {
        ...(name === 'momento' && { cacheNames }),
        ...(dataDirectory !== undefined && { dataDirectory }),
      };
      return [name, embedded(await startStoreThread({ ...EMBEDDED_STORES[name], options }))] as const;
    }),
  );
  return Object.fromEntries(stores);
}

function embedded(thread: StoreThread): OpenStore {
  return { ...thread, address: { host: '127.0.0.1', port: thread.port, tls: false }, embedded: true };
}

/** @throws Error naming the setting when nothing answers: told at the start rather than by each increment */
async function ownServer(setting: string, address: StoreAddress): Promise<OpenStore> {
  const { host, port } = address;
  const socket = connect({ host, port, timeout: CONNECT_TIMEOUT_MS });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
      socket.once('timeout', () => reject(new Error('timeout')));
    });
  } catch (cause) {
    throw new Error(`${setting}: nothing answers at ${host}:${port}`, { cause });
  } finally {
    socket.destroy();
  }
  const nothing = (): Promise<void> => Promise.resolve();
  return { address, embedded: false, stop: nothing, start: nothing, freeze: nothing, close: nothing };
}
