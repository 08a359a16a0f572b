import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeHistoryFile } from '../exactness/history-file';
import type { Job, JobResult } from './job';
import { closedLoop, openLoop, TooManyOpenError } from './loops';
import { type Call, historiesOf } from './recording';
import { toRound } from './round';
import { type Caller, openTarget } from './targets';

const TIMEOUT_MS = 35_000;
const MAX_OPEN = 4000;

/**
 * Calls, records, and judges what happened.
 *
 * @param signal ends the measurement at once: what was measured so far is the result, and calls without an answer are of
 *   unknown outcome
 * @throws Error where the target can't be used, or a start can't be learned
 */
export async function runJob(job: Job, signal: AbortSignal): Promise<JobResult> {
  const { ids, starts = {}, limit, timeoutMs = TIMEOUT_MS } = job;
  if (ids.length === 0) throw new Error('a job needs at least one counter id');
  const caller = await openTarget(job.target, timeoutMs);
  try {
    const { calls, interruption } = await record(job, caller, timeoutMs, signal);
    const histories = historiesOf(calls, { ids, starts, limit });
    if (job.historyFile !== undefined) await writeHistoryFile(job.historyFile, histories);
    return toRound(calls, histories, interruption);
  } finally {
    await caller.close();
  }
}

interface Recorded {
  readonly calls: readonly Call[];
  readonly interruption: string | undefined;
}

async function record(job: Job, caller: Caller, timeoutMs: number, signal: AbortSignal): Promise<Recorded> {
  const { ids, load, calls: mostCalls = Infinity } = job;
  const calls: Call[] = [];
  const make = async (client: number, plannedAt: number | undefined, isMeasured: boolean): Promise<void> => {
    const counter = calls.length % ids.length;
    const invokedAt = performance.now();
    const call: Call = {
      client,
      counter,
      plannedAt: plannedAt ?? invokedAt,
      invokedAt,
      isMeasured,
      completedAt: Infinity,
      answer: { status: 'unknown' },
    };
    calls.push(call);
    const answer = await caller.increment(ids[counter] ?? '');
    const completedAt = performance.now();
    if (isOver) return;
    call.answer = answer;
    call.completedAt = completedAt;
  };
  let isOver = false;

  if (job.starts === 'learned')
    for (const id of ids) if (!signal.aborted) await make(ids.indexOf(id), undefined, false);

  const measuredFrom = performance.now() + job.warmUpMs;
  const until = measuredFrom + job.durationMs;
  let measured = 0;
  const loop = {
    mayBegin: (plannedAt: number) => !isOver && plannedAt < until && measured < mostCalls,
    make(client: number, plannedAt?: number) {
      const isMeasured = (plannedAt ?? performance.now()) >= measuredFrom;
      if (isMeasured) measured += 1;
      return make(client, plannedAt, isMeasured);
    },
  };
  const run =
    load.kind === 'closed'
      ? closedLoop(loop, load.concurrency)
      : openLoop(loop, load.ratePerSecond, job.maxOpen ?? MAX_OPEN);

  const deadline = new AbortController();
  let interruption: string | undefined;
  try {
    await Promise.race([
      run,
      signal.aborted ? undefined : once(signal, 'abort'),
      sleep(job.warmUpMs + job.durationMs + timeoutMs, undefined, { signal: deadline.signal }),
    ]);
    if (signal.aborted) interruption = 'interrupted';
  } catch (error) {
    if (!(error instanceof TooManyOpenError)) throw error;
    interruption = error.message;
  } finally {
    deadline.abort();
    isOver = true;
  }

  const endedAt = performance.now();
  for (const call of calls) if (call.completedAt === Infinity) call.completedAt = endedAt;
  return { calls, interruption };
}
