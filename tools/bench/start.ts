import { textTable } from '../text-table';
import { startSystem } from './system';

/** From `npm start` to the first 200, and the memory of all its processes. */
export async function benchStart(): Promise<void> {
  const rows = [];
  for (let round = 1; round <= 3; round += 1) {
    const began = performance.now();
    const system = await startSystem({});
    const response = await fetch(`http://127.0.0.1:${system.port}/prod/dynamo/first`, {
      method: 'POST',
      headers: { 'x-api-key': 'local-development-key' },
    });
    if (response.status !== 200) throw new Error(`the first call was answered ${response.status}`);
    const first = performance.now() - began;
    rows.push([
      String(round),
      (system.readyMs / 1000).toFixed(1),
      (first / 1000).toFixed(1),
      (system.residentBytes() / 2 ** 20).toFixed(0),
    ]);
    await system.stop();
  }
  console.log(textTable(['round', 'ready after s', 'first 200 after s', 'resident MiB'], rows));
}
