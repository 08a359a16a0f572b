import type { Pool, PoolConnection, ResultSetHeader } from 'mysql2/promise';
import { type CounterStore, MAX_COUNTER, type Outcome, UnknownOutcomeError } from '../counter-store';
import type { SharedClient } from '../shared-client';
import { COMMAND_TIMEOUT_MS } from '../timeouts';
import { takeConnection } from './client';
import { isServerAnswer, translateTidbError } from './errors';

/**
 * Parameters: the counter id; the limit.
 *
 * One statement, so one transaction, and the value comes back in the same round trip: LAST_INSERT_ID(expr) makes it the
 * insert id of the answer. Affected rows: 1 inserted, 2 updated, 0 left as it was, since it is at the limit.
 * Source: https://dev.mysql.com/doc/refman/8.4/en/insert-on-duplicate.html
 */
const INCREMENT = `
INSERT INTO counters (counter_id, counter_value) VALUES (?, LAST_INSERT_ID(1))
ON DUPLICATE KEY UPDATE counter_value = IF(counter_value < ?, LAST_INSERT_ID(counter_value + 1), counter_value)
`;

/** Counters in TiDB, a row of the table `counters` each. */
export function tidbCounterStore(client: SharedClient<Pool>): CounterStore {
  return {
    increment: (id, { max } = {}) => client.use((pool) => increment(pool, id, max ?? String(MAX_COUNTER))),
    close: () => client.close(),
  };
}

async function increment(pool: Pool, id: string, max: string): Promise<Outcome> {
  const connection = await takeConnection(pool);
  const { affectedRows, insertId } = await execute(connection, [id, max]);
  if (affectedRows === 0) return { status: 'limit-reached' };
  if (!Number.isSafeInteger(insertId) || insertId < 1) {
    throw new UnknownOutcomeError('tidb holds no counter value under this counter id');
  }
  return { status: 'incremented', counter: insertId };
}

async function execute(connection: PoolConnection, values: [id: string, max: string]): Promise<ResultSetHeader> {
  try {
    const [result] = await connection.execute<ResultSetHeader>({ sql: INCREMENT, timeout: COMMAND_TIMEOUT_MS }, values);
    connection.release();
    return result;
  } catch (error) {
    // After anything but an answer, what comes over this connection next is not known.
    if (isServerAnswer(error)) connection.release();
    else connection.destroy();
    throw translateTidbError(error);
  }
}
