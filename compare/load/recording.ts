import type { Operation, Result } from '../exactness';
import type { CounterHistory } from '../exactness/history-file';
import type { Answer, Caller } from './targets';

/** A call that is to be made. Times are milliseconds of `performance.now`: they cost less than bigints. */
export interface PlannedCall {
  readonly client: number;
  /** When it was to be sent, which is now in a closed loop. */
  readonly plannedAt: number;
  /** Whether it counts for more than the verdict: calls of the warm-up don't. */
  readonly isMeasured: boolean;
}

/** A call that was made. */
export interface Call extends PlannedCall {
  /** Which of the ids. */
  readonly counter: number;
  readonly invokedAt: number;
  /** Infinity until it has been answered. */
  completedAt: number;
  /** Unknown until there is another. */
  answer: Answer;
}

/** Makes calls, over the counters by turns, and keeps what became of each. */
export interface CallRecorder {
  make(call: PlannedCall): Promise<Answer>;
  /** Ends the recording: calls without an answer are of unknown outcome, and what is answered later isn't recorded. */
  end(): readonly Call[];
}

export function recordCalls(target: Caller, ids: readonly string[]): CallRecorder {
  const calls: Call[] = [];
  let isOver = false;
  return {
    async make({ client, plannedAt, isMeasured }) {
      const counter = calls.length % ids.length;
      const answer: Answer = { status: 'unknown' };
      const invokedAt = performance.now();
      const call: Call = { client, counter, plannedAt, invokedAt, isMeasured, completedAt: Infinity, answer };
      calls.push(call);
      const told = await target.increment(ids[counter] ?? '');
      if (isOver) return told;
      call.completedAt = performance.now();
      call.answer = told;
      return told;
    },
    end() {
      isOver = true;
      const endedAt = performance.now();
      for (const call of calls) if (call.completedAt === Infinity) call.completedAt = endedAt;
      return calls;
    },
  };
}

interface HistoryOptions {
  readonly ids: readonly string[];
  readonly starts: Readonly<Record<string, number>> | 'learned';
  readonly limit: number | undefined;
  readonly sharded: boolean;
}

/** The calls of each counter, for the checker. A call began when it was sent, however late that was. */
export function historiesOf(calls: readonly Call[], { ids, starts, limit, sharded }: HistoryOptions): CounterHistory[] {
  const operations = ids.map((): Operation[] => []);
  for (const { client, counter, invokedAt, completedAt, answer } of calls) {
    operations[counter]?.push({
      client,
      invokedAt: nanoseconds(invokedAt),
      completedAt: nanoseconds(completedAt),
      result: resultOf(answer),
      ...(limit === undefined ? {} : { max: limit }),
    });
  }
  return ids.map((id, index) => {
    const own = operations[index] ?? [];
    return {
      id,
      history: {
        operations: own,
        start: starts === 'learned' ? learnedStart(id, own) : (starts[id] ?? 0),
        ...(sharded ? { sharded } : {}),
      },
    };
  });
}

/** What a call proves. Only refusals that say so prove that nothing was counted. */
export function resultOf(answer: Answer): Result {
  switch (answer.status) {
    case 'incremented':
      return {
        status: 'incremented',
        counter: answer.counter,
        ...(answer.replayed === undefined ? {} : { replayed: answer.replayed }),
      };
    case 'limit-reached':
      return { status: 'limit-reached', ...(answer.counter === undefined ? {} : { counter: answer.counter }) };
    case 'throttled':
    case 'not-applied':
      return { status: 'not-applied' };
    case 'failed':
    case 'unknown':
      return { status: 'unknown' };
  }
}

/**
 * The value that a counter had before the first call, which no other overlaps: one below what it returned, or what it was
 * refused at.
 *
 * @throws Error where the first call tells no value
 */
function learnedStart(id: string, [first]: readonly Operation[]): number {
  if (first === undefined) return 0;
  const { result } = first;
  if (result.status === 'incremented') return result.counter - 1;
  if (result.status === 'limit-reached' && result.counter !== undefined) return result.counter;
  throw new Error(`the first call of counter "${id}" tells no value that it began at: it ended ${result.status}`);
}

function nanoseconds(milliseconds: number): bigint {
  return BigInt(Math.round(milliseconds * 1e6));
}
