import { BSONError, calculateObjectSize, deserialize, Double, Int32, Long, serialize } from 'bson';

/** A BSON document: fields in order. */
export type Document = Record<string, unknown>;

/** The largest document, in bytes (docs.aws.amazon.com, DocumentDB "Quotas and limits": 16 MB). */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

/**
 * Reads a document so that the type of each number is kept:
 *
 * - int32: a whole number within 32 bits
 * - long: a bigint
 * - double: any other number; one that would pass for an int32 stays a `Double`
 * - decimal: a `Decimal128`
 *
 * `bson` writes each of them back as the type that it was.
 *
 * @throws BSONError when the bytes aren't a document
 */
export function readDocument(bytes: Uint8Array): Document {
  const document = deserialize(bytes, { promoteValues: false, promoteLongs: false, bsonRegExp: true });
  canonicalizeFields(document);
  return document;
}

export function writeDocument(document: Document): Uint8Array {
  return serialize(document);
}

/** A document in JSON: BSON in base64, because JSON can't hold all that a document can. */
export function toText(document: Document): string {
  return Buffer.from(writeDocument(document)).toString('base64');
}

export function fromText(text: string): Document {
  return readDocument(Buffer.from(text, 'base64'));
}

export function documentBytes(document: Document): number {
  return calculateObjectSize(document);
}

/** A document, and neither an array nor one of BSON's own types. */
export function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** A double that `bson` writes as one, also where its value would pass for an int32. */
export function asDouble(value: number): number | Double {
  return isInt32(value) ? new Double(value) : value;
}

/** Whether `bson` writes the number as an int32. */
export function isInt32(value: number): boolean {
  return (value | 0) === value && !Object.is(value, -0);
}

/** A copy whose documents and arrays are its own; values of other types are never changed, so both may hold them. */
export function cloneDocument(document: Document): Document {
  const copy: Document = {};
  for (const field of Object.keys(document)) copy[field] = cloneValue(document[field]);
  return copy;
}

export function cloneValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cloneValue);
  return isDocument(value) ? cloneDocument(value) : value;
}

function canonicalizeFields(document: Document): void {
  for (const field of Object.keys(document)) {
    if (field === '__proto__') throw new BSONError('the field name __proto__ is not supported by this stand-in');
    const value = document[field];
    if (typeof value === 'object' && value !== null) document[field] = canonical(value);
  }
}

function canonical(value: object): unknown {
  if (value instanceof Int32) return value.value;
  if (value instanceof Double) return asDouble(value.value);
  if (value instanceof Long && value._bsontype === 'Long') return value.toBigInt(); // a timestamp is one, too
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    for (let i = 0; i < items.length; i++) {
      const item = items[i];
      if (typeof item === 'object' && item !== null) items[i] = canonical(item);
    }
  } else if (isDocument(value)) {
    canonicalizeFields(value);
  }
  return value;
}
