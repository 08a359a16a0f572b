import { ReplyError } from 'ioredis';
import { NotAppliedError, StoreUnavailableError, UnknownOutcomeError } from '../counter-store';

/**
 * Error replies by which Redis refuses a command for a passing reason, by their first word.
 * Source: https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors, names in src/server.c (createSharedObjects)
 */
const REFUSED_FOR_NOW = ['BUSY', 'CLUSTERDOWN', 'LOADING', 'MASTERDOWN', 'NOREPLICAS', 'READONLY', 'TRYAGAIN'];

/** Error replies by which Redis refuses a command, and will the next time. */
const REFUSED = ['ASK', 'MISCONF', 'MOVED', 'NOAUTH', 'NOPERM', 'OOM', 'WRONGPASS'];

/** INCR's answers for what isn't a whole number, also out of a script. */
const NOT_A_NUMBER = /WRONGTYPE|value is not an integer or out of range|increment or decrement would overflow/;

/** ioredis writes a command to a connection that it sees closing no more. */
const NOT_SENT = "Stream isn't writeable and enableOfflineQueue options is false";

function isReply(error: unknown): error is Error {
  return error instanceof ReplyError;
}

/** Whether the connection has told by the error that it is no good: without it, or read-only after a failover. */
export function isConnectionLost(error: unknown): boolean {
  return !isReply(error) || firstWord(error) === 'READONLY';
}

/** Translates what ioredis rejects a command with. */
export function translateRedisError(error: unknown): Error {
  if (isReply(error)) return translateReply(error);
  if (error instanceof Error && error.message === NOT_SENT) {
    return new NotAppliedError('redis closed the connection before the increment was sent', { cause: error });
  }
  return new UnknownOutcomeError('redis did not answer the increment', { cause: error });
}

function translateReply(error: Error): Error {
  const word = firstWord(error);
  if (REFUSED_FOR_NOW.includes(word)) {
    return new NotAppliedError(`redis refused the increment for now (${word})`, { cause: error });
  }
  if (REFUSED.includes(word)) {
    return new StoreUnavailableError(`redis refused the increment (${word})`, { cause: error });
  }
  if (NOT_A_NUMBER.test(error.message)) {
    return new StoreUnavailableError('redis holds no whole number under this counter id', { cause: error });
  }
  return new UnknownOutcomeError('redis answered with an error that is not known', { cause: error });
}

/** What tells errors apart. Redis up to 6 puts a `-` before those out of a script. */
function firstWord(error: Error): string {
  return /^-?([A-Z]+)/.exec(error.message)?.[1] ?? '';
}
