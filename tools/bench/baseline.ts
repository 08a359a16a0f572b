import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { STORE_NAMES } from '../../lib/configuration';
import { projectRoot } from '../../lib/project-root';
import { UNMET_LIMITS } from '../unmet-limits';
import type { Bench } from './bench';
import { measure, median } from './measure';
import { post } from './path';
import { startSystem, type System } from './system';

/** How many calls from how many clients. */
interface Load {
  readonly clients: number;
  readonly calls: number;
  readonly signal: AbortSignal;
}

/** Ends only when the process has: an interrupted one would write on into a folder that is removed. */
async function run(file: string, args: readonly string[], cwd: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const child = spawn(file, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  const stop = (): boolean => child.kill();
  signal.addEventListener('abort', stop);
  try {
    const ended = once(child, 'close') as Promise<[number | null]>;
    const [errors, [code]] = await Promise.all([text(child.stderr), ended]);
    signal.throwIfAborted();
    if (code !== 0) throw new Error(`${file} ${args[0]} ended with ${code}: ${errors.trim()}`);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

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
export async function benchBaseline(commit: string, { signal, next, table, note }: Bench): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'baseline-'));
  const systems: System[] = [];
  try {
    const all = 1 + STORE_NAMES.length * LOADS.length;
    next(`building ${commit}`, 0, all);
    await run('git', ['clone', '--quiet', '--shared', projectRoot(), folder], folder, signal);
    await run('git', ['checkout', '--quiet', commit], folder, signal);
    await run('npm', ['ci', '--no-fund', '--no-audit', '--prefer-offline'], folder, signal);
    const theirs = await startSystem(UNMET_LIMITS, { root: folder, signal });
    systems.push(theirs);
    const ours = await startSystem(UNMET_LIMITS, { signal });
    systems.push(ours);
    const { add } = table([
      'store',
      'clients',
      'CPU ms a call, before',
      'now',
      'ratio',
      'calls/s, before',
      'now',
      'ratio',
    ]);
    let done = 1;
    for (const store of STORE_NAMES) {
      for (const { clients, calls } of LOADS) {
        next(`${store}, ${clients} clients`, done, all);
        add([store, String(clients), ...(await compare(ours, theirs, store, { clients, calls, signal }))]);
        done += 1;
      }
    }
    note(`medians of ${ROUNDS} rounds by turns; ratios now to before, in brackets the lowest and the highest`);
  } finally {
    await Promise.all(systems.map((system) => system.stop()));
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(ours: System, theirs: System, store: string, load: Load): Promise<readonly string[]> {
  for (const system of [theirs, ours]) await sample(system, store, load); // warm
  const pairs: { before: Sample; now: Sample }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = await sample(theirs, store, load);
    pairs.push({ before, now: await sample(ours, store, load) });
  }
  const columns = (field: keyof Sample, digits: number): string[] => [
    median(pairs.map(({ before }) => before[field])).toFixed(digits),
    median(pairs.map(({ now }) => now[field])).toFixed(digits),
    spread(pairs.map(({ before, now }) => now[field] / before[field])),
  ];
  return [...columns('processorMs', 3), ...columns('callsPerSecond', 0)];
}

async function sample(system: System, store: string, { clients, calls, signal }: Load): Promise<Sample> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const began = system.processorMs();
  try {
    const { callsPerSecond } = await measure(() => post(agent, system.port, store), clients, calls, signal);
    return { callsPerSecond, processorMs: (system.processorMs() - began) / calls };
  } finally {
    agent.destroy();
  }
}

function spread(ratios: readonly number[]): string {
  return `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`;
}
