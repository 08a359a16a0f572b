import { setTimeout as pause } from 'node:timers/promises';
import { NotAppliedError, type Outcome } from '../counter-store';
import { COMMAND_TIMEOUT_MS } from '../timeouts';
import { clockSeconds } from '../keyed-increment';
import { type Counters, counterText, type Found, type RecentKey } from './counter-items';
import { REQUEST_TIMEOUT_MS } from './client';

/** The strategies for incrementing below a limit. */
export const MOMENTO_STRATEGIES = ['compare-and-set', 'set-if-not-equal'] as const;

/**
 * `compare-and-set` is exact. `set-if-not-equal` is the textbook version: it increments on the client and stores the
 * result unless the counter is at the limit; calls at the same time overwrite each other's values, so it loses updates.
 */
export type MomentoStrategy = (typeof MOMENTO_STRATEGIES)[number];

/** The clock, in milliseconds, and the randomness of the pauses between attempts. */
export interface Timing {
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** The real ones. */
export const REAL_TIMING: Timing = { now: () => performance.now(), pause, random: Math.random };

/**
 * No write starts later than this after the first read, in milliseconds: its own timeout still fits into the command's.
 */
export const ATTEMPTS_MS = COMMAND_TIMEOUT_MS - REQUEST_TIMEOUT_MS;

/**
 * Bounds of the pause before a retry, in milliseconds: full jitter over 64, 128, … up to 512. 64 callers on one counter
 * 2 ms away then need about 4 attempts per increment; with pauses a quarter as long 9, with pauses four times as long
 * 2, all in the same total time. The price is a slower second attempt for a single loser (docs/reliability.md).
 */
export const FIRST_PAUSE_MS = 64;
export const LONGEST_PAUSE_MS = 512;

/**
 * Increments a counter while it is below `max`. A write that was not stored changed nothing, so it is retried on the
 * current value.
 *
 * @throws NotAppliedError when other calls were faster until time ran out
 */
export async function incrementBelow(
  counters: Counters,
  max: number,
  strategy: MomentoStrategy,
  { now, pause, random }: Timing = REAL_TIMING,
): Promise<Outcome> {
  const end = now() + ATTEMPTS_MS;
  let conflicts = 0;
  for (let bound = FIRST_PAUSE_MS; ; bound = Math.min(2 * bound, LONGEST_PAUSE_MS)) {
    const found = await counters.read();
    if (found !== undefined && found.counter >= max) return limitReached(found);
    if (now() > end) break;
    const counter = (found?.counter ?? 0) + 1;
    if (await store(counters, strategy, counter, found, String(max))) {
      return { status: 'incremented', counter, ...(conflicts > 0 && { conflicts }) };
    }
    conflicts += 1;
    await pause(random() * bound);
  }
  throw new NotAppliedError('momento: other increments of this counter were faster');
}

/** A value beyond 2^53−1 isn't returned: no counter gets there. */
function limitReached({ text, counter }: Found): Outcome {
  return Number.parseInt(text, 10) > counter ? { status: 'limit-reached' } : { status: 'limit-reached', counter };
}

function store(
  counters: Counters,
  strategy: MomentoStrategy,
  counter: number,
  found: Found | undefined,
  max: string,
): Promise<boolean> {
  if (found === undefined) return counters.setIfAbsent(String(counter));
  // Keys are never overwritten: whatever the strategy, a call that has been promised to count once does.
  if (strategy === 'compare-and-set' || found.keys.length > 0) {
    return counters.setIfEqual(counterText(counter, youngKeys(found, clockSeconds())), found.text);
  }
  return counters.setIfPresentAndNotEqual(String(counter), max);
}

/** The keys that aren't to be forgotten yet, by a clock that was looked at after they were read. */
export function youngKeys({ keys }: Found, clock: number): readonly RecentKey[] {
  return keys.filter(({ until }) => until > clock);
}
