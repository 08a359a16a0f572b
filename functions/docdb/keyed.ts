import { type Document, Long } from 'mongodb';
import { compareAndSet, type Write } from '../compare-and-set';
import type { InTime } from '../deadline';
import { applyKeyed, type KeyedCounter, type RecentKey } from '../keyed-counter';
import type { KeyedIncrement, KeyedOutcome } from '../keyed-increment';
import { type DocdbClient, NO_SOCKET_TIMEOUT } from './client';
import { storedCounter } from './counter-value';
import { docdbErrors, isDuplicateKey, unwritten } from './errors';
import { withHint } from './unique-index';

/** An idempotency key in the array beside a counter, in few bytes: hash, until when, value. */
interface StoredKey {
  readonly h: string;
  readonly u: Long;
  readonly v: Long;
}

interface Found extends KeyedCounter {
  /** The counter as it is stored, to compare with. @default - there is none yet */
  readonly stored: unknown;
}

/**
 * Increments a counter with an idempotency key, by compare-and-set: counter and keys are written together if the counter
 * is still the one that was read. Each increment moves the counter, so the comparison detects a write that comes late, a
 * copy of one, and whatever others have counted meanwhile. Calls without a key needn't know of it.
 *
 * @throws NotAppliedError when other calls were faster until time ran out
 */
export function incrementKeyed(
  client: DocdbClient,
  id: string,
  increment: KeyedIncrement,
  inTime: InTime,
): Promise<KeyedOutcome> {
  return compareAndSet(docdbErrors, async (): Promise<KeyedOutcome | Write> => {
    const found = await unwritten(inTime(find(client, id)));
    const next = applyKeyed(found, increment);
    if ('status' in next) return next;
    return { counter: next.counter, store: () => inTime(replace(client, id, found.stored, next)) };
  });
}

async function find({ counters }: DocdbClient, id: string): Promise<Found> {
  const options = { projection: { _id: 0, atomic_counter: 1, keys: 1 }, promoteValues: false, ...NO_SOCKET_TIMEOUT };
  const { atomic_counter: stored, keys = [] }: Document = (await counters.findOne({ counter_id: id }, options)) ?? {};
  return { stored, counter: storedCounter(stored), keys: recentKeys(keys) };
}

/** @throws StoreUnavailableError when they aren't idempotency keys, but what somebody else has written */
function recentKeys(keys: unknown): readonly RecentKey[] {
  if (!Array.isArray(keys) || !keys.every(isStoredKey)) throw docdbErrors.notKeys();
  return keys.map(({ h, u, v }) => ({ hash: h, until: Number(u), value: Number(v) }));
}

function isStoredKey(key: unknown): key is StoredKey {
  const { h, u, v } = Object(key) as Partial<Record<keyof StoredKey, unknown>>;
  return typeof h === 'string' && Long.isLong(u) && Long.isLong(v);
}

function storedKey({ hash, until, value }: RecentKey): StoredKey {
  return { h: hash, u: Long.fromNumber(until), v: Long.fromNumber(value) };
}

/**
 * @param stored what the counter must be, as it was read; undefined where there must be none, and it is inserted
 * @returns whether it was written: if not, another call was faster
 */
async function replace(
  client: DocdbClient,
  id: string,
  stored: unknown,
  { counter, keys }: KeyedCounter,
): Promise<boolean> {
  const filter: Document = { counter_id: id, atomic_counter: stored ?? { $exists: false } };
  const change = { $set: { atomic_counter: Long.fromNumber(counter), keys: keys.map(storedKey) } };
  const options = { upsert: stored === undefined, projection: { _id: 0, counter_id: 1 }, ...NO_SOCKET_TIMEOUT };
  try {
    const written = await withHint(client, (hint) =>
      client.counters.findOneAndUpdate(filter, change, { ...options, returnDocument: 'after', ...hint }),
    );
    return written !== null;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}
