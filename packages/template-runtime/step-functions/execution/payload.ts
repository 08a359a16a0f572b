import { StateError } from '../errors';

/**
 * The largest input or output of a state, a task or an execution, in bytes of UTF-8.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export const MAX_PAYLOAD_BYTES = 262_144;

/**
 * A JSON value that travels between states, with its text: one state's output text is the next one's input text, so that
 * each value is printed once. The value is never changed in place.
 */
export class Payload {
  #text: string | undefined;

  /** @param text the JSON of `value`, where it is known already */
  constructor(
    readonly value: unknown,
    text?: string,
  ) {
    this.#text = text;
  }

  get text(): string {
    return (this.#text ??= JSON.stringify(this.value));
  }

  /** Whether it is larger than AWS lets pass. */
  get isTooLarge(): boolean {
    // A UTF-16 unit takes at most three bytes in UTF-8: short texts need no counting.
    return this.text.length * 3 > MAX_PAYLOAD_BYTES && Buffer.byteLength(this.text) > MAX_PAYLOAD_BYTES;
  }
}

/** @param what the state's name, or the resource of a task, as AWS names it in the cause */
export function dataLimitExceeded(what: string): StateError {
  return new StateError(
    'States.DataLimitExceeded',
    `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}
