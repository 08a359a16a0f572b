import { Binary, BSONRegExp, type BSONValue, EJSON, ObjectId } from 'bson';
import { type BsonNumber, compareNumbers, isBsonNumber, numberKey, numberType } from './number';
import { type Document, isDocument, writeDocument } from './document';

/** Ranks of the types when values are sorted: mongodb.com, "Comparison/Sort Order". All others come last. */
const RANK = {
  null: 2,
  number: 3,
  string: 4,
  object: 5,
  array: 6,
  binData: 7,
  objectId: 8,
  bool: 9,
  date: 10,
  other: 11,
};
type Kind = keyof typeof RANK;

/** Which values compare with each other: all numbers do, a number and a string don't. */
export function kindOf(value: unknown): Kind {
  if (typeof value === 'string') return 'string';
  if (isBsonNumber(value)) return 'number';
  if (typeof value === 'boolean') return 'bool';
  if (value === undefined || value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (isDocument(value)) return 'object';
  if (value instanceof Date) return 'date';
  if (value instanceof ObjectId) return 'objectId';
  return value instanceof Binary ? 'binData' : 'other';
}

/** The type's name as `$type` and error messages have it. */
export function typeName(value: unknown): string {
  if (value === undefined) return 'missing';
  const kind = kindOf(value);
  if (kind === 'number') return numberType(value as BsonNumber);
  if (kind !== 'other') return kind;
  return value instanceof BSONRegExp ? 'regex' : (value as BSONValue)._bsontype.toLowerCase();
}

/**
 * Compares two values in BSON's order: by rank of their types, then by value; strings by their UTF-8 bytes.
 */
export function compareValues(a: unknown, b: unknown): number {
  const kind = kindOf(a);
  const otherKind = kindOf(b);
  if (kind !== otherKind) return RANK[kind] - RANK[otherKind];
  switch (kind) {
    case 'null':
      return 0;
    case 'number':
      return compareNumbers(a as BsonNumber, b as BsonNumber);
    case 'string':
      return compareStrings(String(a), String(b));
    case 'bool':
    case 'date':
      return Number(a) - Number(b);
    case 'objectId':
      return compareStrings((a as ObjectId).toHexString(), (b as ObjectId).toHexString());
    default: // told apart by their texts; in which order is nobody's business here
      return compareStrings(valueKey(a), valueKey(b));
  }
}

export function equalValues(a: unknown, b: unknown): boolean {
  return a === b || compareValues(a, b) === 0;
}

/** A text that two values share exactly when they are equal: what indexes look values up by. */
export function valueKey(value: unknown): string {
  const kind = kindOf(value);
  switch (kind) {
    case 'string':
      return `s${String(value)}`;
    case 'number':
      return `n${numberKey(value as BsonNumber)}`;
    case 'null':
      return kind;
    case 'bool':
      return `b${String(value)}`;
    case 'date':
      return `d${Number(value)}`;
    case 'objectId':
      return `o${(value as ObjectId).toHexString()}`;
    case 'array':
      return `a${JSON.stringify((value as unknown[]).map(valueKey))}`;
    case 'object':
      return `f${JSON.stringify(Object.entries(value as Document).map(([field, item]) => [field, valueKey(item)]))}`;
    case 'binData':
    case 'other':
      return `${kind}${EJSON.stringify(value)}`;
  }
}

/** Whether two values are the same in type too: what decides whether an update has modified a document. */
export function identicalValues(a: unknown, b: unknown): boolean {
  return a === b || Buffer.compare(writeDocument({ value: a }), writeDocument({ value: b })) === 0;
}

function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  // UTF-16 and UTF-8 order differ only where surrogates meet higher code units.
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
