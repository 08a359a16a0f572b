import { parentPort } from 'node:worker_threads';
import type { Beat } from './metronome';

/** Ticks at an even beat until it is terminated. A beat that was missed isn't made up for. */
function main(): void {
  const never = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  parentPort?.once('message', ({ intervalMs, originNs }: Beat) => {
    for (;;) {
      const elapsedMs = Number(process.hrtime.bigint() - originNs) / 1e6;
      const nextMs = (Math.floor(elapsedMs / intervalMs) + 1) * intervalMs;
      Atomics.wait(never, 0, 0, nextMs - elapsedMs);
      parentPort?.postMessage('tick');
    }
  });
}

main();
