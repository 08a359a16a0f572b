import type { Target } from './judge.js';
import type { CallOptions } from './options.js';
import type { Machine, Repetition } from './repeat.js';
import type { Call, Invalid } from './results.js';
import { abortSignal, deadline, type Settings, text } from './settings.js';

/** What all calls of a client share. */
export interface Context {
  readonly machine: Machine;
  readonly settings: Settings;
}

/** @throws TypeError if store or id is no string */
export function checkTarget({ store, id }: Target): void {
  text('store', store);
  text('id', id);
}

/**
 * How long a call tries, and what stops it.
 *
 * @throws TypeError naming the option, its rule and the value
 */
export function limitsOf(
  options: CallOptions,
  { deadlineMs, attemptTimeoutMs, idempotencyWindowMs }: Settings,
): Pick<Repetition<unknown>, 'deadlineMs' | 'attemptTimeoutMs' | 'signal'> {
  return {
    deadlineMs: deadline(options.deadlineMs ?? deadlineMs, idempotencyWindowMs),
    attemptTimeoutMs,
    signal: abortSignal(options.signal),
  };
}

/** The result of a call that was not sent. */
export function unsent(error: string): Invalid & Call {
  return { outcome: 'invalid', error, status: undefined, attempts: 0, executionArn: undefined };
}
