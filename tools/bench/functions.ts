import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { devNull } from 'node:os';
import path from 'node:path';
import { refuse } from '../../lib/configuration';
import { projectRoot } from '../../lib/project-root';
import { EMBEDDED_STORES } from '../../local/store-modules';
import { startStoreThread } from 'template-runtime/worker';
import { namedServers } from '../test-stores/find-servers';
import type { Bench } from './bench';
import type { Pair } from './measure';

/** One row of the table, as the measuring process reports it. */
export interface FunctionMeasurement extends Pair {
  readonly clients: number;
}

/** The measuring process's instructions. */
export interface FunctionTarget {
  readonly store: 'redis' | 'tidb';
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

/**
 * Compares functions, with their log lines, to bare client operations, on `REDIS_URL` and `TIDB_URL` if set, else on
 * the embedded stores. The measuring process's standard output, with the log lines, is the null device.
 */
export async function benchFunctions({ signal, next, table }: Bench): Promise<void> {
  const stores = ['redis', 'tidb'] as const;
  const problems: string[] = [];
  const named = await namedServers(stores, process.env, problems);
  refuse(problems);
  const { add } = table(['store', 'clients', 'function calls/s', 'bare calls/s', 'time, function to bare']);
  for (const [index, store] of stores.entries()) {
    next(store, index, stores.length);
    const own = named[store];
    const thread = own ? undefined : await startStoreThread(EMBEDDED_STORES[store]);
    try {
      const target = { store, ...(own?.address ?? { host: '127.0.0.1', port: thread?.port ?? 0 }) };
      for (const { clients, ours, bare, ratio } of await measureApart(target, signal)) {
        add([
          `${store}${own ? '' : ' (embedded)'}`,
          String(clients),
          ours.callsPerSecond.toFixed(0),
          bare.callsPerSecond.toFixed(0),
          ratio.toFixed(2),
        ]);
      }
    } finally {
      await thread?.close();
    }
  }
}

function measureApart(target: FunctionTarget, signal: AbortSignal): Promise<FunctionMeasurement[]> {
  const measuring = spawn(
    process.execPath,
    [path.join(projectRoot(), 'dist', 'tools', 'bench', 'functions-process.js'), JSON.stringify(target)],
    { stdio: ['ignore', openSync(devNull, 'w'), 'inherit', 'ipc'] },
  );
  const stop = (): boolean => measuring.kill();
  signal.addEventListener('abort', stop);
  measuring.once('close', () => signal.removeEventListener('abort', stop));
  return new Promise((resolve, reject) => {
    measuring.once('message', (measurements) => resolve(measurements as FunctionMeasurement[]));
    measuring.once('error', reject);
    measuring.once('close', (code) => reject(new Error(`the measuring process ended with ${code}`)));
  });
}
