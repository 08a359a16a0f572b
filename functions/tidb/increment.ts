import type { Pool, ResultSetHeader } from 'mysql2/promise';
import { type CounterStore, MAX_COUNTER, type Outcome, UnknownOutcomeError } from '../counter-store';
import type { SharedClient } from '../shared-client';
import { COMMAND_TIMEOUT_MS } from '../timeouts';
import { isServerAnswer, translateConnectError, translateTidbError } from './errors';

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
  const { affectedRows, insertId } = await execute(pool, [id, max]);
  if (affectedRows === 0) return { status: 'limit-reached' };
  if (!Number.isSafeInteger(insertId) || insertId < 1) {
    throw new UnknownOutcomeError('tidb holds no counter value under this counter id');
  }
  return { status: 'incremented', counter: insertId };
}

/**
 * Runs the statement, prepared once per connection. It takes mysql2's callbacks, the statement as a text and a timer of
 * its own: the promises' stack traces and the option `timeout` would cost half as much again as the statement itself.
 */
function execute({ pool }: Pool, values: [id: string, max: string]): Promise<ResultSetHeader> {
  return new Promise((resolve, reject) => {
    pool.getConnection((refusal, connection) => {
      if (refusal) return reject(translateConnectError(refusal));
      const timer = setTimeout(() => {
        connection.destroy();
        reject(new UnknownOutcomeError('tidb did not answer the increment in time'));
      }, COMMAND_TIMEOUT_MS);
      connection.execute<ResultSetHeader>(INCREMENT, values, (error, result) => {
        clearTimeout(timer);
        // After anything but an answer, what comes over this connection next is not known.
        if (error && !isServerAnswer(error)) connection.destroy();
        else connection.release();
        if (error) reject(translateTidbError(error));
        else resolve(result);
      });
    });
  });
}
