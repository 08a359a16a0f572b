import { createHash } from 'node:crypto';
import type { Outcome } from './counter-store';

/**
 * An increment with an idempotency key: however often it is sent within a window after it has first counted, it counts
 * once, and every repetition gets the first one's value. Times are seconds since 1970.
 */
export interface KeyedIncrement {
  /** 1 to 64 of the characters of a counter id. */
  readonly key: string;
  /** When the API received the request, for whatever is late by more than the slack is refused. */
  readonly sentAt: number;
  /** Decimal digits of the limit, as in `IncrementOptions`. @default - 2^53−1 */
  readonly max?: string;
  /** For how long a repetition gets the first value, at least: 60 or more. */
  readonly windowSeconds: number;
  /** How many keys a counter remembers at most. A new one is refused while all of them are young. */
  readonly cap: number;
  /** The clock. @default - the real one */
  readonly now?: () => number;
}

/** How an increment with a key has ended. Only the first of these has changed the counter; the others never do. */
export type KeyedOutcome =
  | Outcome
  | {
      status: 'replayed';
      /** The value that the key's first call wrote. */
      counter: number;
    }
  /** All keys that there is room for are young. */
  | { status: 'full' }
  /** The request was sent too long ago to know whether its key has counted. */
  | { status: 'late' };

/** Now, in seconds. */
export const clockSeconds = (): number => Math.floor(Date.now() / 1000);

/**
 * By how much two clocks may differ, and how long a write may be under way: a quarter of the window. Ten seconds, which an
 * execution may take, are less.
 */
export function slackSeconds(windowSeconds: number): number {
  return Math.floor(windowSeconds / 4);
}

/**
 * How long a key is remembered: the window, and five times the slack. One is for a first write that was under way, two are
 * for clocks (of who repeats, of who forgets), one keeps those going whose clock is behind, and one is for a call that is
 * stopped after it has read. With one less the models in test/models count a key twice.
 */
export function keptSeconds(windowSeconds: number): number {
  return windowSeconds + 5 * Math.ceil(windowSeconds / 4);
}

/**
 * What is stored for a key: the first 64 bits of its SHA-256, in hexadecimal digits. Among a thousand keys of one counter
 * two are alike once in 10^13 times; a stored key tells nobody what the client sent.
 */
export function keyHash(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}
