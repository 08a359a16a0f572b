import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { UNMET_LIMITS } from '../unmet-limits';
import type { Bench } from './bench';
import { countersOf, measure, median } from './measure';
import { post } from './path';
import { startSystem, type System } from './system';

const CLIENTS = 16;

/** A row of the table is of so many calls. */
const CALLS_PER_ROW = 50_000;

/** How often the page of the executions asks for what has changed, and for how many of them. */
const POLL_EVERY_MS = 1000;
const PAGE_SIZE = 50;

/** What a part of the calls cost. */
export interface Growth {
  /** Made until then. */
  readonly calls: number;
  readonly callsPerSecond: number;
  /** Of all processes. */
  readonly microsecondsPerCall: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly residentBytes: number;
  /** The median of what the page of the executions waited for an answer, ms. */
  readonly pollMs: number;
}

/**
 * Whether the system gets slower or larger with what it has done: calls of the whole path over many counters of Redis, while
 * the console's page of the executions is open, as a browser polls it.
 */
export async function benchGrowth(calls: number, { signal, next, table, note }: Bench): Promise<void> {
  const { add } = table(GROWTH_HEAD);
  const rows = Math.ceil(calls / CALLS_PER_ROW);
  next('starting the system', 0, rows);
  const system = await startSystem(UNMET_LIMITS, { signal });
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const page = openPage(system.port);
  try {
    let made = 0;
    for (const [row, part] of parts(calls, CALLS_PER_ROW).entries()) {
      next(`calls ${made.toLocaleString('en-US')} to ${(made + part).toLocaleString('en-US')}`, row, rows);
      const growth = await measurePart(system, agent, { made, part, counters: countersOf(calls), page, signal });
      made += part;
      add(growthRow(growth));
    }
    note(
      `${CLIENTS} callers, ${countersOf(calls).toLocaleString('en-US')} counters of Redis, the console's executions polled`,
    );
  } finally {
    await page.close();
    agent.destroy();
    await system.stop();
  }
}

/** The sizes of parts of at most so many. */
export function parts(all: number, most: number): number[] {
  return Array.from({ length: Math.ceil(all / most) }, (_, index) => Math.min(most, all - index * most));
}

interface Part {
  readonly made: number;
  readonly part: number;
  readonly counters: number;
  readonly page: Page;
  readonly signal: AbortSignal;
}

async function measurePart(
  { port, processorMs, residentBytes }: System,
  agent: Agent,
  { made, part, counters, page, signal }: Part,
): Promise<Growth> {
  const processorBefore = processorMs();
  page.takeTimes();
  let call = made;
  const one = (): Promise<unknown> => post(agent, port, 'redis', { id: `counter-${call++ % counters}` });
  const { callsPerSecond, p50Ms, p99Ms } = await measure(one, CLIENTS, part, signal);
  return {
    calls: made + part,
    callsPerSecond,
    microsecondsPerCall: ((processorMs() - processorBefore) * 1000) / part,
    p50Ms,
    p99Ms,
    residentBytes: residentBytes(),
    pollMs: median(page.takeTimes()),
  };
}

/** The console's page of the executions, as far as the system can tell. */
interface Page {
  /** How long it waited for its answers since the last time, in milliseconds. */
  takeTimes(): number[];
  /** @throws what an answer was but 200 and 304 */
  close(): Promise<void>;
}

/** Asks as `console/client/views/executions.ts` does: again a second after each answer, for what has changed since. */
function openPage(port: number): Page {
  const url = `http://127.0.0.1:${port}/console/api/executions?sort=started&order=descending&size=${PAGE_SIZE}`;
  const closed = new AbortController();
  let times: number[] = [];
  let tag = '';
  const poll = async (): Promise<void> => {
    while (!closed.signal.aborted) {
      const sent = performance.now();
      const response = await fetch(url, { headers: { 'If-None-Match': tag }, signal: closed.signal });
      await response.arrayBuffer();
      if (response.status !== 200 && response.status !== 304)
        throw new Error(`the console answered ${response.status}`);
      times.push(performance.now() - sent);
      tag = response.headers.get('ETag') ?? tag;
      await sleep(POLL_EVERY_MS, undefined, { signal: closed.signal });
    }
  };
  const polling = poll().catch((error: unknown) => {
    if (!closed.signal.aborted) throw error;
  });
  polling.catch(() => undefined); // `close` tells
  return {
    takeTimes: () => {
      const taken = times;
      times = [];
      return taken;
    },
    close: async () => {
      closed.abort();
      await polling;
    },
  };
}

const GROWTH_HEAD = ['calls', 'calls/s', 'CPU µs per call', 'p50 ms', 'p99 ms', 'resident MiB', 'console p50 ms'];

export function growthRow(growth: Growth): string[] {
  const { calls, callsPerSecond, microsecondsPerCall, p50Ms, p99Ms, residentBytes, pollMs } = growth;
  return [
    calls.toLocaleString('en-US'),
    callsPerSecond.toFixed(0),
    microsecondsPerCall.toFixed(0),
    p50Ms.toFixed(1),
    p99Ms.toFixed(1),
    (residentBytes / 2 ** 20).toFixed(0),
    pollMs.toFixed(1),
  ];
}
