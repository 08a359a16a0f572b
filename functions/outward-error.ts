import {
  InvalidRequestError,
  LimitReachedError,
  NotAppliedError,
  StoreUnavailableError,
  UnknownOutcomeError,
} from './counter-store';

/** What a function may throw: Lambda passes an error's name on, and the state machine knows these. */
export type OutwardError =
  InvalidRequestError | LimitReachedError | NotAppliedError | StoreUnavailableError | UnknownOutcomeError;

/**
 * The error as Lambda may return and log it, without its stack, which describes the code and not the call. Any other
 * error may have a host or a credential in its message, and may have happened after the write.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
 *
 * @param task what failed, such as `redis: the increment`
 */
export function toOutwardError(task: string, error: unknown): OutwardError {
  const outward = isOutward(error) ? error : new UnknownOutcomeError(`${task} failed unexpectedly`, { cause: error });
  outward.stack = `${outward.name}: ${outward.message}`;
  return outward;
}

function isOutward(error: unknown): error is OutwardError {
  return (
    error instanceof InvalidRequestError ||
    error instanceof LimitReachedError ||
    error instanceof NotAppliedError ||
    error instanceof StoreUnavailableError ||
    error instanceof UnknownOutcomeError
  );
}
