import type { Pool, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import type { Operation } from '../counter-store';
import { giveUpAfter } from '../give-up';
import { COMMAND_TIMEOUT_MS } from '../timeouts';
import { isConnectionGood, tidbErrors, translateConnectError, translateTidbError } from './errors';

/**
 * Runs a statement, prepared once per connection. It uses mysql2's callbacks, the statement as a text and a timer of
 * its own: the promises' stack traces and the option `timeout` would cost half as much again as the statement.
 *
 * @param timeoutMs how long to wait for the answer, once there is a connection
 */
export function execute<Result extends ResultSetHeader | RowDataPacket[]>(
  { pool }: Pool,
  operation: Operation,
  statement: string,
  values: readonly string[],
  timeoutMs = COMMAND_TIMEOUT_MS,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    pool.getConnection((refusal, connection) => {
      if (refusal) return reject(translateConnectError(refusal));
      const patience = giveUpAfter(timeoutMs, () => {
        connection.destroy();
        reject(tidbErrors.unansweredInTime(operation));
      });
      connection.execute<Result>(statement, [...values], (error, result) => {
        patience.end();
        if (error && !isConnectionGood(error)) connection.destroy();
        else connection.release();
        if (error) reject(translateTidbError(error, operation));
        else resolve(result);
      });
    });
  });
}
