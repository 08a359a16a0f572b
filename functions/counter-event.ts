import { InvalidRequestError, MAX_COUNTER, MOST_BY, type Operation } from './counter-store';
import { type KeyedIncrement, LEAST_WINDOW_SECONDS, MOST_KEYS } from './keyed-increment';
import { shown } from './shown';

/** What a task of a state machine asks a store's function for. */
export interface CounterEvent {
  /** @default - an increment */
  readonly operation: Operation;
  /** The counter id: 1 to 128 of the characters `A-Z a-z 0-9 . _ ~ : @ -`, but not `.` or `..`. */
  readonly id: string;
  /** Decimal digits of the limit. Its presence makes an increment conditional. */
  readonly max?: string;
  /** How much an increment adds: in the event a string of digits, from 1 to 1,000,000. @default 1 */
  readonly by?: number;
  /** How the store increments, where it has several strategies. */
  readonly strategy?: string;
  /** The increment with its idempotency key, of an event with `key`, `sentAt`, `windowSeconds` and `cap`. */
  readonly keyed?: KeyedIncrement;
}

const ID = /^(?!\.{1,2}$)[A-Za-z0-9._~:@-]{1,128}$/;
const KEY = /^[A-Za-z0-9._~:@-]{1,64}$/;
const DIGITS = /^[1-9][0-9]{0,15}$/;

/** Seconds since 1970 have ten digits from 2001 to 2286, and a window has fewer: TiDB's entries count on it. */
const TIMES = { least: 1_000_000_000, most: 9_999_999_999 };
const MOST_WINDOW_SECONDS = 999_999_999;

/**
 * Validates the event of a call.
 *
 * @param strategies the store's strategies for incrementing
 * @throws InvalidRequestError with the rule and the value
 */
export function parseCounterEvent(event: unknown, strategies: readonly string[] = []): CounterEvent {
  const fields = Object(event) as Record<string, unknown>;
  const { operation = 'increment', id, max, by, strategy, key } = fields;
  if (operation !== 'increment' && operation !== 'read') {
    throw new InvalidRequestError(`operation must be increment or read, got ${shown(operation)}`);
  }
  if (typeof id !== 'string' || !ID.test(id)) {
    const rule = 'id must be 1 to 128 of the characters A-Z a-z 0-9 . _ ~ : @ -, but not . or ..';
    throw new InvalidRequestError(`${rule}, got ${shown(id)}`);
  }
  if (max !== undefined && !isWithin(max, MAX_COUNTER)) {
    throw new InvalidRequestError(`max must be a string of digits from 1 to ${MAX_COUNTER}, got ${shown(max)}`);
  }
  if (by !== undefined && !isWithin(by, MOST_BY)) {
    throw new InvalidRequestError(`by must be a string of digits from 1 to ${MOST_BY}, got ${shown(by)}`);
  }
  if (strategy !== undefined && !(typeof strategy === 'string' && strategies.includes(strategy))) {
    const rule = strategies.length === 0 ? 'absent for this store' : `one of ${strategies.join(', ')}`;
    throw new InvalidRequestError(`strategy must be ${rule}, got ${shown(strategy)}`);
  }
  for (const [name, value] of operation === 'read' ? Object.entries({ by, key }) : []) {
    if (value !== undefined) throw new InvalidRequestError(`${name} must be absent for a read, got ${shown(value)}`);
  }
  const amount = { ...(max === undefined ? {} : { max }), ...(by === undefined ? {} : { by: Number(by) }) };
  return {
    operation,
    id,
    ...amount,
    ...(strategy === undefined ? {} : { strategy }),
    ...(key === undefined ? {} : { keyed: { ...amount, ...parseKey(fields) } }),
  };
}

/** The fields that come with an idempotency key. */
function parseKey(fields: Record<string, unknown>): Omit<KeyedIncrement, 'max' | 'by' | 'now'> {
  const { key } = fields;
  if (typeof key !== 'string' || !KEY.test(key)) {
    throw new InvalidRequestError(`key must be 1 to 64 of the characters A-Z a-z 0-9 . _ ~ : @ -, got ${shown(key)}`);
  }
  return {
    key,
    sentAt: wholeNumber(fields, 'sentAt', TIMES.least, TIMES.most),
    windowSeconds: wholeNumber(fields, 'windowSeconds', LEAST_WINDOW_SECONDS, MOST_WINDOW_SECONDS),
    cap: wholeNumber(fields, 'cap', 1, MOST_KEYS),
  };
}

function wholeNumber(fields: Record<string, unknown>, name: string, least: number, most: number): number {
  const value = fields[name];
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new InvalidRequestError(`${name} must be a whole number from ${least} to ${most}, got ${shown(value)}`);
}

/** Whether it is a string of digits from 1 to `most`. */
function isWithin(value: unknown, most: number): value is string {
  return typeof value === 'string' && DIGITS.test(value) && Number(value) <= most;
}
