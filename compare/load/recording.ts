import type { Operation, Result } from '../exactness';
import type { CounterHistory } from '../exactness/history-file';
import type { Answer } from './targets';

/** One call, in milliseconds of `performance.now()`: doubles cost less than bigints while calls are made. */
export interface Call {
  readonly client: number;
  /** Which of the ids. */
  readonly counter: number;
  /** When it was to be sent; the same as `invokedAt` in a closed loop. */
  readonly plannedAt: number;
  readonly invokedAt: number;
  readonly isMeasured: boolean;
  completedAt: number;
  /** Unknown until there is another. */
  answer: Answer;
}

interface HistoryOptions {
  readonly ids: readonly string[];
  readonly starts: Readonly<Record<string, number>> | 'learned';
  readonly limit: number | undefined;
}

/** The calls of each counter, for the checker. A call began when it was sent, however late that was. */
export function historiesOf(calls: readonly Call[], { ids, starts, limit }: HistoryOptions): CounterHistory[] {
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
      history: { operations: own, start: starts === 'learned' ? learnedStart(id, own) : (starts[id] ?? 0) },
    };
  });
}

/** What a call proves. Only refusals that say so prove that nothing was counted. */
function resultOf(answer: Answer): Result {
  switch (answer.status) {
    case 'throttled':
      return { status: 'not-applied' };
    case 'failed':
      return { status: 'unknown' };
    default:
      return answer;
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
