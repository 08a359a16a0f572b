import { MomentoErrorCode, SdkError } from '@gomomento/sdk';
import { NotAppliedError, type Operation, StoreUnavailableError, UnknownOutcomeError } from '../counter-store';

/** Errors that say that a request was not carried out, and won't be the next time. */
const REFUSED: readonly MomentoErrorCode[] = [
  MomentoErrorCode.AUTHENTICATION_ERROR,
  MomentoErrorCode.BAD_REQUEST_ERROR,
  MomentoErrorCode.INVALID_ARGUMENT_ERROR,
  MomentoErrorCode.CACHE_NOT_FOUND_ERROR,
  MomentoErrorCode.PERMISSION_ERROR,
];

/** Errors of the store's own making: the connection is good. */
const ANSWERED: readonly MomentoErrorCode[] = [
  ...REFUSED,
  MomentoErrorCode.FAILED_PRECONDITION_ERROR,
  MomentoErrorCode.LIMIT_EXCEEDED_ERROR,
];

/** gRPC's own texts for a request that no server has seen. */
const NOT_SENT = /No connection established|Name resolution failed/;

/** Whether an error of the store shows that its channel may be dead: gRPC itself would wait for the operating system. */
export function isChannelDoubtful(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof SdkError && !ANSWERED.includes(error.cause.errorCode());
}

/** Translates the error that Momento answers a write with. */
export function translateWriteError(error: SdkError): Error {
  return translate(error, 'increment');
}

/** Translates the error that Momento answers a read with, which an increment begins with: nothing has been written. */
export function translateReadError(error: SdkError, operation: Operation): Error {
  const translated = translate(error, operation);
  if (operation === 'read' || !(translated instanceof UnknownOutcomeError)) return translated;
  return new NotAppliedError('momento did not answer a read before the increment', { cause: error });
}

/** Source: https://docs.momentohq.com/cache/develop/error-handling/general */
function translate(error: SdkError, operation: Operation): Error {
  const code = error.errorCode();
  if (code === MomentoErrorCode.LIMIT_EXCEEDED_ERROR) {
    return new NotAppliedError(`momento refused the ${operation} for now (limit exceeded)`, { cause: error });
  }
  if (code === MomentoErrorCode.FAILED_PRECONDITION_ERROR) return notANumber(error);
  if (REFUSED.includes(code)) {
    return new StoreUnavailableError(`momento refused the ${operation} (${code})`, { cause: error });
  }
  if (NOT_SENT.test(error.message)) {
    return new StoreUnavailableError('momento could not be reached', { cause: error });
  }
  return new UnknownOutcomeError(`momento did not answer the ${operation} (${code})`, { cause: error });
}

/** Something else than a counter is stored under the id. */
export function notANumber(cause?: Error): StoreUnavailableError {
  return new StoreUnavailableError('momento holds no whole number under this counter id', { cause });
}
