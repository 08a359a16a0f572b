import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
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
import { measure, type Measurement, median } from './measure';
import { type Call, post } from './path';
import { startSystem, type System } from './system';

/** Which calls, how many, from how many clients. */
interface Workload {
  readonly what: string;
  readonly clients: number;
  readonly calls: number;
  /** @default - increments of one counter, without a limit or a key */
  readonly call?: () => Call;
}

const WORKLOADS: readonly Workload[] = [
  { what: 'plain', clients: 1, calls: 400 },
  { what: 'plain', clients: 32, calls: 2000 },
  { what: 'limit', clients: 32, calls: 1000, call: () => ({ max: 1_000_000_000 }) },
  // A counter has room for some keys only.
  { what: 'key', clients: 32, calls: 1000, call: () => ({ id: `bench-${randomUUID()}`, key: 'first' }) },
];

/** V8 compiles what is called often: until then a call takes up to twice as long. */
const WARM_UP: Workload = { what: 'plain', clients: 32, calls: 8000 };

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

/** Ratios of which the highest is so many times the lowest show the machine's other work. */
const TOO_NOISY = 1.5;

/** What one round measured of a system. */
interface Sample extends Pick<Measurement, 'callsPerSecond' | 'p99Ms'> {
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
    const all = 1 + STORE_NAMES.length * WORKLOADS.length;
    next(`building ${commit}`, 0, all);
    await run('git', ['clone', '--quiet', '--shared', projectRoot(), folder], folder, signal);
    await run('git', ['checkout', '--quiet', commit], folder, signal);
    await run('npm', ['ci', '--no-fund', '--no-audit', '--prefer-offline'], folder, signal);
    const theirs = await startSystem(UNMET_LIMITS, { root: folder, signal });
    systems.push(theirs);
    const ours = await startSystem(UNMET_LIMITS, { signal });
    systems.push(ours);
    const compared = ['CPU ms a call', 'calls/s', 'p99 ms'].flatMap((name) => [`${name}, before`, 'now', 'ratio']);
    const { add } = table(['store', 'calls', 'clients', ...compared]);
    let done = 1;
    for (const store of STORE_NAMES) {
      next(`${store}, warming up`, done, all);
      for (const system of systems) await sample(system, { store, workload: WARM_UP, signal });
      for (const workload of WORKLOADS) {
        const { what, clients } = workload;
        next(`${store}, ${what}, ${clients} clients`, done, all);
        add([store, what, String(clients), ...(await compare(ours, theirs, { store, workload, signal }))]);
        done += 1;
      }
    }
    note(`medians of ${ROUNDS} rounds by turns; ratios now to before, in brackets the lowest and the highest`);
    note(`"noisy": the highest is more than ${TOO_NOISY} times the lowest, so measure again on a quieter machine`);
    const [before, now] = systems.map((system) => `${Math.round(system.residentBytes() / 2 ** 20)} MiB`);
    note(`resident after all these calls: before ${before}, now ${now}`);
  } finally {
    await Promise.all(systems.map((system) => system.stop()));
    await rm(folder, { recursive: true, force: true });
  }
}

interface Comparison {
  readonly store: string;
  readonly workload: Workload;
  readonly signal: AbortSignal;
}

async function compare(ours: System, theirs: System, comparison: Comparison): Promise<readonly string[]> {
  for (const system of [theirs, ours]) await sample(system, comparison); // warm
  const pairs: { before: Sample; now: Sample }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = await sample(theirs, comparison);
    pairs.push({ before, now: await sample(ours, comparison) });
  }
  const columns = (field: keyof Sample, digits: number): string[] => [
    median(pairs.map(({ before }) => before[field])).toFixed(digits),
    median(pairs.map(({ now }) => now[field])).toFixed(digits),
    spread(pairs.map(({ before, now }) => now[field] / before[field])),
  ];
  return [...columns('processorMs', 3), ...columns('callsPerSecond', 0), ...columns('p99Ms', 1)];
}

async function sample(system: System, { store, workload, signal }: Comparison): Promise<Sample> {
  const { clients, calls, call } = workload;
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const began = system.processorMs();
  try {
    const { callsPerSecond, p99Ms } = await measure(
      () => post(agent, system.port, store, call?.()),
      clients,
      calls,
      signal,
    );
    return { callsPerSecond, p99Ms, processorMs: (system.processorMs() - began) / calls };
  } finally {
    agent.destroy();
  }
}

function spread(ratios: readonly number[]): string {
  const [lowest, highest] = [Math.min(...ratios), Math.max(...ratios)];
  const noisy = highest > TOO_NOISY * lowest ? ' noisy' : '';
  return `${median(ratios).toFixed(2)} (${lowest.toFixed(2)}–${highest.toFixed(2)})${noisy}`;
}
