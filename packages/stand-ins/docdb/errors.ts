import type { Document } from './values/document';

/** Error codes and their names: mongodb.com, "Error Codes"; 301, 303 and 304 are Amazon DocumentDB's own. */
const CODE_NAMES = {
  2: 'BadValue',
  9: 'FailedToParse',
  13: 'Unauthorized',
  14: 'TypeMismatch',
  18: 'AuthenticationFailed',
  26: 'NamespaceNotFound',
  27: 'IndexNotFound',
  28: 'PathNotViable',
  40: 'ConflictingUpdateOperators',
  48: 'NamespaceExists',
  52: 'DollarPrefixedFieldName',
  53: 'InvalidIdField',
  54: 'NotSingleValueField',
  56: 'EmptyFieldName',
  59: 'CommandNotFound',
  66: 'ImmutableField',
  67: 'CannotCreateIndex',
  72: 'InvalidOptions',
  73: 'InvalidNamespace',
  85: 'IndexOptionsConflict',
  86: 'IndexKeySpecsConflict',
  171: 'CannotIndexParallelArrays',
  263: 'OperationNotSupportedInTransaction',
  301: 'RetryableWritesNotSupported',
  303: 'OptionNotSupported',
  304: 'StageNotSupported',
  10334: 'BSONObjectTooLarge',
  11000: 'DuplicateKey',
  15959: 'Location15959',
  31253: 'Location31253',
  31254: 'Location31254',
  40323: 'Location40323',
  40414: 'Location40414',
  40415: 'Location40415',
} as const;

export type ErrorCode = keyof typeof CODE_NAMES;

/** A command, or one statement of it, is refused. It becomes the reply's `code`, `codeName` and `errmsg`. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  /** @param details further fields of the reply, such as `keyPattern` and `keyValue` */
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: Document = {},
  ) {
    super(message);
  }

  get codeName(): string {
    return CODE_NAMES[this.code];
  }
}

/** Amazon DocumentDB's refusal of an option that MongoDB has. */
export function optionNotSupported(option: string): CommandError {
  return new CommandError(303, `option ${option} is currently not supported.`);
}
