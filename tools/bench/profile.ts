import { Agent } from 'node:http';
import { type CpuProfile, cpuProfiles } from './cpu-profiles';
import { measure } from './measure';
import { post } from './path';
import type { System } from './system';

const CLIENTS = 32;
const CALLS = 4000;

const TOP = 10;

export const PROFILE_HEAD = ['before', 'CPU µs a call', 'now', 'CPU µs a call'];

/** What the tables of profiles mean, for the lines after them. */
export const HOW_PROFILED = [
  `profiles: the ${TOP} functions with the most time of their own in all threads, of ${CALLS} plain calls from ${CLIENTS} clients;`,
  '"all" is measured without the profiler, which tells the shares of it; "(program)" is native code without a name',
];

/** Where the processor time of a store's calls goes by function, in two systems that are warm: rows of a table. */
export async function profileRows(
  store: string,
  systems: readonly [before: System, now: System],
  signal: AbortSignal,
): Promise<string[][]> {
  const tops: Row[][] = [];
  for (const system of systems) {
    const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
    const work = (): Promise<unknown> => measure(() => post(agent, system.port, store), CLIENTS, CALLS, signal);
    try {
      const began = system.processorMs();
      await work();
      const microseconds = ((system.processorMs() - began) * 1000) / CALLS;
      tops.push(topOf(await cpuProfiles(await system.inspector(), work), microseconds));
    } finally {
      agent.destroy();
    }
  }
  return sideBySide(tops);
}

type Row = readonly [what: string, microseconds: number];

/** Where no thread does anything. */
const IDLE = '(idle)';

/** All of it, then the functions that took most of it themselves, without what they called: by their share of all. */
export function topOf(profiles: readonly CpuProfile[], microseconds: number): Row[] {
  const times = new Map<string, number>();
  for (const { nodes, samples, timeDeltas } of profiles) {
    const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
    for (const [index, id] of samples.entries()) {
      const name = names.get(id) ?? '';
      times.set(name, (times.get(name) ?? 0) + (timeDeltas[index + 1] ?? 0)); // until the next sample
    }
  }
  times.delete(IDLE);
  const all = [...times.values()].reduce((sum, time) => sum + time, 0);
  const rows = [...times].map(([name, time]): Row => [name, (time / all) * microseconds]);
  return [['all', microseconds], ...rows.sort(([, a], [, b]) => b - a).slice(0, TOP)];
}

/** With its file, without the folder, where it has one. */
function nameOf({ functionName, url }: CpuProfile['nodes'][number]['callFrame']): string {
  const file = url.startsWith('node:') ? url : url.slice(url.lastIndexOf('/') + 1);
  return `${functionName || '(anonymous)'}${file === '' ? '' : ` ${file}`}`;
}

/** From the tops of two systems. */
function sideBySide([before = [], now = []]: readonly Row[][]): string[][] {
  const cells = (row: Row | undefined): string[] => [row?.[0] ?? '', row?.[1].toFixed(0) ?? ''];
  return before.map((row, index) => [...cells(row), ...cells(now[index])]);
}
