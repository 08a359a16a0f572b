import type { KeyedIncrement, KeyedOutcome } from './keyed-increment';
import type { Outcome } from './outcome';

export type { Outcome } from './outcome';

export interface IncrementOptions {
  /** Decimal digits of a whole number from 1 to 2^53−1: the counter never passes it. @default - 2^53−1 */
  readonly max?: string;
  /** How much is added, all or nothing: a whole number from 1 to 1,000,000. @default 1 */
  readonly by?: number;
}

/** What a call does to a counter. */
export type Operation = 'increment' | 'read';

/** A datastore that holds counters. */
export interface CounterStore {
  /**
   * Adds `by` to counter `id`, atomically, if there is room for all of it up to `max`; otherwise nothing. The numbers
   * (counter − by, counter] are this call's own.
   *
   * @throws NotAppliedError when the store provably did not write, for a passing reason
   * @throws StoreUnavailableError when the store provably did not write and isn't available
   * @throws UnknownOutcomeError when it may have
   */
  increment(id: string, options?: IncrementOptions): Promise<Outcome>;

  /**
   * Adds to counter `id` as `increment` does, and once for its idempotency key, however often it is repeated.
   *
   * @throws as `increment`
   */
  incrementKeyed(id: string, increment: KeyedIncrement): Promise<KeyedOutcome>;

  /**
   * Reads counter `id`: 0 where there is none. It sees every increment that was acknowledged before, as far as the
   * store guarantees it.
   *
   * @throws NotAppliedError when the store refused for a passing reason
   * @throws StoreUnavailableError when the store isn't available, or holds something other than a counter
   * @throws UnknownOutcomeError when the store didn't answer
   */
  read(id: string): Promise<number>;

  /** Closes the client's connections. */
  close(): Promise<void>;
}

/** The largest value that a counter reaches: above it neither JavaScript nor JSONata counts exactly. */
export const MAX_COUNTER = Number.MAX_SAFE_INTEGER;

/** The longest step. */
export const MOST_BY = 1_000_000;

/**
 * Whether there is room for a step: the rule of all stores. A step above the limit is refused even where somebody has
 * set the counter so far below zero that the sum would not be. The difference is exact, as a sum might not be.
 */
export function hasRoom(counter: number, by: number, max: number): boolean {
  return by <= max && counter <= max - by;
}

/** Whether a text is a whole number in its shortest form, of any size. */
export function isWholeNumber(text: string): boolean {
  return /^(0|-?[1-9][0-9]*)$/.test(text);
}

/**
 * Parses a counter. A value above the largest, for a moment or because somebody wrote it, is counted no further and
 * reads as the largest.
 *
 * @returns undefined when the text isn't a whole number in its shortest form, or is too far below zero
 */
export function counterValue(text: string): number | undefined {
  if (!isWholeNumber(text)) return undefined;
  const value = Math.min(Number(text), MAX_COUNTER);
  return value < -MAX_COUNTER ? undefined : value;
}

/**
 * The store provably did not write, for a passing reason (throttled, write conflict, failover): repeating the call is
 * safe. The state machine retries it by this name.
 */
export class NotAppliedError extends Error {
  override readonly name = 'NotAppliedError'; // set by hand: minifying renames the class
}

/**
 * The store can't be reached or isn't ready (refused connection, no credentials, setup not yet run): nothing was
 * written, and that won't change within a second. The state machine doesn't retry it but answers at once.
 */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

/** The store did not answer, or not in a known way: an increment may have been written, and a retry may count twice. */
export class UnknownOutcomeError extends Error {
  override readonly name = 'UnknownOutcomeError';
}

/**
 * An increment without a limit would have passed the largest value that a counter reaches. Where the caller sets a
 * limit, reaching it is an ordinary outcome and is returned.
 */
export class LimitReachedError extends Error {
  override readonly name = 'LimitReachedError';
}

/** The request is invalid: repeating it is no use. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError';
}
