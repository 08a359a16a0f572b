import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { devNull } from 'node:os';
import path from 'node:path';
import { refuse } from '../../lib/configuration';
import { projectRoot } from '../../lib/project-root';
import type { StoreAddress } from '../../local/store-address';
import { EMBEDDED_STORES } from '../../local/store-modules';
import { startStoreThread } from 'template-runtime/worker';
import { namedServers } from '../test-stores/find-servers';
import type { Bench } from './bench';
import type { KeyedStoreName } from './keyed-stores';
import { compared, HOW_COMPARED, type Measurement, type Round } from './measure';

/** What so many clients measured in the process of its own, of a bare client and of the function. */
export interface FunctionMeasurement {
  readonly clients: number;
  readonly rounds: readonly Round<Measurement>[];
}

const STORES: readonly KeyedStoreName[] = ['redis', 'tidb', 'docdb', 'momento'];

/**
 * Compares functions, with their log lines, to the same operations on bare clients, on the servers of `REDIS_URL`, `TIDB_URL`,
 * `DOCDB_URL` and `MOMENTO_URL` if set, else on the embedded stores. The processor time is that of the measuring process,
 * where no store is; its standard output, with the log lines, is the null device.
 */
export async function benchFunctions({ signal, next, table, note }: Bench): Promise<void> {
  const problems: string[] = [];
  const named = await namedServers(STORES, process.env, problems);
  refuse(problems);
  const { add } = table([
    ...['store', 'clients', 'bare CPU µs', 'function', 'function to bare'],
    ...['bare calls/s', 'function', 'function to bare'],
  ]);
  for (const [index, store] of STORES.entries()) {
    next(store, index, STORES.length);
    const own = named[store];
    const thread = own ? undefined : await startStoreThread(EMBEDDED_STORES[store]);
    try {
      const address = own?.address ?? { host: '127.0.0.1', port: thread?.port ?? 0, tls: false };
      for (const { clients, rounds } of await measureFunction(store, address, signal)) {
        add([
          `${store}${own ? '' : ' (embedded)'}`,
          String(clients),
          ...compared(rounds, ({ processorUs }) => processorUs, 1),
          ...compared(rounds, ({ callsPerSecond }) => callsPerSecond, 0),
        ]);
      }
    } finally {
      await thread?.close();
    }
  }
  HOW_COMPARED.forEach(note);
}

/** Measures in a process of its own, whose processor time is the clients' alone. */
export function measureFunction(
  store: KeyedStoreName,
  address: StoreAddress,
  signal: AbortSignal,
): Promise<FunctionMeasurement[]> {
  const measuring = spawn(
    process.execPath,
    [path.join(projectRoot(), 'dist', 'tools', 'bench', 'functions-process.js'), store, JSON.stringify(address)],
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
