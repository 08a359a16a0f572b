import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { projectRoot } from '../../lib/project-root';
import type { StoreName } from '../../local/store-modules';
import { type BareStore, OPEN_BARE } from './bare-stores';

/** From an answer to the next call, in milliseconds. */
const PACE_MS = 2;

/** A call that takes longer is a stall. */
export const STALL_MS = 50;

/** The ports of the store that is called, and of one like it that does nothing else. */
interface Ports {
  readonly store: StoreName;
  readonly busy: number;
  readonly idle: number;
}

/** How long calls took. */
export interface PacedCalls {
  readonly calls: number;
  readonly longestMs: number;
  readonly stalls: number;
}

export interface PacedFigures {
  readonly busy: PacedCalls;
  /** The same calls to a store that does nothing else: the machine's other work, and this thread's own delays. */
  readonly idle: PacedCalls;
}

/** Calls both stores by turns from a thread of its own, so that nothing else that the measuring process does counts. */
export class PacedCaller {
  readonly #worker: Worker;
  /** Once it has called both, and begins to measure. */
  readonly ready: Promise<unknown>;
  readonly #ended: Promise<unknown>;

  constructor(ports: Ports) {
    const compiled = path.join(projectRoot(), 'dist', 'tools', 'bench', 'paced-caller.js');
    this.#worker = new Worker(compiled, { workerData: ports });
    this.ready = once(this.#worker, 'message');
    this.#ended = this.ready.then(async () => (await once(this.#worker, 'message'))[0] as unknown);
    this.#ended.catch(() => undefined); // `ready` and `stop` tell
  }

  /** @throws what a call has thrown */
  async stop(): Promise<PacedFigures> {
    this.#worker.postMessage('stop');
    try {
      return (await this.#ended) as PacedFigures;
    } finally {
      await this.#worker.terminate();
    }
  }
}

async function call({ store, busy, idle }: Ports): Promise<PacedFigures> {
  let isStopping = false;
  parentPort?.once('message', () => (isStopping = true));
  const stores = await Promise.all([OPEN_BARE[store](busy), OPEN_BARE[store](idle)]);
  const figures = stores.map(() => ({ calls: 0, longestMs: 0, stalls: 0 }));
  const time = async (opened: BareStore, of: { calls: number; longestMs: number; stalls: number }): Promise<void> => {
    const began = performance.now();
    await opened.increment('paced');
    const ms = performance.now() - began;
    of.calls += 1;
    of.longestMs = Math.max(of.longestMs, ms);
    if (ms > STALL_MS) of.stalls += 1;
  };
  for (const opened of stores) await opened.increment('paced'); // connects
  parentPort?.postMessage('ready');
  while (!isStopping) {
    for (const [index, opened] of stores.entries()) {
      const of = figures[index];
      if (of) await time(opened, of);
    }
    await sleep(PACE_MS);
  }
  for (const opened of stores) await opened.close();
  const [ofBusy, ofIdle] = figures;
  if (!ofBusy || !ofIdle) throw new Error('there are two stores');
  return { busy: ofBusy, idle: ofIdle };
}

if (workerData !== null && parentPort) {
  const port = parentPort;
  void call(workerData as Ports).then((figures) => port.postMessage(figures));
}
