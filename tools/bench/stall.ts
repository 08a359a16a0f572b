import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startStoreThread, type StoreThread } from 'template-runtime/worker';
import { EMBEDDED_STORES, type StoreName } from '../../local/store-modules';
import { OPEN_BARE } from './bare-stores';
import type { Bench } from './bench';
import { PacedCaller, type PacedFigures, STALL_MS } from './paced-caller';
import { type ThreadFigures, watchedStore } from './watched-store';

/** Counters that one request of the filler writes: few, as a call that waits behind them is no stall. */
const BATCH = 20;

/** How many counters a store gets to have. A batch of these two takes longer: a million would take an hour. */
const KEYS: Readonly<Partial<Record<StoreName, number>>> = { dynamo: 50_000, momento: 300_000 };
const MOST_KEYS = 1_000_000;

/** What a run is told in. */
const PARTS = 10;

/** How long the caller goes on when all is written, for a rewrite of the journal that is under way. */
const AFTER_MS = 3000;

export interface StallOptions {
  readonly stores: readonly StoreName[];
  /** How many counters there get to be; half of them are written twice. @default - a million, or what takes minutes */
  readonly keys?: number | undefined;
}

/** What one store did while it was filled. */
export interface Stall extends PacedFigures, ThreadFigures {
  readonly fillSeconds: number;
  /** From the start of its thread to the first answer, with all that there is in its folder. */
  readonly restartMs: number;
}

/**
 * How long a store lets a caller wait while it gets large: one caller every two milliseconds, in a thread of its own, to the
 * store that is filled and to one like it that nobody else calls. First in memory, then with its data kept in a folder.
 */
export async function benchStall(
  { stores, keys: given }: StallOptions,
  { signal, next, table, note }: Bench,
): Promise<void> {
  const { add } = table(STALL_HEAD);
  const runs = stores.flatMap((store) => [false, true].map((isKept) => ({ store, isKept })));
  const all = runs.length * PARTS;
  for (const [index, { store, isKept }] of runs.entries()) {
    const keys = given ?? KEYS[store] ?? MOST_KEYS;
    const onPart = (part: number): void => {
      const what = `${store} ${isKept ? 'with its data kept' : 'in memory'}, up to ${keys.toLocaleString('en-US')} counters`;
      next(what, index * PARTS + part, all);
    };
    add(stallRow(store, keys, isKept, await measureStall(store, { keys, isKept, signal, onPart })));
  }
  note(
    `A stall is a call of more than ${STALL_MS} ms. "Idle": the same calls, by turns, to a store that nobody else calls.`,
  );
  note(
    "Delay: of the event loop of the store's thread, with all that the machine's other work adds to it. Turn: the most",
  );
  note(
    'processor time that the thread took between two looks at its clock, which is what it causes itself. GC: the longest',
  );
  note('pause of its collector. Restart: to the first answer.');
}

interface StallRun {
  readonly keys: number;
  /** Whether in a folder. */
  readonly isKept: boolean;
  readonly signal?: AbortSignal;
  /** Told as each tenth begins. */
  readonly onPart?: (part: number) => void;
}

/** @throws what a write or a call throws, or the signal's reason */
export async function measureStall(store: StoreName, { keys, isKept, signal, onPart }: StallRun): Promise<Stall> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-stall-'));
  const threads: StoreThread[] = [];
  try {
    const kept = isKept ? { dataDirectory: folder } : {};
    const { module, figures } = watchedStore(store, kept);
    const busy = await startStoreThread(module);
    threads.push(busy);
    const idle = await startStoreThread(EMBEDDED_STORES[store]);
    threads.push(idle);
    for (const { port } of threads) await prepare(store, port);
    const caller = new PacedCaller({ store, busy: busy.port, idle: idle.port });
    let paced: PacedFigures;
    let fillSeconds: number;
    try {
      await caller.ready;
      fillSeconds = await fill(store, busy.port, { keys, signal, onPart });
      await sleep(AFTER_MS, undefined, { signal });
    } finally {
      paced = await caller.stop();
    }
    const seen = figures();
    await busy.close();
    const restartMs = await timeRestart(store, kept, threads);
    return { ...paced, ...seen, fillSeconds, restartMs };
  } finally {
    await Promise.all(threads.map((thread) => thread.close()));
    rmSync(folder, { recursive: true });
  }
}

async function prepare(store: StoreName, port: number): Promise<void> {
  const client = await OPEN_BARE[store](port);
  await client.prepare();
  await client.close();
}

/** Writes each counter, and every second one again. @returns how long it took, in seconds */
async function fill(
  store: StoreName,
  port: number,
  { keys, signal, onPart = () => undefined }: Pick<StallRun, 'keys' | 'signal' | 'onPart'>,
): Promise<number> {
  const client = await OPEN_BARE[store](port);
  const began = performance.now();
  try {
    let part = -1;
    for (const [written, ids] of writes(keys)) {
      signal?.throwIfAborted();
      const now = Math.min(PARTS - 1, Math.floor((written / (keys * 1.5)) * PARTS));
      if (now > part) onPart((part = now));
      await client.writeAll(ids);
    }
  } finally {
    await client.close();
  }
  return (performance.now() - began) / 1000;
}

/** The batches, each with how many writes came before it: of all counters, then of every second one. */
export function* writes(keys: number, batch = BATCH): Generator<readonly [written: number, ids: readonly string[]]> {
  let written = 0;
  for (const step of [1, 2]) {
    for (let first = 0; first < keys; first += step * batch) {
      const ids: string[] = [];
      for (let key = first; key < Math.min(keys, first + step * batch); key += step) ids.push(`counter-${key}`);
      yield [written, ids];
      written += ids.length;
    }
  }
}

async function timeRestart(
  store: StoreName,
  kept: { readonly dataDirectory?: string },
  threads: StoreThread[],
): Promise<number> {
  const began = performance.now();
  const again = await startStoreThread({ ...EMBEDDED_STORES[store], options: kept });
  threads.push(again);
  if (kept.dataDirectory === undefined) await prepare(store, again.port);
  const client = await OPEN_BARE[store](again.port);
  await client.increment('paced');
  const elapsed = performance.now() - began;
  await client.close();
  return elapsed;
}

const STALL_HEAD = [
  ...['store', 'keys', 'data', 'filled in s', 'longest call ms', 'stalls', 'idle: longest', 'stalls'],
  ...['longest delay ms', 'longest turn CPU ms', 'longest GC ms', 'restart ms'],
];

export function stallRow(store: StoreName, keys: number, isKept: boolean, stall: Stall): string[] {
  const { busy, idle, fillSeconds, longestDelayMs, longestTurnMs, longestPauseMs, restartMs } = stall;
  return [
    store,
    keys.toLocaleString('en-US'),
    isKept ? 'kept' : 'memory',
    fillSeconds.toFixed(0),
    busy.longestMs.toFixed(0),
    String(busy.stalls),
    idle.longestMs.toFixed(0),
    String(idle.stalls),
    longestDelayMs.toFixed(0),
    longestTurnMs.toFixed(0),
    longestPauseMs.toFixed(0),
    restartMs.toFixed(0),
  ];
}
