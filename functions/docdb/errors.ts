import {
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
  MongoWriteConcernError,
} from 'mongodb';
import { NotAppliedError, type Operation, StoreUnavailableError, UnknownOutcomeError } from '../counter-store';
import { storeErrors } from '../store-errors';

export const docdbErrors = storeErrors('docdb', 'whole number (int or long)');

/**
 * Codes by which a server refuses a command before it runs it. The proof of each is in docs/errors.md. Those of an
 * interrupted operation (11600, 11602, 189) aren't among them: they may come after the write.
 * Source: https://www.mongodb.com/docs/manual/reference/error-codes/
 */
export const REFUSED_FOR_NOW: ReadonlyMap<number, string> = new Map([
  [112, 'WriteConflict'],
  [10058, 'NotPrimary'],
  [10107, 'NotWritablePrimary'],
  [13435, 'NotPrimaryNoSecondaryOk'],
]);

/** Codes by which a server refuses a command, and will refuse it again. */
export const REFUSED: ReadonlyMap<number, string> = new Map([
  [13, 'Unauthorized'],
  [18, 'AuthenticationFailed'],
]);

const BAD_VALUE = 2;
/** FailedToParse, Amazon's "option is currently not supported", and two of MongoDB's for an unknown field. */
const UNKNOWN_OPTION = [9, 303, 40_414, 40_415];
const TYPE_MISMATCH = 14;
const DUPLICATE_KEY = 11_000;

/** The pool's errors by name, since the driver doesn't export their classes: no connection, so nothing was sent. */
const NO_CONNECTION = ['MongoPoolClearedError', 'MongoPoolClosedError', 'MongoWaitQueueTimeoutError'];

/**
 * The code by which the server refused a command. A write concern error may have any of these codes too, but by then
 * the server has applied the write and only can't confirm that it is durable.
 * Source: https://www.mongodb.com/docs/manual/reference/write-concern/
 */
function refusalCode(error: unknown): number | undefined {
  if (!(error instanceof MongoServerError) || error instanceof MongoWriteConcernError) return undefined;
  return Number(error.code);
}

/** Whether the unique index has refused an insertion. */
export function isDuplicateKey(error: unknown): boolean {
  return refusalCode(error) === DUPLICATE_KEY;
}

/** Whether the server doesn't support hints here: it answers so before it runs anything. */
export function isHintRefused(error: unknown): boolean {
  return error instanceof Error && UNKNOWN_OPTION.includes(refusalCode(error) ?? NaN) && /hint/i.test(error.message);
}

/**
 * Whether to replace the client: the error isn't based on an answer of the server, or it means that the index has been
 * dropped since the client connected.
 */
export function isClientDoubtful(error: unknown): boolean {
  if (error instanceof MongoServerError) return refusalCode(error) === BAD_VALUE;
  return !isFinding(error) || (error.cause !== undefined && isClientDoubtful(error.cause));
}

/** Whether the error is not a command's own, but derived from what a command returned or, by its cause, failed with. */
function isFinding(error: unknown): error is Error {
  return error instanceof StoreUnavailableError || error instanceof NotAppliedError;
}

/** Translates what the driver rejects a command with. */
export function translateDocdbError(error: unknown, operation: Operation): unknown {
  if (error instanceof UnknownOutcomeError || isFinding(error)) return error;
  if (error instanceof MongoWriteConcernError) {
    return new UnknownOutcomeError(`docdb applied the ${operation}, but it may not be durable`, { cause: error });
  }
  if (error instanceof MongoServerError) return translateAnswer(error, operation);
  if (isUnsent(error)) return docdbErrors.unreachable(error);
  return docdbErrors.unanswered(operation, error);
}

/** Waits for a read in an increment that has provably written nothing so far. */
export async function unwritten<Answer>(read: Promise<Answer>): Promise<Answer> {
  try {
    return await read;
  } catch (error) {
    throw docdbErrors.unwritten(translateDocdbError(error, 'increment'));
  }
}

function translateAnswer(error: MongoServerError, operation: Operation): Error {
  const code = Number(error.code);
  const passing = REFUSED_FOR_NOW.get(code);
  if (passing !== undefined) return docdbErrors.refusedForNow(operation, passing, error);
  const lasting = REFUSED.get(code);
  if (lasting !== undefined) return docdbErrors.refused(operation, lasting, error);
  if (code === TYPE_MISMATCH) return docdbErrors.notACounter(error);
  if (code === BAD_VALUE) return notSetUp(error); // the hint's value is the only one that varies
  if (code === DUPLICATE_KEY) {
    // Twice in a row: the document came and went in between.
    return docdbErrors.refusedForNow(operation, 'DuplicateKey', error);
  }
  return docdbErrors.unknownAnswer(error);
}

/** The unique index is missing: without it nothing is written. */
export function notSetUp(cause?: Error): StoreUnavailableError {
  return new StoreUnavailableError('docdb is not set up: the unique index on counter_id is missing', { cause });
}

function isUnsent(error: unknown): boolean {
  return (
    error instanceof MongoServerSelectionError ||
    error instanceof MongoTopologyClosedError ||
    error instanceof MongoNotConnectedError ||
    (error instanceof Error && NO_CONNECTION.includes(error.name)) ||
    (error instanceof MongoNetworkError && (isBeforeHandshake(error) || isRefusedConnection(error.cause)))
  );
}

function isBeforeHandshake(error: MongoNetworkError): boolean {
  return 'beforeHandshake' in error && error.beforeHandshake === true;
}

/** The socket's own error while connecting, which the driver wraps in a general one. */
function isRefusedConnection(cause: unknown): boolean {
  return cause instanceof Error && 'syscall' in cause && cause.syscall === 'connect';
}
