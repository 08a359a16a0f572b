import type { Pool, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { counterValue, hasRoom, MAX_COUNTER } from '../counter-store';
import type { RecentKey } from '../keyed-counter';
import {
  clockSeconds,
  type KeyedIncrement,
  type KeyedOutcome,
  keptSeconds,
  keyHash,
  slackSeconds,
} from '../keyed-increment';
import { ATTEMPTS_MS, COMMAND_TIMEOUT_MS } from '../timeouts';
import { tidbErrors } from './errors';
import { INCREMENTED, STEP } from './increment';
import { execute } from './statement';

/** An entry of `recent_keys`: `|hash:until=value`. The value is padded to 17 characters, so all are of one length. */
const ENTRY_LENGTH = 46;
const VALUE_LENGTH = 17;
const FILL = '_';
const ENTRY = new RegExp(`\\|([0-9a-f]{16}):([0-9]{10})=${FILL}*(-?[0-9]+)`, 'gy');

/** The key's entry with the value that comes next. Parameter: its beginning, up to the `=`. */
const NEXT_ENTRY = `CONCAT(?, LPAD(counter_value + ${STEP}, ${VALUE_LENGTH}, '${FILL}'))`;

/**
 * Parameters: the counter id; the step; the first entry; the highest value that leaves room for the step; the key's hash
 * as an entry begins; when the request was sent; the length up to which there is room for keys; the beginning of the
 * key's entry; the highest value again; that beginning again.
 *
 * One statement. Its first assignment puts the key's entry in front of the others if the limit, the others, the floor
 * and the room allow it; the second increments if it finds there the entry with the value that comes next. MySQL and
 * TiDB assign from left to right, so the first sees the old value and the second the new entries. Affected rows: 1
 * inserted, 2 updated, 0 refused. A refusal has no insert id: TiDB may return that of an attempt that it rolled back.
 * Source: https://docs.pingcap.com/tidb/stable/sql-statement-insert, https://github.com/pingcap/tidb/issues/69796
 */
const INCREMENT_KEYED = `
INSERT INTO counters (counter_id, counter_value, recent_keys) VALUES (?, LAST_INSERT_ID(CAST(? AS SIGNED)), ?)
ON DUPLICATE KEY UPDATE
  recent_keys = IF(
    counter_value <= ? AND LOCATE(?, COALESCE(recent_keys, '')) = 0 AND COALESCE(keys_floor, 0) <= ?
      AND CHAR_LENGTH(COALESCE(recent_keys, '')) < ?,
    CONCAT(${NEXT_ENTRY}, COALESCE(recent_keys, '')), recent_keys),
  counter_value = IF(
    counter_value <= ?,
    IF(LEFT(COALESCE(recent_keys, ''), ${ENTRY_LENGTH}) = ${NEXT_ENTRY}, ${INCREMENTED}, counter_value),
    counter_value)
`;

/** Parameter: the counter id. */
const READ_KEYS = `SELECT counter_value, recent_keys, keys_floor FROM counters WHERE counter_id = ?`;

/**
 * Parameters: the entries to forget; the floor; the counter id; the entries twice; the floor.
 *
 * Entries are forgotten at the end, where the oldest are, while new ones come in front: only another call that forgets
 * can be in the way. It leaves the counter alone. From now on a request that was sent below the floor is late.
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

/** Runs a statement within the time of its call. */
type Send = <Result extends ResultSetHeader | RowDataPacket[]>(
  statement: string,
  values: readonly string[],
) => Promise<Result>;

/** Takes the place of the answer to a step above the limit, which would be inserted where there is no row. */
const REFUSED = { affectedRows: 0, insertId: 0 };

/** How often a call writes at most: it writes again where nothing is in its way any more, or where it has made room. */
const ATTEMPTS = 4;

/** An increment with a key forgets old keys when it reaches or passes a multiple of this. */
const FORGET_EVERY = 32;

/**
 * Increments a counter with an idempotency key: one statement and one round trip, and two more for every 32nd value,
 * which forgets old keys. After a refusal the row is read to find out why; for a step above the limit, nothing else is
 * sent.
 *
 * @throws NotAppliedError when other calls were faster each time
 */
export async function incrementKeyed(pool: Pool, id: string, increment: KeyedIncrement): Promise<KeyedOutcome> {
  const { key, max = String(MAX_COUNTER), by = 1, sentAt, windowSeconds, cap, now = clockSeconds } = increment;
  const hash = keyHash(key);
  const entry = `|${hash}:${sentAt + keptSeconds(windowSeconds)}=`;
  const first = `${entry}${String(by).padStart(VALUE_LENGTH, FILL)}`;
  const most = String(Number(max) - by);
  const length = String(cap * ENTRY_LENGTH);
  const values = [id, String(by), first, most, `|${hash}:`, String(sentAt), length, entry, most, entry];

  const began = performance.now();
  const elapsed = (): number => performance.now() - began;
  const send: Send = (statement, parameters) =>
    execute(pool, 'increment', statement, parameters, COMMAND_TIMEOUT_MS - elapsed());
  const makeRoom = (): Promise<boolean> => forget(send, id, now(), slackSeconds(windowSeconds));

  for (let attempt = 1; attempt <= ATTEMPTS && elapsed() < ATTEMPTS_MS; attempt += 1) {
    const { affectedRows, insertId } =
      by > Number(max) ? REFUSED : await send<ResultSetHeader>(INCREMENT_KEYED, values);
    if (affectedRows > 0) {
      if (!Number.isSafeInteger(insertId)) throw tidbErrors.noCounterValue();
      const isTimeToForget = Math.floor(insertId / FORGET_EVERY) > Math.floor((insertId - by) / FORGET_EVERY);
      // It has counted: whether it also forgets is of no matter to its caller.
      if (isTimeToForget && elapsed() < ATTEMPTS_MS) await makeRoom().catch(() => undefined);
      return { status: 'incremented', counter: insertId };
    }
    const refusal = await unwritten(findRefusal(send, id, hash, increment));
    const mayGoOn = refusal === undefined || (refusal.status === 'full' && (await unwritten(makeRoom())));
    if (!mayGoOn) return refusal;
  }
  throw tidbErrors.othersFaster();
}

/** Waits for what comes after a refused write. */
async function unwritten<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    throw tidbErrors.unwritten(error);
  }
}

