import { Metadata, status, type StatusObject } from '@grpc/grpc-js';
import { NotANumberError } from './cache';

const GENERAL = 'momento_general_err';

/** How Momento refuses a call: a gRPC status. The SDK makes its error class from the code and the `err` metadata. */
export class StatusError extends Error {
  override readonly name = 'StatusError';

  /**
   * @param err value of the trailer `err`: the cause where one code has several, or else that it is Momento who speaks.
   * Source: https://github.com/momentohq/client-sdk-go/blob/main/internal/protos/store.proto
   */
  constructor(
    readonly code: status,
    message: string,
    readonly err = GENERAL,
  ) {
    super(message);
  }
}

export function cacheNotFound(name: string): StatusError {
  return new StatusError(status.NOT_FOUND, `Cache with name: ${name} doesn't exist`);
}

/** What goes over the wire for an error. An unforeseen one is the stand-in's bug: INTERNAL, with its message. */
export function toStatus(error: unknown): StatusObject {
  const metadata = new Metadata();
  if (error instanceof StatusError) {
    metadata.set('err', error.err);
    return { code: error.code, details: error.message, metadata };
  }
  const details = error instanceof Error ? error.message : String(error);
  // Momento's code for it: "Incrementing a value that … is not the string representation of an integer results in a
  // failure with a FailedPreconditionException error" (JavaScript SDK, CacheClient.increment).
  if (error instanceof NotANumberError) {
    metadata.set('err', GENERAL);
    return { code: status.FAILED_PRECONDITION, details, metadata };
  }
  return { code: status.INTERNAL, details, metadata };
}
