import { setTimeout as pause } from 'node:timers/promises';
import { type Document, Long } from 'mongodb';
import { MAX_COUNTER, NotAppliedError, StoreUnavailableError } from '../counter-store';
import {
  clockSeconds,
  type KeyedIncrement,
  type KeyedOutcome,
  keptSeconds,
  keyHash,
  slackSeconds,
} from '../keyed-increment';
import { COMMAND_TIMEOUT_MS } from '../timeouts';
import { type DocdbClient, NO_SOCKET_TIMEOUT } from './client';
import { storedCounter } from './counter-value';
import { isDuplicateKey } from './errors';

/** A key that a counter remembers, in few bytes: its hash, until when, and the value that its call wrote. */
interface RecentKey {
  readonly h: string;
  readonly u: Long;
  readonly v: Long;
}

interface Found {
  /** As it is stored, to be compared with. @default - there is none yet */
  readonly stored: unknown;
  readonly counter: number;
  readonly keys: readonly RecentKey[];
}

/** No attempt begins later than this after the first, in milliseconds: its read and its write fit into what is left. */
const ATTEMPTS_MS = COMMAND_TIMEOUT_MS * 0.6;

/** Bounds of the pause before a repetition, in milliseconds, by full jitter: as in Momento (docs/reliability.md). */
const FIRST_PAUSE_MS = 64;
const LONGEST_PAUSE_MS = 512;

/**
 * Increments a counter with an idempotency key, by compare-and-set: the document is read, and counter and keys are written
 * together if the counter is still the one that was read. Each increment moves the counter, so a write that comes late, a
 * copy of one, and all that others have counted meanwhile are seen by the comparison. Calls without a key needn't know of it.
 *
 * The clock is looked at after reading, so that a call that was stopped in between can't take a forgotten key for a new one.
 * What is old is left out of what is written.
 *
 * @throws NotAppliedError when other calls were faster until the time was up
 */
export async function incrementKeyed(
  client: DocdbClient,
  id: string,
  increment: KeyedIncrement,
): Promise<KeyedOutcome> {
  const { max = String(MAX_COUNTER), sentAt, windowSeconds, cap, now = clockSeconds } = increment;
  const hash = keyHash(increment.key);
  const end = performance.now() + ATTEMPTS_MS;
  let conflicts = 0;
  for (let bound = FIRST_PAUSE_MS; ; bound = Math.min(2 * bound, LONGEST_PAUSE_MS)) {
    const found = await find(client, id);
    const clock = now();
    const known = found.keys.find(({ h }) => h === hash);
    if (known) return { status: 'replayed', counter: Number(known.v) };
    if (sentAt < clock - slackSeconds(windowSeconds)) return { status: 'late' };
    if (found.counter >= Number(max)) return { status: 'limit-reached', counter: found.counter };
    const young = found.keys.filter(({ u }) => Number(u) > clock);
    if (young.length >= cap) return { status: 'full' };
    if (performance.now() > end) break;
    const counter = found.counter + 1;
    const own: RecentKey = {
      h: hash,
      u: Long.fromNumber(clock + keptSeconds(windowSeconds)),
      v: Long.fromNumber(counter),
    };
    if (await compareAndSet(client, id, found.stored, counter, [...young, own])) {
      return { status: 'incremented', counter, ...(conflicts > 0 && { conflicts }) };
    }
    conflicts += 1;
    await pause(Math.random() * bound);
  }
  throw new NotAppliedError('docdb: other increments of this counter were faster');
}

async function find({ counters }: DocdbClient, id: string): Promise<Found> {
  const options = { ...NO_SOCKET_TIMEOUT, projection: { _id: 0, atomic_counter: 1, keys: 1 }, promoteValues: false };
  const document = await counters.findOne({ counter_id: id }, options);
  const stored: unknown = document?.atomic_counter;
  return { stored, counter: storedCounter(stored), keys: recentKeys(document?.['keys']) };
}

/** @throws StoreUnavailableError where somebody else has written something else */
function recentKeys(keys: unknown): readonly RecentKey[] {
  if (keys === undefined) return [];
  const isKey = (key: Partial<Document>): boolean =>
    typeof key['h'] === 'string' && Long.isLong(key['v']) && Long.isLong(key['u']);
  if (Array.isArray(keys) && keys.every((key) => isKey(Object(key) as Document))) return keys as RecentKey[];
  throw new StoreUnavailableError('docdb holds something else than idempotency keys beside this counter');
}

/**
 * @param stored what the counter has to be, as it was read; undefined where there has to be none, and it is inserted
 * @returns whether it was written: where it wasn't, another call was faster
 */
async function compareAndSet(
  { counters, uniqueIndex }: DocdbClient,
  id: string,
  stored: unknown,
  counter: number,
  keys: readonly RecentKey[],
): Promise<boolean> {
  try {
    const document = await counters.findOneAndUpdate(
      { counter_id: id, atomic_counter: stored ?? { $exists: false } },
      { $set: { atomic_counter: Long.fromNumber(counter), keys } },
      {
        ...NO_SOCKET_TIMEOUT,
        upsert: stored === undefined,
        returnDocument: 'after',
        projection: { _id: 0, counter_id: 1 },
        ...(uniqueIndex === undefined ? {} : { hint: uniqueIndex }),
      },
    );
    return document !== null;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}