/** @returns why an increment was refused; undefined where nothing is in its way any more */
async function findRefusal(
  send: Send,
  id: string,
  hash: string,
  { sentAt, max = String(MAX_COUNTER), by = 1, cap }: KeyedIncrement,
): Promise<KeyedOutcome | undefined> {
  const [row] = await send<KeysRow[]>(READ_KEYS, [id]);
  if (row === undefined) return hasRoom(0, by, Number(max)) ? undefined : { status: 'limit-reached', counter: 0 };
  const keys = recentKeys(row);
  const known = keys.find((recent) => recent.hash === hash);
  if (known) return { status: 'replayed', counter: known.value };
  if (Number(row.keys_floor ?? 0) > sentAt) return { status: 'late' };
  const counter = counterValue(String(row.counter_value));
  if (counter === undefined) throw tidbErrors.notACounter();
  if (!hasRoom(counter, by, Number(max))) return { status: 'limit-reached', counter };
  return keys.length >= cap ? { status: 'full' } : undefined;
}

/**
 * Forgets the keys at the end that are old.
 *
 * @param clock in seconds, looked at before the row is read
 * @returns whether there is more room now
 */
async function forget(send: Send, id: string, clock: number, slack: number): Promise<boolean> {
  const [row] = await send<KeysRow[]>(READ_KEYS, [id]);
  if (row === undefined) return false;
  const keys = recentKeys(row);
  const old = keys.length - 1 - keys.findLastIndex(({ until }) => until > clock);
  if (old === 0) return false;
  const tail = row.recent_keys?.slice(-old * ENTRY_LENGTH) ?? '';
  const floor = String(clock - slack);
  await send<ResultSetHeader>(FORGET, [tail, floor, id, tail, tail, floor]);
  return true; // by this call, or by another that was faster
}

/** @throws StoreUnavailableError when they aren't idempotency keys, but what somebody else has written */
function recentKeys({ recent_keys: text }: KeysRow): readonly RecentKey[] {
  const keys = Array.from((text ?? '').matchAll(ENTRY), ([, hash = '', until, value]): RecentKey => {
    return { hash, until: Number(until), value: Number(value) };
  });
  if (keys.length * ENTRY_LENGTH !== (text ?? '').length) throw tidbErrors.notKeys();
  return keys;
}
