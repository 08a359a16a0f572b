import { hasRoom, MAX_COUNTER } from './counter-store';
import {
  clockSeconds,
  type KeyedIncrement,
  type KeyedOutcome,
  keptSeconds,
  keyHash,
  slackSeconds,
} from './keyed-increment';

/** An idempotency key that a counter remembers. */
export interface RecentKey {
  readonly hash: string;
  /** Until when, in seconds since 1970. */
  readonly until: number;
  /** What its first call wrote. */
  readonly value: number;
}

/** A counter and the keys beside it. */
export interface KeyedCounter {
  readonly counter: number;
  readonly keys: readonly RecentKey[];
}

/** The keys that must not be forgotten yet, by a clock that was looked at after they were read. */
export function youngKeys(keys: readonly RecentKey[], clock: number): readonly RecentKey[] {
  return keys.filter(({ until }) => until > clock);
}

/**
 * What an increment makes of a counter that it has just read, where counter and keys are written together by
 * compare-and-set: how the call ends, or what it writes, which leaves out the keys that are old.
 *
 * The clock is looked at here, after reading: a call that was stopped in between can't take a forgotten key for a new
 * one.
 */
export function applyKeyed(
  { counter: before, keys }: KeyedCounter,
  { key, max = String(MAX_COUNTER), by = 1, sentAt, windowSeconds, cap, now = clockSeconds }: KeyedIncrement,
): KeyedOutcome | KeyedCounter {
  const clock = now();
  const hash = keyHash(key);
  const known = keys.find((recent) => recent.hash === hash);
  if (known) return { status: 'replayed', counter: known.value };
  if (sentAt < clock - slackSeconds(windowSeconds)) return { status: 'late' };
  if (!hasRoom(before, by, Number(max))) return { status: 'limit-reached', counter: before };
  const young = youngKeys(keys, clock);
  if (young.length >= cap) return { status: 'full' };
  const counter = before + by;
  return { counter, keys: [...young, { hash, until: clock + keptSeconds(windowSeconds), value: counter }] };
}
