import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Mode } from '../../compare/report';
import { projectRoot } from '../../lib/project-root';
import { openStores } from '../../local/open-stores';
import { URL_SETTINGS } from '../../local/store-address';
import type { StoreName } from '../../local/store-modules';
import { synthesize } from '../../local/synthesize';
import { readConfiguration } from '../../lib/configuration';
import { UNMET_LIMITS } from '../unmet-limits';
import { type LatencyProxy, startLatencyProxy } from './latency-proxy';
import type { SystemMessage } from './system-process';

/** The app in a process of its own, as `npm start` runs it, in one mode. */
export type System = Exclude<SystemMessage, { readonly failure: string }> & {
  readonly mode: Mode;
  /** The folder of its cloud assembly. */
  readonly assembly: string;
  close(): Promise<void>;
};

export interface SystemOptions {
  readonly mode: Mode;
  readonly stores: readonly StoreName[];
  /** URLs of real servers by setting, such as `REDIS_URL`. */
  readonly storeUrls: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}

/** What is measured are the stores. */
const SETTINGS = { ...UNMET_LIMITS, MAX_COUNTER_VALUE: String(Number.MAX_SAFE_INTEGER) };

/**
 * Synthesizes the app in a mode and runs it on a free port. A system that runs already is not touched.
 *
 * @throws Error with what the synthesis or the start printed
 */
export async function startSystem({ mode, stores, storeUrls, signal }: SystemOptions): Promise<System> {
  const outputFolder = `cdk.out.compare-${process.pid}-${mode}`;
  const remove = (): Promise<void> => rm(path.join(projectRoot(), outputFolder), { recursive: true, force: true });
  try {
    const assembly = await synthesize({
      outputFolder,
      settings: { ...SETTINGS, STORES: stores.join(','), USE_CONDITIONAL_WRITES: String(mode === 'conditional') },
      ...(signal && { signal }),
    });
    const runtime = fork(path.join(__dirname, 'system-process.js'), [JSON.stringify({ assembly, storeUrls })], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const ended = once(runtime, 'exit');
    const [message] = (await Promise.race([
      once(runtime, 'message'),
      ended.then(([code]) => [{ failure: `the ${mode} system ended with ${code}` }]),
    ])) as [SystemMessage];
    if ('failure' in message) throw new Error(message.failure);
    return {
      ...message,
      mode,
      assembly,
      close: async () => {
        if (runtime.connected) runtime.disconnect();
        await ended;
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Stores that are further away: each behind a proxy that adds a latency. */
export interface DistantStores {
  /** By setting, for a system. */
  readonly urls: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * Starts stores, or takes those that have a URL, and puts a latency in front of each.
 *
 * @throws Error for a server that is spoken to by TLS, whose certificate isn't the proxy's
 */
export async function startDistantStores(
  stores: readonly StoreName[],
  environment: Readonly<Record<string, string | undefined>>,
  latencyMs: number,
): Promise<DistantStores> {
  const { momentoCacheName } = readConfiguration(environment);
  const open = await openStores(stores, { urls: environment, cacheNames: [momentoCacheName] });
  const proxies: LatencyProxy[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(proxies.map((proxy) => proxy.close()));
    await Promise.all(Object.values(open).map((store) => store.close()));
  };
  try {
    const urls: Record<string, string> = {};
    for (const store of stores) {
      const setting = URL_SETTINGS[store];
      const address = open[store]?.address;
      if (!address) continue;
      if (address.tls) throw new Error(`--latency needs a ${setting} without TLS`);
      const proxy = await startLatencyProxy(address, latencyMs);
      proxies.push(proxy);
      const url = new URL(environment[setting] || EMBEDDED_URLS[store]);
      url.host = `127.0.0.1:${proxy.port}`;
      urls[setting] = url.href;
    }
    return { urls, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** How an embedded store is named by URL; its port is the proxy's. */
const EMBEDDED_URLS: Readonly<Record<StoreName, string>> = {
  dynamo: 'http://127.0.0.1:1',
  redis: 'redis://127.0.0.1:1',
  momento: 'momento://127.0.0.1:1',
  docdb: 'mongodb://127.0.0.1:1',
  tidb: 'mysql://root@127.0.0.1:1',
};
