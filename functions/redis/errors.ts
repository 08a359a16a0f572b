import { ReplyError } from 'ioredis';
import { type Operation, StoreUnavailableError, UnknownOutcomeError } from '../counter-store';
import { storeErrors } from '../store-errors';

export const redisErrors = storeErrors('redis');

/**
 * Error replies by which Redis refuses a command for a passing reason, by their first word. The proof of each is in
 * docs/errors.md.
 * Source: https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors, names in src/server.c (createSharedObjects)
 */
export const REFUSED_FOR_NOW: readonly string[] = [
  'BUSY',
  'CLUSTERDOWN',
  'LOADING',
  'MASTERDOWN',
  'NOREPLICAS',
  'READONLY',
  'TRYAGAIN',
];

/** Error replies by which Redis refuses a command, and will refuse it again. */
export const REFUSED: readonly string[] = ['ASK', 'MISCONF', 'MOVED', 'NOAUTH', 'NOPERM', 'OOM', 'WRONGPASS'];

/** INCR's replies for a value that isn't a whole number, also from within a script. */
export const NOT_A_NUMBER = /WRONGTYPE|value is not an integer or out of range|increment or decrement would overflow/;

/** ioredis no longer writes a command to a connection that it sees closing. */
const NOT_SENT = "Stream isn't writeable and enableOfflineQueue options is false";

function isReply(error: unknown): error is Error {
  return error instanceof ReplyError;
}

/** Whether INCR has refused the value stored under the key. */
export function isNotANumber(error: unknown): error is Error {
  return isReply(error) && NOT_A_NUMBER.test(error.message);
}

/** Whether the error means that the connection is unusable: lost, or read-only after a failover. */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof StoreUnavailableError) return false; // derived from an answer
  return !isReply(error) || firstWord(error) === 'READONLY';
}

/** Translates what ioredis rejects a command with. */
export function translateRedisError(error: unknown, operation: Operation): Error {
  if (error instanceof StoreUnavailableError || error instanceof UnknownOutcomeError) return error;
  if (isReply(error)) return translateReply(error, operation);
  if (error instanceof Error && error.message === NOT_SENT) {
    return redisErrors.closedUnsent(operation, error);
  }
  return redisErrors.unanswered(operation, error);
}

function translateReply(error: Error, operation: Operation): Error {
  const word = firstWord(error);
  if (REFUSED_FOR_NOW.includes(word)) return redisErrors.refusedForNow(operation, word, error);
  if (REFUSED.includes(word)) return redisErrors.refused(operation, word, error);
  if (isNotANumber(error)) return redisErrors.notACounter(error);
  return redisErrors.unknownAnswer(error);
}

/**
 * A script's error as Redis up to version 6 reports it: where it was raised, then the text of the command's own reply
 * or, if the command was refused before it ran, of the refusal with its `-`. A script's error proves that nothing was
 * counted as long as nothing fails after its INCR (see scripts.ts).
 * Source: https://github.com/redis/redis/blob/6.2/src/scripting.c (evalGenericCommand, luaRedisGenericCommand)
 */
const OF_A_SCRIPT = /^ERR Error running script \(call to f_[0-9a-f]{40}\): (?:@user_script: ?\d+: )+/;

/** The error's code. */
function firstWord(error: Error): string {
  return /^-?([A-Z]+)/.exec(error.message.replace(OF_A_SCRIPT, ''))?.[1] ?? '';
}
