import type { Pool, ResultSetHeader } from 'mysql2/promise';
import { MAX_COUNTER, type Outcome } from '../counter-store';
import { tidbErrors } from './errors';
import { execute } from './statement';

/**
 * Can be subtracted from -(2^53−1) but from nothing smaller: the difference would leave BIGINT, which fails the
 * statement with error 1690. So the statement itself refuses a row that holds no counter, and the limit stays the only
 * reason for 0 rows.
 */
const ROOM = 2n ** 63n - BigInt(MAX_COUNTER);

/**
 * The step: what the statement inserts where there is no row. Its parameter, a text, would make a double of the sum.
 * Source: https://dev.mysql.com/doc/refman/8.4/en/type-conversion.html
 */
export const STEP = 'VALUES(counter_value)';

/** The value that comes next, which is the answer's insert id as well; it is an error where the row holds no counter. */
export const INCREMENTED = `CAST(LAST_INSERT_ID(counter_value - ${ROOM} + ${ROOM} + ${STEP}) AS SIGNED)`;

/**
 * Parameters: the counter id; the step; the highest value that leaves room for it.
 *
 * One statement, so one transaction, and the value comes back in the same round trip: LAST_INSERT_ID(expr) makes it the
 * insert id of the answer. It is unsigned, so a counter below zero needs the cast to be stored. Affected rows: 1
 * inserted, 2 updated, 0 unchanged, since there is no room.
 * Source: https://dev.mysql.com/doc/refman/8.4/en/insert-on-duplicate.html
 */
const INCREMENT = `
INSERT INTO counters (counter_id, counter_value) VALUES (?, LAST_INSERT_ID(CAST(? AS SIGNED)))
ON DUPLICATE KEY UPDATE counter_value =
  IF(counter_value <= ?, ${INCREMENTED}, counter_value)
`;

/**
 * Adds `by` to a counter if there is room for it up to `max`.
 *
 * @param by not above `max`
 */
export async function increment(pool: Pool, id: string, max: number, by: number): Promise<Outcome> {
  const values = [id, String(by), String(max - by)];
  const { affectedRows, insertId } = await execute<ResultSetHeader>(pool, 'increment', INCREMENT, values);
  if (affectedRows === 0) return { status: 'limit-reached' };
  // mysql2 reads it as a signed number. Any other value would mean a server that understands the statement differently.
  if (!Number.isSafeInteger(insertId)) throw tidbErrors.noCounterValue();
  return { status: 'incremented', counter: insertId };
}
