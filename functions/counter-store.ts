/** How an increment that the store answered has ended. */
export type Outcome =
  | {
      status: 'incremented';
      /** The value that this very call wrote. */
      counter: number;
      /** How often another call was faster, and the store repeated what surely had not been written. @default - never */
      conflicts?: number;
    }
  | {
      status: 'limit-reached';
      /** The value that stood in the way, where the store tells it at no cost. */
      counter?: number;
    };

export interface IncrementOptions {
  /** Decimal digits of a whole number from 1 to 2^53−1: increment only while the counter is below it. */
  readonly max?: string;
}

/** What is done to a counter. */
export type Operation = 'increment' | 'read';

/** A datastore that holds counters. */
export interface CounterStore {
  /**
   * Adds one to counter `id`, atomically; with `max`, only while it is below `max`.
   *
   * @throws NotAppliedError when the store surely did not write, for now
   * @throws StoreUnavailableError when the store surely did not write and isn't there
   * @throws UnknownOutcomeError when it may have
   */
  increment(id: string, options?: IncrementOptions): Promise<Outcome>;

  /**
   * Reads counter `id`: 0 where there is none. It sees every increment that was acknowledged before, as far as the store
   * promises that to anyone.
   *
   * @throws NotAppliedError when the store refused, for now
   * @throws StoreUnavailableError when the store isn't there, or holds something else than a counter
   * @throws UnknownOutcomeError when the store didn't answer
   */
  read(id: string): Promise<number>;

  /** Closes the client's connections. */
  close(): Promise<void>;
}

/** The largest value that a counter reaches: above it neither JavaScript nor JSONata counts exactly. */
export const MAX_COUNTER = Number.MAX_SAFE_INTEGER;

/** Whether a text is a whole number in its shortest form, of any size. */
export function isWholeNumber(text: string): boolean {
  return /^(0|-?[1-9][0-9]*)$/.test(text);
}

/**
 * The counter in a text. What stands above the largest value, for a moment or because somebody wrote it, counts no further
 * and reads as that value.
 *
 * @returns undefined when the text isn't a whole number in its shortest form, or is too far below zero
 */
export function counterValue(text: string): number | undefined {
  if (!isWholeNumber(text)) return undefined;
  const value = Math.min(Number(text), MAX_COUNTER);
  return value < -MAX_COUNTER ? undefined : value;
}

/**
 * The store surely did not write, for a passing reason (throttled, write conflict, failover): repeating the call is safe.
 * The state machine retries it by this name.
 */
export class NotAppliedError extends Error {
  override readonly name = 'NotAppliedError'; // set by hand: minifying renames the class
}

/**
 * The store can't be reached or isn't ready (refused connection, no credentials, setup not yet run): nothing was written,
 * and the next second won't change it. Answered at once, so the state machine doesn't retry it.
 */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

/** The store did not answer, or not in a way that is known: an increment may have been written, a repetition count twice. */
export class UnknownOutcomeError extends Error {
  override readonly name = 'UnknownOutcomeError';
}

/**
 * An increment without a limit has met the largest value that a counter reaches. Where a limit was asked for, reaching it
 * is an ordinary outcome and is returned.
 */
export class LimitReachedError extends Error {
  override readonly name = 'LimitReachedError';
}

/** The request can't be carried out as it is: repeating it is no use. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError';
}
