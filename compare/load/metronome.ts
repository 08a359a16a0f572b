import path from 'node:path';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** At planned times closer than this, one tick sends several calls. */
const LEAST_INTERVAL_MS = 0.5;

/** What the thread is told. */
export interface Beat {
  readonly intervalMs: number;
  /** The first tick's time, of `process.hrtime`, in nanoseconds. */
  readonly originNs: bigint;
}

/** Ticks more finely than a timer, whose resolution is a millisecond. */
export interface Metronome {
  /** @returns the time of the first tick, of `performance.now` */
  start(): number;
  /** Until the next tick. */
  next(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts the thread that keeps time: it sleeps in `Atomics.wait`, which ends on time, and costs no processor that the measured
 * system needs, as a loop that asks the clock would.
 *
 * @param ratePerSecond of the calls: each is planned for a tick, or shortly before one
 */
export async function startMetronome(ratePerSecond: number): Promise<Metronome> {
  const perCall = 1000 / ratePerSecond;
  const intervalMs = perCall * Math.max(1, Math.ceil(LEAST_INTERVAL_MS / perCall));
  const thread = new Worker(path.join(__dirname, 'metronome-thread.js'));
  await once(thread, 'online');
  let tick = (): void => undefined;
  thread.on('message', () => tick());

  return {
    start() {
      thread.postMessage({ intervalMs, originNs: process.hrtime.bigint() } satisfies Beat);
      return performance.now();
    },
    next: () => new Promise((resolve) => (tick = resolve)),
    async close() {
      await thread.terminate();
    },
  };
}
