import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeHistoryFile } from '../exactness';
import type { Job, JobResult } from './job';
import { type Calls, type Loop, prepareLoop, TooManyOpenError } from './loops';
import { type CallRecorder, historiesOf, recordCalls } from './recording';
import { toRound } from './round';
import { openTarget } from './targets';

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
  const { ids, starts = {}, limit, sharded = false, timeoutMs = TIMEOUT_MS } = job;
  if (ids.length === 0) throw new Error('a job needs at least one counter id');
  const target = await openTarget(job.target, timeoutMs);
  try {
    const recorder = recordCalls(target, ids);
    const interruption = await makeCalls(job, recorder, timeoutMs, signal);
    const calls = recorder.end();
    const histories = historiesOf(calls, { ids, starts, limit, sharded });
    if (job.historyFile !== undefined) await writeHistoryFile(job.historyFile, histories);
    return toRound(job, calls, histories, interruption);
  } finally {
    await target.close();
  }
}

/** @returns why the load ended before its time; undefined where it didn't */
async function makeCalls(
  job: Job,
  recorder: CallRecorder,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const loop = await prepareLoop(job.load, job.maxOpen ?? MAX_OPEN);
  const over = new AbortController();
  const patienceMs = job.warmUpMs + job.durationMs + timeoutMs * (job.starts === 'learned' ? 2 : 1);
  try {
    await Promise.race([
      run(job, recorder, loop, over.signal),
      signal.aborted ? undefined : once(signal, 'abort', { signal: over.signal }),
      sleep(patienceMs, undefined, { signal: over.signal }),
    ]);
    return signal.aborted ? 'interrupted' : undefined;
  } catch (error) {
    if (error instanceof TooManyOpenError) return error.message;
    throw error;
  } finally {
    over.abort();
    await loop.close();
  }
}

async function run(job: Job, recorder: CallRecorder, loop: Loop, over: AbortSignal): Promise<void> {
  // The first call of each counter, which no other overlaps.
  for (let left = job.starts === 'learned' ? job.ids.length : 0; left > 0 && !over.aborted; left -= 1) {
    await recorder.make({ client: 0, plannedAt: performance.now(), isMeasured: false });
  }
  await loop.run(callsOf(job, recorder, over));
}

/** What a loop sends from now on: first the warm-up, then what is measured. */
function callsOf(
  { warmUpMs, durationMs, calls: most = Infinity, afterLimitMs = Infinity }: Job,
  recorder: CallRecorder,
  over: AbortSignal,
): Calls {
  const measuredFrom = performance.now() + warmUpMs;
  let measured = 0;
  let end = measuredFrom + durationMs;
  return {
    // A first call that takes longer than warm-up and measurement together is followed by one that is measured.
    mayBegin: (plannedAt) => !over.aborted && (plannedAt < end || measured === 0) && measured < most,
    async make(client, plannedAt) {
      const isMeasured = plannedAt >= measuredFrom;
      if (isMeasured) measured += 1;
      const { status } = await recorder.make({ client, plannedAt, isMeasured });
      if (status === 'limit-reached') end = Math.min(end, performance.now() + afterLimitMs);
    },
  };
}
