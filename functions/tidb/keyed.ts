import type { Pool, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import {
  counterValue,
  MAX_COUNTER,
  NotAppliedError,
  StoreUnavailableError,
  UnknownOutcomeError,
} from '../counter-store';
import {
  clockSeconds,
  type KeyedIncrement,
  type KeyedOutcome,
  keptSeconds,
  keyHash,
  slackSeconds,
} from '../keyed-increment';
import { INCREMENTED } from './increment';
import { execute } from './statement';

/** An entry of `recent_keys`: `|hash:until=value`, the value filled up to 17 characters, so that all are of one length. */
const ENTRY_LENGTH = 46;
const FILL = '_';
const ENTRY = /\|([0-9a-f]{16}):([0-9]{10})=_*(-?[0-9]+)/y;

const ROW_ENTRY = `CONCAT(?, LPAD(counter_value + 1, 17, '${FILL}'))`;

/**
 * Parameters: the counter id; the first entry; the limit; the beginning of the key's entry; when the request was sent; the length up to which
 * there is room; twice an entry without its value, and between them the limit.
 *
 * One statement: it puts the entry in front of the others where the limit, the room, the floor and the others allow it, and
 * increments where it finds the entry there with the value that comes next. MySQL and TiDB assign from left to right, so the
 * first assignment still sees the old value and the second the new keys. Affected rows: 1 inserted, 2 updated, 0 refused;
 * LAST_INSERT_ID means nothing then, since TiDB tells that of an attempt which it has rolled back.
 * Source: https://docs.pingcap.com/tidb/stable/sql-statement-insert, https://github.com/pingcap/tidb/issues/69796
 */
const INCREMENT_KEYED = `
INSERT INTO counters (counter_id, counter_value, recent_keys) VALUES (?, LAST_INSERT_ID(1), ?)
ON DUPLICATE KEY UPDATE
  recent_keys = IF(
    counter_value < ? AND LOCATE(?, COALESCE(recent_keys, '')) = 0 AND COALESCE(keys_floor, 0) <= ?
      AND CHAR_LENGTH(COALESCE(recent_keys, '')) < ?,
    CONCAT(${ROW_ENTRY}, COALESCE(recent_keys, '')), recent_keys),
  counter_value = IF(
    counter_value < ?,
    IF(LEFT(COALESCE(recent_keys, ''), ${ENTRY_LENGTH}) = ${ROW_ENTRY}, ${INCREMENTED}, counter_value),
    counter_value)
`;

/** Parameter: the counter id. */
const READ_KEYS = `SELECT counter_value, recent_keys, keys_floor FROM counters WHERE counter_id = ?`;

/**
 * Parameters: the entries to forget; the floor; the counter id; three times the entries, the floor.
 *
 * Entries are forgotten from the end, where the oldest are, while new ones come in front: only another that forgets stands in
 * the way. The counter isn't touched. From now on who is below the floor is late.
 */
const FORGET = `
UPDATE counters SET recent_keys = LEFT(recent_keys, CHAR_LENGTH(recent_keys) - CHAR_LENGTH(?)), keys_floor = ?
WHERE counter_id = ? AND RIGHT(recent_keys, CHAR_LENGTH(?)) = ? AND COALESCE(keys_floor, 0) <= ?
`;

interface KeysRow extends RowDataPacket {
  readonly counter_value: number | string;
  readonly recent_keys: string | null;
  readonly keys_floor: number | string | null;
}

interface Entry {
  readonly hash: string;
  readonly until: number;
  readonly value: string;
}

/** How often a call that can't be told why it was refused, or that has made room, writes again. */
const ATTEMPTS = 4;

/** One in so many increments with a key forgets what is old. */
const FORGET_EVERY = 32;

/**
 * Increments a counter with an idempotency key: one statement and one round trip in the ordinary case, and two more for every
 * 32nd value, which forgets old keys. A refusal is told by a read.
 *
 * @throws NotAppliedError when others stood in the way each time
 */
export async function incrementKeyed(pool: Pool, id: string, increment: KeyedIncrement): Promise<KeyedOutcome> {
  const { max = String(MAX_COUNTER), sentAt, windowSeconds, cap, now = clockSeconds } = increment;
  const hash = keyHash(increment.key);
  const entry = `|${hash}:${sentAt + keptSeconds(windowSeconds)}=`;
  const room = String(cap * ENTRY_LENGTH);
  const values = [id, `${entry}${'1'.padStart(17, FILL)}`, max, `|${hash}:`, String(sentAt), room, entry, max, entry];
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const { affectedRows, insertId } = await execute<ResultSetHeader>(pool, 'increment', INCREMENT_KEYED, values);
    if (affectedRows > 0) {
      if (!Number.isSafeInteger(insertId)) throw new UnknownOutcomeError('tidb answered with no counter value');
      // It has counted: whether old keys are forgotten is no longer this call's concern.
      if (insertId % FORGET_EVERY === 0) {
        await forget(pool, id, now() - slackSeconds(windowSeconds), now()).catch(() => undefined);
      }
      return { status: 'incremented', counter: insertId };
    }
    const refusal = await refusalOf(pool, id, hash, sentAt, max, cap);
    if (refusal === undefined) continue;
    if (refusal.status !== 'full') return refusal;
    const clock = now();
    if (!(await forget(pool, id, clock - slackSeconds(windowSeconds), clock))) return refusal;
  }
  throw new NotAppliedError('tidb: other increments of this counter were faster');
}

/** @returns undefined where nothing stands in the way any more */
async function refusalOf(
  pool: Pool,
  id: string,
  hash: string,
  sentAt: number,
  max: string,
  cap: number,
): Promise<KeyedOutcome | undefined> {
  const [row] = await execute<KeysRow[]>(pool, 'increment', READ_KEYS, [id]);
  if (row === undefined) return undefined;
  const entries = entriesOf(row);
  const known = entries.find((entry) => entry.hash === hash);
  if (known) return { status: 'replayed', counter: Number(known.value) };
  if (Number(row.keys_floor ?? 0) > sentAt) return { status: 'late' };
  const counter = counterValue(String(row.counter_value));
  if (counter === undefined) throw new StoreUnavailableError('tidb holds no counter value under this counter id');
  if (counter >= Number(max)) return { status: 'limit-reached', counter };
  return entries.length >= cap ? { status: 'full' } : undefined;
}

/** @returns whether there is more room now */
async function forget(pool: Pool, id: string, floor: number, clock: number): Promise<boolean> {
  const [row] = await execute<KeysRow[]>(pool, 'increment', READ_KEYS, [id]);
  if (row === undefined) return false;
  const entries = entriesOf(row);
  const dead = entries.length - 1 - entries.findLastIndex(({ until }) => until > clock);
  if (dead === 0) return false;
  const tail = row.recent_keys?.slice(-dead * ENTRY_LENGTH) ?? '';
  const values = [tail, String(floor), id, tail, tail, String(floor)];
  await execute<ResultSetHeader>(pool, 'increment', FORGET, values);
  return true; // by this call or by another that was faster
}

/** @throws StoreUnavailableError where somebody else has written something else */
function entriesOf({ recent_keys: text }: KeysRow): Entry[] {
  const entries = [...(text ?? '').matchAll(new RegExp(ENTRY, 'gy'))].map(([, hash = '', until, value = '']) => ({
    hash,
    until: Number(until),
    value,
  }));
  if (entries.length * ENTRY_LENGTH !== (text ?? '').length) {
    throw new StoreUnavailableError('tidb holds something else than idempotency keys beside this counter');
  }
  return entries;
}
