import { createHash } from 'node:crypto';
import type { Outcome } from './outcome';

/**
 * An increment with an idempotency key: however often it is sent within a window after it has first counted, it counts
 * once, and every repetition gets the first one's value. Times are seconds since 1970.
 */
export interface KeyedIncrement {
  /** 1 to 64 of the characters of a counter id. */
  readonly key: string;
  /** When the API received the request: one that is late by more than the slack is refused. */
  readonly sentAt: number;
  /** Decimal digits of the limit, as in `IncrementOptions`. @default - 2^53−1 */
  readonly max?: string;
  /** How much is added, as in `IncrementOptions`; a repetition adds nothing, whatever it says here. @default 1 */
  readonly by?: number;
  /** For how long a repetition gets the first value, at least. */
  readonly windowSeconds: number;
  /** How many keys a counter remembers at most. While all of them are young, a new one is refused. */
  readonly cap: number;
  /** The clock. @default - the real one */
  readonly now?: () => number;
}

/** The slack of a shorter window would be shorter than an execution may take. */
export const LEAST_WINDOW_SECONDS = 60;

/** What a column and an item have room for, with a margin: docs/idempotency.md. */
export const MOST_KEYS = 1000;

/** How an increment with a key ended. `incremented` alone has changed the counter. */
export type KeyedOutcome =
  | Outcome
  | {
      status: 'replayed';
      /** The value that the key's first call wrote. */
      counter: number;
    }
  /** There is no room: all keys that the counter remembers are young. */
  | { status: 'full' }
  /** The request was sent so long ago that its key may have counted and been forgotten. */
  | { status: 'late' };

/** Now, in seconds. */
export const clockSeconds = (): number => Math.floor(Date.now() / 1000);

/**
 * By how much two clocks may differ, and how long a write may be under way: a quarter of the window. That is more than
 * the ten seconds that an execution may take.
 */
export function slackSeconds(windowSeconds: number): number {
  return Math.floor(windowSeconds / 4);
}

/**
 * How long a key is remembered: the window and five times the slack. One is for a first write that was under way, two
 * are for the clocks of who repeats and who forgets, one is for callers whose clock is behind, and one is for a call
 * that is stopped after it has read. With one less the models in test/models count a key twice.
 */
export function keptSeconds(windowSeconds: number): number {
  return windowSeconds + 5 * Math.ceil(windowSeconds / 4);
}

/**
 * What is stored for a key: the first 64 bits of its SHA-256, in hexadecimal digits. Among a thousand keys of one
 * counter two collide once in 10^13 times, and what is stored doesn't tell what the client sent.
 */
export function keyHash(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}
