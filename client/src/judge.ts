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
export function judgeIncrement(answer: Answer | NoAnswer, target: Target, by: number): Verdict<SettledIncrement> {
  const result = 'noAnswer' in answer ? undefined : (counted(answer, target, by) ?? limitReached(answer, target));
  return result ? { kind: 'settled', result } : judgeUnsettled(answer);
}

/** What an answer to a read proves. */
export function judgeRead(answer: Answer | NoAnswer, target: Target): Verdict<SettledRead> {
  const result = 'noAnswer' in answer ? undefined : read(answer, target);
  return result ? { kind: 'settled', result } : judgeUnsettled(answer);
}

function counted({ status, headers, body }: Answer, target: Target, by: number): SettledIncrement | undefined {
  const { counter, useConditionalWrites } = body;
  if (status !== 200 || !isAbout(body, target)) return undefined;
  const limit = limitIn(body);
  if (!isCounter(counter) || typeof useConditionalWrites !== 'boolean' || !limit) return undefined;
  const outcome = headers.get('Idempotent-Replay') === 'true' ? 'replayed' : 'incremented';
  return { outcome, ...target, counter, by, useConditionalWrites, ...limit };
}

function limitReached({ status, body }: Answer, target: Target): SettledIncrement | undefined {
  const { error, useConditionalWrites } = body;
  if (status !== 409 || !isAbout(body, target)) return undefined;
  const limit = limitIn(body);
  if (typeof error !== 'string' || typeof useConditionalWrites !== 'boolean' || !limit) return undefined;
  return { outcome: 'limit-reached', error, ...target, useConditionalWrites, ...limit };
}

function read({ status, body }: Answer, target: Target): SettledRead | undefined {
  const { counter, consistency } = body;
  const limit = limitIn(body);
  if (status !== 200 || !isAbout(body, target) || !isCounter(counter) || !limit) return undefined;
  if (consistency !== 'strong' && consistency !== 'eventual') return undefined;
  return { outcome: 'read', ...target, counter, ...limit, consistency };
}

const isAbout = (body: Body, { store, id }: Target): boolean => body['store'] === store && body['id'] === id;

/** Beyond 2^53−1 a JSON number is not exact. */
const isCounter = (value: unknown): value is number => Number.isSafeInteger(value);

/** The limit and what remains below it, each where it is told; undefined if one of them isn't the API's. */
function limitIn({ max, remaining }: Body): Pick<Counted, 'max' | 'remaining'> | undefined {
  if (max !== undefined && !isCounter(max)) return undefined;
  if (remaining !== undefined && (max === undefined || !isCounter(remaining))) return undefined;
  return { max, remaining };
}
