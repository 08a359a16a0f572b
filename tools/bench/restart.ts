import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startStoreThread } from 'template-runtime/worker';
import { EMBEDDED_STORES, type StoreName } from '../../local/store-modules';
import { UNMET_LIMITS } from '../unmet-limits';
import { OPEN_BARE } from './bare-stores';
import type { Bench } from './bench';
import { countersOf, measure, median, ROUNDS } from './measure';
import { post } from './path';
import { startSystem } from './system';

/** Executions that are kept. */
const EXECUTIONS = 10_000;
const CLIENTS = 16;

/** Writes in one request of the filler. */
const BATCH = 100;

export interface RestartOptions {
  readonly stores: readonly StoreName[];
  /** How many writes each store's folder has seen. */
  readonly calls: number;
  /** @default - 10,000 */
  readonly executions?: number;
}

/**
 * How much longer a start takes with what was kept than an empty one: both by turns, to the first answer. Of the stores, each
 * in its thread; of the whole system, with executions.
 */
export async function benchRestart(
  { stores, calls, executions = EXECUTIONS }: RestartOptions,
  { signal, next, table, note }: Bench,
): Promise<void> {
  const { add } = table(['what is kept', 'empty start ms', 'with it ms', 'more ms', 'in rounds']);
  const all = stores.length + 1;
  for (const [index, store] of stores.entries()) {
    next(`${store}: ${calls.toLocaleString('en-US')} writes`, index, all);
    const starts = await measureStoreRestart(store, calls, signal);
    add(restartRow(`${store}, ${countersOf(calls).toLocaleString('en-US')} counters`, starts));
  }
  next(`${executions.toLocaleString('en-US')} executions`, stores.length, all);
  add(restartRow(`${executions.toLocaleString('en-US')} executions`, await measureSystemRestart(executions, signal)));
  note(
    `medians of ${ROUNDS} rounds by turns; "more" is the median of the rounds' differences, then the lowest and the highest`,
  );
}

/** How long two starts took, one after the other, in milliseconds. */
export interface Starts {
  readonly empty: number;
  readonly kept: number;
}

/** @throws Error where the first answer isn't the one that all the writes lead to */
export async function measureStoreRestart(store: StoreName, calls: number, signal?: AbortSignal): Promise<Starts[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-restart-'));
  const start = async (dataDirectory: string, isNew: boolean): Promise<number> => {
    signal?.throwIfAborted();
    const began = performance.now();
    const thread = await startStoreThread({ ...EMBEDDED_STORES[store], options: { dataDirectory } });
    try {
      const client = await OPEN_BARE[store](thread.port);
      try {
        if (isNew) await client.prepare();
        const counter = await client.increment(`first-${performance.now()}`);
        if (counter !== 1) throw new Error(`the run is invalid: a new counter of ${store} is ${counter}`);
        return performance.now() - began;
      } finally {
        await client.close();
      }
    } finally {
      await thread.close();
    }
  };
  try {
    const full = mkdtempSync(path.join(folder, 'full-'));
    await fill(store, full, calls, signal);
    const starts: Starts[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const empty = await start(mkdtempSync(path.join(folder, 'empty-')), true);
      starts.push({ empty, kept: await start(full, false) });
    }
    return starts;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function fill(store: StoreName, dataDirectory: string, calls: number, signal?: AbortSignal): Promise<void> {
  const thread = await startStoreThread({ ...EMBEDDED_STORES[store], options: { dataDirectory } });
  try {
    const client = await OPEN_BARE[store](thread.port);
    try {
      await client.prepare();
      for (let written = 0; written < calls; written += BATCH) {
        signal?.throwIfAborted();
        const count = Math.min(BATCH, calls - written);
        const ids = Array.from({ length: count }, (_, index) => `counter-${(written + index) % countersOf(calls)}`);
        await client.writeAll(ids);
      }
    } finally {
      await client.close();
    }
  } finally {
    await thread.close();
  }
}

async function measureSystemRestart(executions: number, signal: AbortSignal): Promise<Starts[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-restart-'));
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  try {
    const full = path.join(folder, 'full');
    const filling = await startSystem({ ...UNMET_LIMITS, DATA_DIR: full }, { signal });
    try {
      await measure(() => post(agent, filling.port, 'redis'), CLIENTS, executions, signal);
    } finally {
      await filling.stop();
    }
    const starts: Starts[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const empty = await timeSystem(path.join(folder, `empty-${round}`), 0, signal);
      starts.push({ empty, kept: await timeSystem(full, executions, signal) });
    }
    return starts;
  } finally {
    agent.destroy();
    rmSync(folder, { recursive: true });
  }
}

/** @throws Error where the console doesn't list as many executions at once */
async function timeSystem(DATA_DIR: string, executions: number, signal: AbortSignal): Promise<number> {
  const began = performance.now();
  const system = await startSystem({ ...UNMET_LIMITS, DATA_DIR }, { signal });
  try {
    const response = await fetch(`http://127.0.0.1:${system.port}/console/api/executions`, { signal });
    const { total } = (await response.json()) as { total: number };
    if (total < executions) throw new Error(`the run is invalid: ${total} of ${executions} executions are there`);
    return performance.now() - began;
  } finally {
    await system.stop();
  }
}

export function restartRow(what: string, starts: readonly Starts[]): string[] {
  const differences = starts.map(({ empty, kept }) => kept - empty);
  return [
    what,
    median(starts.map(({ empty }) => empty)).toFixed(0),
    median(starts.map(({ kept }) => kept)).toFixed(0),
    median(differences).toFixed(0),
    `${Math.min(...differences).toFixed(0)}–${Math.max(...differences).toFixed(0)}`,
  ];
}
