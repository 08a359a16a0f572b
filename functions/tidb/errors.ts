import { NotAppliedError, type Operation, StoreUnavailableError, UnknownOutcomeError } from '../counter-store';

/**
 * Error numbers after which the statement has been rolled back, for a passing reason.
 * Source: https://docs.pingcap.com/tidb/stable/error-codes/
 */
const REFUSED_FOR_NOW = new Map([
  [1205, 'lock wait timeout'],
  [1213, 'deadlock'],
  [1290, 'read-only'],
  [1792, 'read-only'],
  [1836, 'read-only'],
  [8002, 'write conflict'],
  [8005, 'write conflict'],
  [8022, 'commit failed, transaction rolled back'],
  [8028, 'schema changed'],
  [9003, 'busy'],
  [9007, 'write conflict'],
]);

/** Error numbers by which a statement is refused, and will be the next time. */
const REFUSED = new Map([
  [1044, 'access denied'],
  [1045, 'access denied'],
  [1046, 'no database'],
  [1049, 'the database is missing: setup has not run'],
  [1054, 'a column of the table is missing'],
  [1142, 'access denied'],
  [1146, 'the table is missing: setup has not run'],
  [1690, 'the value is out of range'],
]);

const TOO_MANY_CONNECTIONS = 1040;

/** Whether the error is the server's own answer, so that its connection is good. */
export function isServerAnswer(error: unknown): error is Error & { errno: number } {
  return error instanceof Error && 'sqlState' in error && 'errno' in error && typeof error.errno === 'number';
}

/** Translates the error of a connection that could not be made. */
export function translateConnectError(error: Error): Error {
  if (isServerAnswer(error) && error.errno === TOO_MANY_CONNECTIONS) {
    return new NotAppliedError('tidb has too many connections', { cause: error });
  }
  return new StoreUnavailableError('tidb could not be reached', { cause: error });
}

/** Translates what mysql2 answers a statement with. */
export function translateTidbError(error: unknown, operation: Operation): Error {
  if (!isServerAnswer(error)) {
    return new UnknownOutcomeError(`tidb did not answer the ${operation}`, { cause: error });
  }
  const passing = REFUSED_FOR_NOW.get(error.errno);
  if (passing !== undefined) {
    return new NotAppliedError(`tidb refused the ${operation} for now (${passing})`, { cause: error });
  }
  const lasting = REFUSED.get(error.errno);
  if (lasting !== undefined) {
    return new StoreUnavailableError(`tidb refused the ${operation} (${lasting})`, { cause: error });
  }
  return new UnknownOutcomeError('tidb answered with an error that is not known', { cause: error });
}
