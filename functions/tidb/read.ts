import type { Pool, RowDataPacket } from 'mysql2/promise';
import { counterValue } from '../counter-store';
import { tidbErrors } from './errors';
import { execute } from './statement';

/**
 * Parameter: the counter id.
 *
 * A statement of its own reads the newest committed row, from the leader of its region; if somebody has set
 * `tidb_replica_read`, from another replica, still strongly consistent.
 * Source: https://docs.pingcap.com/tidb/stable/follower-read
 */
const READ = `SELECT counter_value FROM counters WHERE counter_id = ?`;

interface CounterRow extends RowDataPacket {
  readonly counter_value: number | string;
}

/**
 * Reads a counter.
 *
 * @throws StoreUnavailableError when the row holds no whole number
 */
export async function readCounter(pool: Pool, id: string): Promise<number> {
  const [row] = await execute<CounterRow[]>(pool, 'read', READ, [id]);
  const counter = counterValue(String(row?.counter_value ?? 0));
  if (counter === undefined) throw tidbErrors.notACounter();
  return counter;
}
