import { connect } from 'node:net';
import { EMBEDDED_STORES, type StoreName } from './store-modules';
import { parseStoreUrls, type StoreAddress, URL_SETTINGS } from './store-address';
import { type StoreState, type StoreThread, startStoreThread } from 'template-runtime/worker';

/** A store that the runtime uses: embedded in a thread, or a server that the user runs. */
export interface OpenStore {
  readonly address: StoreAddress;
  /** Whether this runtime runs it, and so can stop, start and freeze it. */
  readonly embedded: boolean;
  stop(): Promise<void>;
  start(): Promise<void>;
  freeze(): Promise<void>;
  /** Undefined for a server of the user. */
  state(): StoreState | undefined;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 2000;

export type OpenStores = Readonly<Record<string, OpenStore>>;

export interface OpenStoresOptions {
  /** By name of the setting, such as `REDIS_URL`. */
  readonly urls: Readonly<Record<string, string | undefined>>;
  /** The Momento caches to create. */
  readonly cacheNames: readonly string[];
  /** A folder where the embedded ones keep their data. @default - memory */
  readonly dataDirectory?: string;
  /**
   * Called after an embedded one whose thread had died has restarted, before the restart is reported. Without a folder
   * it is empty then.
   */
  readonly onRevived?: (name: StoreName) => Promise<void>;
}

/**
 * Opens stores: those with a URL as servers of the user, the others embedded, each in a thread of its own.
 *
 * @throws Error with a line for each store that can't be opened; none is open then
 */
export async function openStores(
  names: readonly StoreName[],
  { urls, cacheNames, dataDirectory, onRevived = () => Promise.resolve() }: OpenStoresOptions,
): Promise<OpenStores> {
  const addresses = parseStoreUrls(names, urls);
  const opening = await Promise.allSettled(
    names.map(async (name) => {
      const address = addresses[name];
      if (address) return [name, await ownServer(URL_SETTINGS[name], address)] as const;
      const options = {
        ...(name === 'momento' && { cacheNames }),
        ...(dataDirectory !== undefined && { dataDirectory }),
      };
      const thread = await startStoreThread(
        { ...EMBEDDED_STORES[name], options },
        {
          onFailure: (error) => console.error(`${error.message}. ${revivalOf(name)}`),
          onRevived: () => onRevived(name),
        },
      );
      return [name, embedded(thread)] as const;
    }),
  );
  const stores = opening.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failures = opening.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  const [first] = failures;
  if (!first) return Object.fromEntries(stores);
  await Promise.all(stores.map(([, store]) => store.close()));
  throw failures.length === 1 ? first : new Error(failures.map(({ message }) => message).join('\n'), { cause: first });
}

function revivalOf(name: StoreName): string {
  return `Start it again: npm run store -- start ${name}`;
}

function embedded(thread: StoreThread): OpenStore {
  return { ...thread, address: { host: '127.0.0.1', port: thread.port, tls: false }, embedded: true };
}

/** @throws Error naming the setting when nothing answers: better at the start than at each increment */
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
  const actions = { stop: nothing, start: nothing, freeze: nothing, close: nothing };
  return { address, embedded: false, ...actions, state: () => undefined };
}
