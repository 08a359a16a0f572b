import { CommandError, optionNotSupported } from '../errors';
import type { Catalog } from '../storage/catalog';
import { type Document, isDocument } from '../values/document';
import { isBsonNumber, toNumber } from '../values/number';
import { typeName } from '../values/order';
import type { Scram } from './scram';

/** What all connections share. */
export interface Server {
  readonly catalog: Catalog;
  /** Undefined when nobody has to authenticate. */
  readonly scram: Scram | undefined;
  /** `host:port` by which clients reach it. */
  readonly address: string;
}

/** What the server knows of one connection. */
export interface Session {
  readonly id: number;
  authenticated: boolean;
  /** An authentication under way, after its first step. */
  conversation?: ReturnType<Scram['start']>;
}

export interface Call {
  readonly server: Server;
  readonly session: Session;
  /** `$db`. */
  readonly database: string;
  /** The value of the command's own field: a collection's name for most. */
  readonly argument: unknown;
  readonly body: Document;
}

export interface Command {
  /** Fields that the command reads, besides its own and those that every command may have. */
  readonly fields: readonly string[] | 'any';
  /** Whether it is answered before authentication. */
  readonly anonymous?: boolean;
  /**
   * @returns the reply, without `ok`
   * @throws CommandError to refuse
   */
  run(call: Call): Document;
}

/**
 * Fields that every command may have. Those about sessions, read and write concerns change nothing here: one server
 * applies each write before it answers.
 */
const GENERIC: ReadonlySet<string> = new Set(
  '$db $readPreference $clusterTime lsid comment maxTimeMS readConcern writeConcern apiVersion apiStrict apiDeprecationErrors'.split(
    ' ',
  ),
);

/** Options of MongoDB's commands that are refused as not supported, and not as unknown. */
const UNSUPPORTED: ReadonlySet<string> = new Set(
  'allowDiskUse arrayFilters bypassDocumentValidation capped clusteredIndex collation expireAfterSeconds explain let max min noCursorTimeout pipeline remove returnKey showRecordId size tailable timeseries validator viewOn'.split(
    ' ',
  ),
);

/**
 * @param name of the command, or of its part
 * @throws CommandError for a field that would otherwise be passed over in silence
 */
export function checkFields(name: string, fields: Command['fields'], body: Document): void {
  if (fields === 'any') return;
  for (const field of Object.keys(body)) {
    if (field === name || GENERIC.has(field) || fields.includes(field)) continue;
    if (UNSUPPORTED.has(field)) throw optionNotSupported(field);
    throw new CommandError(40415, `BSON field '${name}.${field}' is an unknown field.`);
  }
}

/** @throws CommandError TypeMismatch or a missing field, as MongoDB's parser of commands has them */
export function documentField(body: Document, field: string): Document | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (!isDocument(value)) throw wrongType(field, value, 'object');
  return value;
}

export function stringField(body: Document, field: string): string {
  const value = body[field];
  if (typeof value !== 'string') throw wrongType(field, value, 'string');
  return value;
}

export function numberField(body: Document, field: string): number | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (!isBsonNumber(value)) throw wrongType(field, value, 'long');
  const number = toNumber(value);
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new CommandError(2, `BSON field '${field}' value must be a whole number >= 0, actual value '${number}'`);
  }
  return number;
}

/** Absent is false; numbers count as booleans. */
export function flagField(body: Document, field: string): boolean {
  const value = body[field];
  return isBsonNumber(value) ? toNumber(value) !== 0 : value === true;
}

export function documentsField(body: Document, field: string): readonly Document[] {
  const value = body[field];
  if (!Array.isArray(value)) throw wrongType(field, value, 'array');
  return (value as unknown[]).map((item) => {
    if (!isDocument(item)) throw wrongType(field, item, 'object');
    return item;
  });
}

export function collectionName({ argument, database }: Call): string {
  if (typeof argument === 'string' && argument !== '') return argument;
  throw new CommandError(73, `Invalid namespace specified '${database}.${String(argument)}'`);
}

function wrongType(field: string, value: unknown, expected: string): CommandError {
  if (value === undefined) return new CommandError(40414, `BSON field '${field}' is missing but a required field`);
  return new CommandError(
    14,
    `BSON field '${field}' is the wrong type '${typeName(value)}', expected type '${expected}'`,
  );
}
