import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { STORE_NAMES } from '../../lib/configuration';
import { textTable } from '../text-table';
import { UNMET_LIMITS } from '../unmet-limits';
import { measure, median } from './measure';
import { post } from './path';
import { startSystem, type System } from './system';

const CLIENTS = 8;
const CALLS = 400;
const ROUNDS = 5;

/**
 * What DATA_DIR costs: the processor time of a call with it and without, in turns. Elapsed time would depend more on
 * the machine's other work.
 */
export async function benchDataDirectory(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-data-'));
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const systems: System[] = [];
  try {
    for (const DATA_DIR of ['', path.join(folder, 'data')]) {
      systems.push(await startSystem({ ...UNMET_LIMITS, DATA_DIR }));
    }
    const rows = [];
    for (const store of STORE_NAMES) {
      const microseconds = systems.map((): number[] => []);
      for (let round = 0; round <= ROUNDS; round += 1) {
        for (const [index, system] of systems.entries()) {
          const before = system.processorMs();
          await measure(() => post(agent, system.port, store), CLIENTS, CALLS);
          const perCall = ((system.processorMs() - before) * 1000) / CALLS;
          if (round > 0) microseconds[index]?.push(perCall); // the first round warms up
        }
      }
      const [without = 0, kept = 0] = microseconds.map(median);
      rows.push([store, without.toFixed(0), kept.toFixed(0), (kept / without).toFixed(2)]);
    }
    console.log(textTable(['store', 'µs per call', 'µs with DATA_DIR', 'with / without'], rows));
  } finally {
    agent.destroy();
    await Promise.all(systems.map((system) => system.stop()));
    rmSync(folder, { recursive: true });
  }
}
