import { MomentoErrorCode, SdkError } from '@gomomento/sdk';
import type { Metadata } from '@grpc/grpc-js';
import { type Operation, StoreUnavailableError } from '../counter-store';
import { storeErrors } from '../store-errors';
import { wasNeverSent } from './channel';

export const momentoErrors = storeErrors('momento');

/**
 * Errors that mean that a request was not carried out, and won't be the next time. gRPC clients and proxies create some
 * of them for problems of their own, after the request as well as before: they are proof only when they come from
 * Momento.
 */
const REFUSED: readonly MomentoErrorCode[] = [
  MomentoErrorCode.AUTHENTICATION_ERROR,
  MomentoErrorCode.INVALID_ARGUMENT_ERROR,
  MomentoErrorCode.CACHE_NOT_FOUND_ERROR,
  MomentoErrorCode.PERMISSION_ERROR,
];

/** The one error cause of Momento that leaves open whether a request was carried out. */
const BUSY = 'server_is_busy';

/**
 * Momento's message for an item that can't be incremented.
 * Source: https://github.com/momentohq/momento-node-ioredis-client, its tests on the service
 */
const NOT_AN_INTEGER = /^9 FAILED_PRECONDITION: failed to parse value into long$/;

/**
 * Whether a store's error means that its channel may be dead: gRPC itself would wait for the operating system to
 * notice.
 */
export function isChannelDoubtful(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof SdkError && !isAnswer(error.cause);
}

/** Whether Momento refused to increment what is stored: it isn't decimal digits alone, and may have keys behind them. */
export function isNotAnInteger(error: SdkError): boolean {
  return (
    isAnswer(error) &&
    error.errorCode() === MomentoErrorCode.FAILED_PRECONDITION_ERROR &&
    translateWriteError(error) instanceof StoreUnavailableError
  );
}

/** Translates the error that Momento answers a write with. */
export function translateWriteError(error: SdkError): Error {
  return translate(error, 'increment');
}

/**
 * Translates the error that Momento answers a read with. In an increment that starts with a read, nothing has been
 * written.
 */
export function translateReadError(error: SdkError, operation: Operation): unknown {
  const translated = translate(error, operation);
  return operation === 'read' ? translated : momentoErrors.unwritten(translated);
}

/** Source of the codes: https://docs.momentohq.com/cache/develop/error-handling/general */
function translate(error: SdkError, operation: Operation): Error {
  const code = error.errorCode();
  if (wasNeverSent(error.transportDetails().grpc.metadata)) return unsent(error, operation);
  const cause = trailer(error, 'err');
  if (cause !== undefined && (isLimit(code, cause) || trailer(error, 'retry_disposition') === 'retryable')) {
    return momentoErrors.refusedForNow(operation, code, error);
  }
  if (isAnswer(error) && cause !== BUSY) {
    if (code === MomentoErrorCode.FAILED_PRECONDITION_ERROR) return momentoErrors.notACounter(error);
    if (REFUSED.includes(code)) return momentoErrors.refused(operation, code, error);
  }
  return momentoErrors.unanswered(operation, error, code);
}

/** A stream fails to start when its connection has just ended; the next call makes a new one. */
function unsent(error: SdkError, operation: Operation): Error {
  return error.errorCode() === MomentoErrorCode.INTERNAL_SERVER_ERROR
    ? momentoErrors.closedUnsent(operation, error)
    : momentoErrors.unreachable(error);
}

/**
 * Whether Momento itself refused, or the SDK's validation did: then there is no gRPC status.
 *
 * Momento puts the trailer `err` on errors "to indicate the error is coming from Momento, and not tonic or other
 * middleware".
 * Source: https://github.com/momentohq/client-sdk-go/blob/main/internal/protos/store.proto
 */
function isAnswer(error: SdkError): boolean {
  const isSdksCheck =
    error.errorCode() === MomentoErrorCode.INVALID_ARGUMENT_ERROR && error.transportDetails().grpc.code === 0;
  return isSdksCheck || trailer(error, 'err') !== undefined || NOT_AN_INTEGER.test(error.message);
}

/** Whether an account's limit was exceeded. Source of the names: the SDK's LimitExceededError */
function isLimit(code: MomentoErrorCode, cause: string): boolean {
  return code === MomentoErrorCode.LIMIT_EXCEEDED_ERROR && cause.endsWith('_limit_exceeded');
}

/** What a server sent along with its status. A status that gRPC's client creates itself has nothing there. */
function trailer(error: SdkError, name: string): string | undefined {
  const metadata = error.transportDetails().grpc.metadata as Metadata | undefined;
  return metadata?.get(name)[0]?.toString();
}
