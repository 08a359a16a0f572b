import { NotAppliedError, type Operation, StoreUnavailableError, UnknownOutcomeError } from './counter-store';

/** A store's errors in the words that all stores share. Each keeps the client's error as its cause. */
export interface StoreErrors {
  /** There is no connection, so nothing was sent. */
  unreachable(cause: unknown): StoreUnavailableError;
  /** The client found the connection closed before it sent the command; the next call connects anew. */
  closedUnsent(operation: Operation, cause: unknown): NotAppliedError;
  /** @param reason the server's own name for it */
  refusedForNow(operation: Operation, reason: string, cause: unknown): NotAppliedError;
  /** @param reason the server's own name for it, which the next call will meet as well */
  refused(operation: Operation, reason: string, cause: unknown): StoreUnavailableError;
  /** @param code the client's own name for it */
  unanswered(operation: Operation, cause: unknown, code?: string): UnknownOutcomeError;
  unansweredInTime(operation: Operation): UnknownOutcomeError;
  unknownAnswer(cause: unknown): UnknownOutcomeError;
  /** The store acknowledged an increment without its value. */
  noCounterValue(): UnknownOutcomeError;
  /** Other increments of this counter were faster, as often as this one tried. */
  othersFaster(): NotAppliedError;
  /**
   * An error at a point where the call has provably written nothing: what would be unknown anywhere else is not
   * applied. The cause stays.
   */
  unwritten(error: unknown): unknown;
  /** Something other than a counter is stored under the counter id. */
  notACounter(cause?: unknown): StoreUnavailableError;
  /** Something other than idempotency keys is stored beside a counter. */
  notKeys(): StoreUnavailableError;
}

/**
 * @param store the store's name in messages
 * @param counterType what the store holds for a counter
 */
export function storeErrors(store: string, counterType = 'whole number'): StoreErrors {
  return {
    unreachable: (cause) => new StoreUnavailableError(`${store} could not be reached`, { cause }),
    closedUnsent: (operation, cause) =>
      new NotAppliedError(`${store} closed the connection before the ${operation} was sent`, { cause }),
    refusedForNow: (operation, reason, cause) =>
      new NotAppliedError(`${store} refused the ${operation} for now (${reason})`, { cause }),
    refused: (operation, reason, cause) =>
      new StoreUnavailableError(`${store} refused the ${operation} (${reason})`, { cause }),
    unanswered: (operation, cause, code) =>
      new UnknownOutcomeError(`${store} did not answer the ${operation}${code === undefined ? '' : ` (${code})`}`, {
        cause,
      }),
    unansweredInTime: (operation) => new UnknownOutcomeError(`${store} did not answer the ${operation} in time`),
    unknownAnswer: (cause) => new UnknownOutcomeError(`${store} answered with an error that is not known`, { cause }),
    noCounterValue: () => new UnknownOutcomeError(`${store} answered with no counter value`),
    othersFaster: () => new NotAppliedError(`${store}: other increments of this counter were faster`),
    unwritten: (error) =>
      error instanceof UnknownOutcomeError
        ? new NotAppliedError(`${error.message}, and nothing had been written`, { cause: error.cause ?? error })
        : error,
    notACounter: (cause) =>
      new StoreUnavailableError(`${store} holds no ${counterType} under this counter id`, { cause }),
    notKeys: () => new StoreUnavailableError(`${store} holds something other than idempotency keys beside this counter`),
  };
}
