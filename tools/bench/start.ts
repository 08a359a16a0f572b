import type { Bench } from './bench';
import { startSystem } from './system';

const ROUNDS = 3;

/** From `npm start` to the first 200, and the memory of all its processes. */
export async function benchStart({ signal, next, table }: Bench): Promise<void> {
  const { add } = table(['round', 'ready after s', 'first 200 after s', 'resident MiB']);
  for (let round = 1; round <= ROUNDS; round += 1) {
    next(`round ${round}`, round - 1, ROUNDS);
    const began = performance.now();
    const system = await startSystem({}, { signal });
    try {
      const response = await fetch(`http://127.0.0.1:${system.port}/prod/dynamo/first`, {
        method: 'POST',
        headers: { 'x-api-key': 'local-development-key' },
      });
      if (response.status !== 200) throw new Error(`the first call was answered ${response.status}`);
      const first = performance.now() - began;
      add([
        String(round),
        (system.readyMs / 1000).toFixed(1),
        (first / 1000).toFixed(1),
        (system.residentBytes() / 2 ** 20).toFixed(0),
      ]);
    } finally {
      await system.stop();
    }
  }
}
