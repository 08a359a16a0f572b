import type { Pool, ResultSetHeader } from 'mysql2/promise';
import { type CounterStore, MAX_COUNTER, type Outcome, UnknownOutcomeError } from '../counter-store';
import type { SharedClient } from '../shared-client';
import { readCounter } from './read';
import { execute } from './statement';

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
    read: (id) => client.use((pool) => readCounter(pool, id)),
    close: () => client.close(),
  };
}

async function increment(pool: Pool, id: string, max: string): Promise<Outcome> {
  const { affectedRows, insertId } = await execute<ResultSetHeader>(pool, 'increment', INCREMENT, [id, max]);
  if (affectedRows === 0) return { status: 'limit-reached' };
  if (!Number.isSafeInteger(insertId) || insertId < 1) {
    throw new UnknownOutcomeError('tidb holds no counter value under this counter id');
  }
  return { status: 'incremented', counter: insertId };
}
