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
import { byTurns, compared, HOW_COMPARED, measure, type Measurement } from './measure';
import { type Call, post } from './path';
import { HOW_PROFILED, PROFILE_HEAD, profileRows } from './profile';
import { ANY_INSPECTOR_PORT, pathOfThisNode, startSystem, type System } from './system';

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
  const env = { ...process.env, PATH: pathOfThisNode() };
  const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
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

/** What one round measured of a system. */
interface Sample extends Pick<Measurement, 'callsPerSecond' | 'p99Ms'> {
  /** Of all processes together, for one call. */
  readonly processorMs: number;
}

/**
 * Compares increments with those of another commit, built beside this one: both systems run, and are called by turns, so
 * that the machine's other work meets both alike. Processor time depends less on that work than the calls per second do.
 * Then it profiles both.
 *
 * @throws Error when the commit can't be built, or a call isn't answered 200
 */
export async function benchBaseline(commit: string, { signal, next, table, note }: Bench): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'baseline-'));
  const systems: System[] = [];
  try {
    const all = 1 + STORE_NAMES.length * (WORKLOADS.length + 1);
    next(`building ${commit}`, 0, all);
    await run('git', ['clone', '--quiet', '--shared', projectRoot(), folder], folder, signal);
    await run('git', ['checkout', '--quiet', commit], folder, signal);
    await run('npm', ['ci', '--no-fund', '--no-audit', '--prefer-offline'], folder, signal);
    const settings = { ...UNMET_LIMITS, ...ANY_INSPECTOR_PORT };
    const theirs = await startSystem(settings, { root: folder, signal });
    systems.push(theirs);
    const ours = await startSystem(settings, { signal });
    systems.push(ours);
    const figures = ['CPU ms a call', 'calls/s', 'p99 ms'].flatMap((name) => [`${name}, before`, 'now', 'ratio']);
    const { add } = table(['store', 'calls', 'clients', ...figures]);
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
    HOW_COMPARED.forEach(note);
    const [before, now] = systems.map((system) => `${Math.round(system.residentBytes() / 2 ** 20)} MiB`);
    note(`Node ${process.version}; resident after all these calls: before ${before}, now ${now}`);
    for (const store of STORE_NAMES) {
      next(`${store}, profile`, done, all);
      const profile = table(PROFILE_HEAD, `${store}, where the time goes:`);
      for (const row of await profileRows(store, [theirs, ours], signal)) profile.add(row);
      done += 1;
    }
    HOW_PROFILED.forEach(note);
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
  const rounds = await byTurns(
    () => sample(theirs, comparison),
    () => sample(ours, comparison),
  );
  return [
    ...compared(rounds, ({ processorMs }) => processorMs, 3),
    ...compared(rounds, ({ callsPerSecond }) => callsPerSecond, 0),
    ...compared(rounds, ({ p99Ms }) => p99Ms, 1),
  ];
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
