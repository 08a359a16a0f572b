import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { STORE_NAMES } from '../../lib/configuration';
import { UNMET_LIMITS } from '../unmet-limits';
import type { Bench } from './bench';
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
export async function benchDataDirectory({ signal, next, table }: Bench): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-data-'));
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const systems: System[] = [];
  try {
    next('starting both systems', 0, STORE_NAMES.length + 1);
    for (const DATA_DIR of ['', path.join(folder, 'data')]) {
      systems.push(await startSystem({ ...UNMET_LIMITS, DATA_DIR }, { signal }));
    }
    const { add } = table(['store', 'µs per call', 'µs with DATA_DIR', 'with / without']);
    for (const [index, store] of STORE_NAMES.entries()) {
      next(store, index + 1, STORE_NAMES.length + 1);
      const microseconds = systems.map((): number[] => []);
      for (let round = 0; round <= ROUNDS; round += 1) {
        for (const [at, system] of systems.entries()) {
          const before = system.processorMs();
          await measure(() => post(agent, system.port, store), CLIENTS, CALLS, signal);
          const perCall = ((system.processorMs() - before) * 1000) / CALLS;
          if (round > 0) microseconds[at]?.push(perCall); // the first round warms up
        }
      }
      const [without = 0, kept = 0] = microseconds.map(median);
      add([store, without.toFixed(0), kept.toFixed(0), (kept / without).toFixed(2)]);
    }
  } finally {
    agent.destroy();
    await Promise.all(systems.map((system) => system.stop()));
    rmSync(folder, { recursive: true });
  }
}
