import { setTimeout as pause } from 'node:timers/promises';
import type { Outcome } from './counter-store';
import type { StoreErrors } from './store-errors';
import { ATTEMPTS_MS } from './timeouts';

/** The clock, in milliseconds, and the randomness of the pauses between attempts. */
export interface Timing {
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
  /** From 0 to 1. */
  readonly random: () => number;
}

const REAL_TIMING: Timing = { now: () => performance.now(), pause, random: Math.random };

/**
 * Bounds of the pause before a retry, in milliseconds: full jitter over 64, 128, … up to 512. 64 callers on one counter
 * 2 ms away then need about 4 attempts per increment; with pauses a quarter as long 9, with pauses four times as long
 * 2, all in the same total time. The price is a slower second attempt for a single loser (docs/reliability.md).
 */
const FIRST_PAUSE_MS = 64;
const LONGEST_PAUSE_MS = 512;

/** The write of an increment, based on what was read. */
export interface Write {
  /** The value that it writes. */
  readonly counter: number;
  /** @returns whether it was stored: if not, it changed nothing */
  readonly store: () => Promise<boolean>;
}

/**
 * Increments by reading and then writing, as often as another call writes in between. A write that was not stored
 * changed nothing, so it is retried on the current value.
 *
 * @param read reads the counter, and decides how the call ends or what it writes
 * @throws NotAppliedError when other calls were faster until time ran out
 */
export async function compareAndSet<Ended extends { readonly status: string }>(
  errors: StoreErrors,
  read: () => Promise<Ended | Write>,
  { now, pause, random }: Timing = REAL_TIMING,
): Promise<Ended | Outcome> {
  const end = now() + ATTEMPTS_MS;
  let conflicts = 0;
  for (let bound = FIRST_PAUSE_MS; ; bound = Math.min(2 * bound, LONGEST_PAUSE_MS)) {
    const next = await read();
    if ('status' in next) return next;
    if (now() > end) throw errors.othersFaster();
    if (await next.store()) {
      return { status: 'incremented', counter: next.counter, ...(conflicts > 0 && { conflicts }) };
    }
    conflicts += 1;
    await pause(random() * bound);
  }
}
