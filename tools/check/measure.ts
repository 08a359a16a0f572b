import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type CounterHistory, type History, readHistoryFile } from '../../compare/exactness';
import { type Generator, type Job, openTarget, startGenerator } from '../../compare/load';
import type { Plan } from './arguments';
import { repeatCalls } from './retries';

/** Calls of each caller to a set of fresh counters, where no limit says how many make sense. */
const CALLS_PER_CALLER = 50;

export interface MeasureOptions {
  readonly progress: (line: string) => void;
  /** Ends the measurement; what happened until then is its result. */
  readonly signal: AbortSignal;
}

/**
 * Calls the API and records what happened: first one call, which tells whether it answers and where its counters begin; then
 * many callers at once, on fresh counters again and again, as first increments race too and a limit is met once; then calls
 * with keys.
 *
 * @throws Error in one line where the first call isn't answered with a value
 */
export async function measure(plan: Plan, { progress, signal }: MeasureOptions): Promise<CounterHistory[]> {
  const first = await firstCall(plan, freshId());
  progress(`the first call returned ${first}`);
  // The first value of a shard says nothing.
  const start = plan.sharded === true ? 0 : first - (plan.by ?? 1);
  const recorded = await load(plan, start, { progress, signal });
  if (plan.target.keyHeader === undefined || signal.aborted) return recorded;
  progress(`repeating calls with the same ${plan.target.keyHeader}`);
  return [...recorded, await repeatCalls(plan, freshId(), start)];
}

function freshId(): string {
  return `check-${randomBytes(6).toString('hex')}`;
}

/** @returns its value */
async function firstCall({ target, timeoutMs }: Plan, id: string): Promise<number> {
  const caller = await openTarget(target, timeoutMs);
  const request = `${target.method} ${target.url}`;
  try {
    const answer = await caller.increment(id);
    switch (answer.status) {
      case 'incremented':
        return answer.counter;
      case 'limit-reached':
        throw new Error(`${request} met its limit at the first call: it must begin below it`);
      case 'failed':
        throw new Error(`${request} must answer with a 2xx and a value at ${target.valuePath}, got ${answer.reason}`);
      case 'not-applied':
      case 'throttled':
      case 'unknown':
        throw new Error(`${request} didn't count the first call: ${answer.reason ?? answer.status}`);
    }
  } finally {
    await caller.close();
  }
}

async function load(plan: Plan, start: number, { progress, signal }: MeasureOptions): Promise<CounterHistory[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'check-'));
  const generator = await startGenerator();
  const recorded: CounterHistory[] = [];
  const notes = new Set<string>();
  const began = performance.now();
  try {
    let calls = 0;
    for (let isFirst = true; isFirst || mayGoOn(plan, calls, performance.now() - began, signal); isFirst = false) {
      const job = nextJob(plan, start, calls, performance.now() - began, path.join(folder, 'history.json'));
      const { histories, invalid } = await run(generator, job, signal);
      recorded.push(...histories.map(({ id, history }) => ({ id, history: withStep(history, plan) })));
      calls += histories.reduce((sum, { history }) => sum + history.operations.length, 0);
      if (invalid !== undefined) notes.add(invalid);
    }
    const seconds = (performance.now() - began) / 1000;
    progress(
      `${calls.toLocaleString('en-US')} calls by ${plan.concurrency} callers to ` +
        `${recorded.length} counter${recorded.length === 1 ? '' : 's'} in ${seconds.toFixed(1)} s`,
    );
    for (const note of notes) progress(`note: ${note}`);
    return recorded;
  } finally {
    await generator.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The generator knows the request alone, not what it adds. */
function withStep(history: History, { by, sharded }: Plan): History {
  return {
    ...history,
    ...(sharded === undefined ? {} : { sharded }),
    operations: by === undefined ? history.operations : history.operations.map((operation) => ({ ...operation, by })),
  };
}

/** A URL without an id has one counter, which is called in one go. */
function mayGoOn(plan: Plan, calls: number, elapsedMs: number, signal: AbortSignal): boolean {
  return hasFreshCounters(plan) && !signal.aborted && elapsedMs < plan.durationMs && calls < (plan.calls ?? Infinity);
}

function hasFreshCounters({ target }: Plan): boolean {
  return target.url.includes('{id}') || target.body?.includes('{id}') === true;
}

function nextJob(plan: Plan, start: number, calls: number, elapsedMs: number, historyFile: string): Job {
  const { target, limit, by = 1, concurrency, ids, timeoutMs } = plan;
  // Every caller meets the limit twice.
  const room = limit === undefined ? undefined : Math.ceil((limit - start) / by);
  const useful = room === undefined ? CALLS_PER_CALLER * concurrency : ids * room + 2 * concurrency * ids;
  const most = hasFreshCounters(plan) ? useful : Infinity;
  const left = Math.min(most, (plan.calls ?? Infinity) - calls);
  const fresh = hasFreshCounters(plan) ? Array.from({ length: ids }, freshId) : ['counter'];
  return {
    target,
    load: { kind: 'closed', concurrency },
    ids: fresh,
    starts: hasFreshCounters(plan) ? Object.fromEntries(fresh.map((id) => [id, start])) : 'learned',
    warmUpMs: 0,
    durationMs: Math.max(1, plan.durationMs - elapsedMs),
    timeoutMs,
    historyFile,
    ...(left === Infinity ? {} : { calls: left }),
    ...(limit === undefined ? {} : { limit }),
  };
}

async function run(
  generator: Generator,
  job: Job,
  signal: AbortSignal,
): Promise<{ histories: CounterHistory[]; invalid: string | undefined }> {
  const { invalid } = await generator.run(job, { signal });
  return { invalid, histories: await readHistoryFile(job.historyFile ?? '') };
}
