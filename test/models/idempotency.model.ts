/*
 * What the models of idempotency keys share: who calls, what time is, and what has been promised.
 *
 * Time goes in buckets, and a window is WINDOW of them: two events less than a window apart are at most WINDOW buckets
 * apart. No two clocks differ by more than a bucket: each reads the true one or the next.
 */

/** A window, in buckets. */
export const WINDOW = 1;

/** What a clock may read. */
export const clocks = (now: number): readonly number[] => [now, now + 1];

export type Key = 'a' | 'b' | 'c';

/** Who calls, and what there is room for. */
export interface Scenario {
  /** The calls, each with its key or without. Of those with the same key the first begins first. */
  readonly calls: readonly (Key | undefined)[];
  /** Below which all calls increment. */
  readonly limit: number;
  /** How many keys a counter remembers at most. */
  readonly room: number;
  /** How often a write with a key may arrive, each time at any later time. */
  readonly copies: number;
  /** The last bucket. */
  readonly last: number;
  /**
   * The keys of interest: only their calls come by any clock, and are stopped anywhere.
   *
   * @default - a
   */
  readonly followed?: readonly Key[];
}

/** Calls with a key and without, below a limit that the two of them reach, and a copy of each write with a key. */
export const MIXED: Scenario = { calls: ['a', 'a', undefined], limit: 2, room: 2, copies: 2, last: 4 };

/** Two keys, and room for one. */
export const CROWDED: Scenario = { calls: ['a', 'a', 'b'], limit: 2, room: 1, copies: 1, last: 4 };

/** Keys before and after the one of interest. */
export const BETWEEN: Scenario = { calls: ['b', 'a', 'c', 'a'], limit: 4, room: 3, copies: 1, last: 4 };

/** Whether a key is of interest. The others are there for its sake. */
export function isFollowed({ followed = ['a'] }: Scenario, key: Key | undefined): boolean {
  return key !== undefined && followed.includes(key);
}

/** The buckets of which a call may be. One that is there for the others' sake comes by a clock that is ahead. */
export function callersClocks(scenario: Scenario, key: Key | undefined, now: number): readonly number[] {
  return isFollowed(scenario, key) ? clocks(now) : [now + 1];
}

/** How a call ends for its caller. */
export interface Told {
  readonly status: 'incremented' | 'replayed' | 'limit-reached' | 'full' | 'late';
  /** Where it is incremented or replayed. */
  readonly counter?: number;
}

/** What a step is to who compares the model with a real store. */
export interface StepLabel {
  readonly does: 'time' | 'send' | 'call' | 'forget';
  /** Whose step it is, by the place in the scenario. @default - nobody's */
  readonly call?: number;
  /** What a clock reads that is looked at. @default - none is */
  readonly clock?: number;
  /** What its caller is told. @default - nothing yet */
  readonly told?: Told | undefined;
}

/** What the caller of a step is told that counts. @returns undefined where it doesn't */
export function incremented(before: { counter: number }, after: { counter: number }): Told | undefined {
  return after.counter > before.counter ? { status: 'incremented', counter: after.counter } : undefined;
}

export const LIMIT_REACHED: Told = { status: 'limit-reached' };

export const TIME: StepLabel = { does: 'time' };

/** Whether a call may begin: of those that differ in nothing yet, the first does. */
export function mayBegin({ calls }: Scenario, index: number, isBegun: (index: number) => boolean): boolean {
  return calls.every((key, other) => other >= index || key !== calls[index] || isBegun(other));
}

/** A key that a counter remembers. */
export interface Remembered {
  readonly key: Key;
  /** The bucket by which it is forgotten. */
  readonly bucket: number;
  /** What the call that counted has got. */
  readonly value: number;
}

export function remember(records: readonly Remembered[], record: Remembered): Remembered[] {
  return [...records, record].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** What the calls have been promised so far, and the first promise that was broken. */
export interface Promised {
  /** How many increments have been applied. */
  readonly counted: number;
  /** By key: the value of its increment, and the last bucket in which a call may be sent that must not count again. */
  readonly keys: { readonly [key in Key]?: { readonly value: number; readonly until: number } };
  readonly broken?: string;
}

export const NOTHING_PROMISED: Promised = { counted: 0, keys: {} };

/**
 * An increment has been applied.
 *
 * @param value what its call gets
 * @param sent in which bucket its call was sent: a key that counts more than a bucket later is only held to a window after
 * that bucket, since nobody can tell how long a write was under way
 */
export function count(promised: Promised, now: number, value: number, key?: Key, sent = now): Promised {
  const counted = promised.counted + 1;
  if (promised.broken !== undefined) return promised;
  if (value !== counted) return { ...promised, broken: `counted to ${value} by ${counted} increments` };
  if (key === undefined) return { ...promised, counted };
  const before = promised.keys[key];
  if (before !== undefined && sent <= before.until) return { ...promised, broken: `key ${key} counted twice` };
  const { a, b, c }: Promised['keys'] = {
    ...promised.keys,
    [key]: { value, until: Math.min(now, sent + 1) + WINDOW },
  };
  return { counted, keys: { ...(a && { a }), ...(b && { b }), ...(c && { c }) } };
}

/** A call has been answered with an earlier call's value. */
export function replay(promised: Promised, value: number, key: Key): Promised {
  const first = promised.keys[key]?.value;
  if (promised.broken !== undefined || first === value) return promised;
  return { ...promised, broken: `replay of key ${key} got ${value} instead of ${first ?? 'nothing'}` };
}

/** A call has been refused. Lateness is no reason to complain: it isn't known any more whether the key has counted. */
export function refuse(promised: Promised, reason: 'limit' | 'full', sent: number, key: Key): Promised {
  const first = promised.keys[key];
  if (promised.broken !== undefined || first === undefined || sent > first.until) return promised;
  return { ...promised, broken: `replay of key ${key} was refused: ${reason}` };
}
