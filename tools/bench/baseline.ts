import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { STORE_NAMES } from '../../lib/configuration';
import { projectRoot } from '../../lib/project-root';
import { textTable } from '../text-table';
import { UNMET_LIMITS } from '../unmet-limits';
import { measure, median } from './measure';
import { post } from './path';
import { startSystem, type System } from './system';

const run = promisify(execFile);

const ROUNDS = 7;
const LOADS = [
  { clients: 1, calls: 400 },
  { clients: 32, calls: 2000 },
];

/** What one round measured of a system. */
interface Sample {
  readonly callsPerSecond: number;
  /** Of all processes together, for one call. */
  readonly processorMs: number;
}

/**
 * Compares increments with those of another commit, built beside this one: both systems run, and are called by turns, so
 * that the machine's other work meets both alike. Processor time depends less on that work than the calls per second do.
 *
 * @throws Error when the commit can't be built, or a call isn't answered 200
 */
export async function benchBaseline(commit: string): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'baseline-'));
  const systems: System[] = [];
  try {
    console.log(`building ${commit} …`);
    await run('git', ['clone', '--quiet', '--shared', projectRoot(), folder]);
    await run('git', ['checkout', '--quiet', commit], { cwd: folder });
    await run('npm', ['ci', '--no-fund', '--no-audit', '--prefer-offline'], { cwd: folder });
    const theirs = await startSystem(UNMET_LIMITS, folder);
    systems.push(theirs);
    const ours = await startSystem(UNMET_LIMITS);
    systems.push(ours);
    const rows = [];
    for (const store of STORE_NAMES) {
      for (const { clients, calls } of LOADS) {
        console.log(`${store}, ${clients} clients …`);
        rows.push([store, String(clients), ...(await compare(ours, theirs, store, clients, calls))]);
      }
    }
    console.log(
      `\n${textTable(['store', 'clients', 'CPU ms a call, before', 'now', 'ratio', 'calls/s, before', 'now', 'ratio'], rows)}`,
    );
    console.log(`\nmedians of ${ROUNDS} rounds by turns; ratios now to before, in brackets the lowest and the highest`);
  } finally {
    for (const system of systems) await system.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(
  ours: System,
  theirs: System,
  store: string,
  clients: number,
  calls: number,
): Promise<readonly string[]> {
  for (const system of [theirs, ours]) await sample(system, store, clients, calls); // warm
  const pairs: { before: Sample; now: Sample }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = await sample(theirs, store, clients, calls);
    pairs.push({ before, now: await sample(ours, store, clients, calls) });
  }
  const columns = (field: keyof Sample, digits: number): string[] => [
    median(pairs.map(({ before }) => before[field])).toFixed(digits),
    median(pairs.map(({ now }) => now[field])).toFixed(digits),
    spread(pairs.map(({ before, now }) => now[field] / before[field])),
  ];
  return [...columns('processorMs', 3), ...columns('callsPerSecond', 0)];
}

async function sample(system: System, store: string, clients: number, calls: number): Promise<Sample> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const began = system.processorMs();
  const { callsPerSecond } = await measure(() => post(agent, system.port, store), clients, calls);
  agent.destroy();
  return { callsPerSecond, processorMs: (system.processorMs() - began) / calls };
}

function spread(ratios: readonly number[]): string {
  return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
}
