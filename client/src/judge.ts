import type { Answer, NoAnswer } from './exchange.js';
import type { Counted, IncrementCall, LimitReached, Call, Read } from './results.js';
import { judgeUnsettled, type Verdict } from './verdict.js';

/** Which counter is meant: an answer about another one is not the API's to this request. */
export interface Target {
  readonly store: string;
  readonly id: string;
}

type Body = Readonly<Record<string, unknown>>;
export type SettledIncrement = Omit<Counted, keyof IncrementCall> | Omit<LimitReached, keyof IncrementCall>;
export type SettledRead = Omit<Read, keyof Call>;

/**
 * What an answer to an increment proves. A refusal at the limit settles earlier attempts with the same key too: had one of
 * them counted, this were its replay.
 */
export function judgeIncrement(answer: Answer | NoAnswer, target: Target): Verdict<SettledIncrement> {
  const result = 'noAnswer' in answer ? undefined : (counted(answer, target) ?? limitReached(answer, target));
  return result ? { kind: 'settled', result } : judgeUnsettled(answer);
}

/** What an answer to a read proves. */
export function judgeRead(answer: Answer | NoAnswer, target: Target): Verdict<SettledRead> {
  const result = 'noAnswer' in answer ? undefined : read(answer, target);
  return result ? { kind: 'settled', result } : judgeUnsettled(answer);
}

function counted({ status, headers, body }: Answer, target: Target): SettledIncrement | undefined {
  const { counter, useConditionalWrites } = body;
  if (status !== 200 || !isAbout(body, target)) return undefined;
  if (!isCounter(counter) || typeof useConditionalWrites !== 'boolean') return undefined;
  const outcome = headers.get('Idempotent-Replay') === 'true' ? 'replayed' : 'incremented';
  return { outcome, ...target, counter, useConditionalWrites };
}

function limitReached({ status, body }: Answer, target: Target): SettledIncrement | undefined {
  const { error, counter, useConditionalWrites } = body;
  if (status !== 409 || !isAbout(body, target)) return undefined;
  if (typeof error !== 'string' || typeof useConditionalWrites !== 'boolean') return undefined;
  return {
    outcome: 'limit-reached',
    error,
    ...target,
    useConditionalWrites,
    counter: isCounter(counter) ? counter : undefined,
    max: limitIn(error),
  };
}

function read({ status, body }: Answer, target: Target): SettledRead | undefined {
  const { counter, consistency } = body;
  if (status !== 200 || !isAbout(body, target) || !isCounter(counter)) return undefined;
  if (consistency !== 'strong' && consistency !== 'eventual') return undefined;
  return { outcome: 'read', ...target, counter, consistency };
}

const isAbout = (body: Body, { store, id }: Target): boolean => body['store'] === store && body['id'] === id;

/** Beyond 2^53−1 a JSON number is not exact. */
const isCounter = (value: unknown): value is number => Number.isSafeInteger(value);

/** The API tells the limit in words alone. */
function limitIn(error: string): number | undefined {
  const max = Number(/maximum value of: (\d+)$/.exec(error)?.[1]);
  return isCounter(max) ? max : undefined;
}
