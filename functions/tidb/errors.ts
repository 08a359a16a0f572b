import { NotAppliedError, type Operation } from '../counter-store';
import { storeErrors } from '../store-errors';

export const tidbErrors = storeErrors('tidb');

/**
 * Error numbers that mean that the statement was not carried out, for a passing reason. The proof of each is in
 * docs/errors.md. Sounding harmless is no proof: TiDB may be cut off from its storage while it commits.
 * Source: https://docs.pingcap.com/tidb/stable/error-codes/
 */
export const REFUSED_FOR_NOW: ReadonlyMap<number, string> = new Map([
  [1205, 'lock wait timeout'],
  [1213, 'deadlock'],
  [1243, 'prepared statement lost'],
  [1290, 'read-only'],
  [1461, 'too many prepared statements'],
  [1615, 'statement to be prepared again'],
  [1792, 'read-only'],
  [1836, 'read-only'],
  [8002, 'write conflict'],
  [8005, 'write conflict'],
  [8022, 'commit failed, transaction rolled back'],
  [8028, 'schema changed'],
  [8111, 'prepared statement lost'],
  [8113, 'schema changed'],
  [9003, 'busy'],
  [9007, 'write conflict'],
]);

/** Error numbers by which a statement is refused, and will be refused again. */
export const REFUSED: ReadonlyMap<number, string> = new Map([
  [1044, 'access denied'],
  [1045, 'access denied'],
  [1046, 'no database'],
  [1049, 'the database is missing: setup has not run'],
  [1054, 'a column of the table is missing'],
  [1064, 'the server does not understand the statement'],
  [1142, 'access denied'],
  [1143, 'access denied'],
  [1146, 'the table is missing: setup has not run'],
  [1690, 'the value is out of range'],
  [8020, 'the table is locked'],
  [8121, 'access denied'],
]);

/** Refusals that another connection may not meet: this one has lost its statement, or its server is no longer the writer. */
const OF_THE_CONNECTION: readonly number[] = [1243, 1290, 1461, 1615, 1792, 1836, 8111, 8113];

const TOO_MANY_CONNECTIONS = 1040;

/**
 * Whether a connection is usable after an error: the server refused for a reason that has nothing to do with the
 * connection. After anything else, there is no knowing what arrives on it next.
 */
export function isConnectionGood(error: Error): boolean {
  if (!isServerAnswer(error) || OF_THE_CONNECTION.includes(error.errno)) return false;
  return REFUSED_FOR_NOW.has(error.errno) || REFUSED.has(error.errno);
}

/** Whether the error is the server's own answer. */
export function isServerAnswer(error: unknown): error is Error & { errno: number } {
  return error instanceof Error && 'sqlState' in error && 'errno' in error && typeof error.errno === 'number';
}

/** Translates the error of a failed connection attempt. */
export function translateConnectError(error: Error): Error {
  if (isServerAnswer(error) && error.errno === TOO_MANY_CONNECTIONS) {
    return new NotAppliedError('tidb has too many connections', { cause: error });
  }
  return tidbErrors.unreachable(error);
}

/** Translates what mysql2 answers a statement with. */
export function translateTidbError(error: unknown, operation: Operation): Error {
  if (!isServerAnswer(error)) return tidbErrors.unanswered(operation, error);
  const passing = REFUSED_FOR_NOW.get(error.errno);
  if (passing !== undefined) return tidbErrors.refusedForNow(operation, passing, error);
  const lasting = REFUSED.get(error.errno);
  if (lasting !== undefined) return tidbErrors.refused(operation, lasting, error);
  return tidbErrors.unknownAnswer(error);
}
