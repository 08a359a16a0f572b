import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  EJSON,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import { type BsonNumber, compareNumbers, numberKey, numberType } from './number';
import { type Document, isDocument } from './document';

/** Ranks of the types when values are sorted: mongodb.com, "Comparison/Sort Order". */
const RANK = {
  minKey: 1,
  null: 2,
  number: 3,
  string: 4,
  object: 5,
  array: 6,
  binary: 7,
  objectId: 8,
  bool: 9,
  date: 10,
  timestamp: 11,
  regex: 12,
  code: 13,
  maxKey: 127,
} as const;
type Kind = keyof typeof RANK;

/** Which values compare with each other: all numbers do, a number and a string don't. */
export function kindOf(value: unknown): Kind {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number' || typeof value === 'bigint') return 'number';
  if (typeof value === 'boolean') return 'bool';
  if (value === undefined || value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (value instanceof Date) return 'date';
  if (value instanceof ObjectId) return 'objectId';
  if (value instanceof Double || value instanceof Decimal128) return 'number';
  if (value instanceof Binary) return 'binary';
  if (value instanceof Timestamp) return 'timestamp';
  if (value instanceof BSONRegExp) return 'regex';
  if (value instanceof BSONSymbol) return 'string';
  if (value instanceof Code) return 'code';
  if (value instanceof MinKey) return 'minKey';
  if (value instanceof MaxKey) return 'maxKey';
  return 'object';
}

/** The type's name as `$type` and error messages have it. */
export function typeName(value: unknown): string {
  const kind = kindOf(value);
  if (value === undefined) return 'missing';
  if (kind === 'number') return numberType(value as BsonNumber);
  if (kind === 'binary') return 'binData';
  if (kind === 'code') return (value as Code).scope === null ? 'javascript' : 'javascriptWithScope';
  return value instanceof BSONSymbol ? 'symbol' : kind;
}

/**
 * Compares two values in BSON's order: by rank of their types, then by value; strings by their UTF-8 bytes, documents
 * field by field in their order.
 */
export function compareValues(a: unknown, b: unknown): number {
  const kind = kindOf(a);
  const otherKind = kindOf(b);
  if (kind !== otherKind) return RANK[kind] - RANK[otherKind];
  switch (kind) {
    case 'number':
      return compareNumbers(a as BsonNumber, b as BsonNumber);
    case 'string':
      return compareStrings(String(a), String(b));
    case 'bool':
    case 'date':
      return Number(a) - Number(b);
    case 'objectId':
      return compareStrings((a as ObjectId).toHexString(), (b as ObjectId).toHexString());
    case 'array':
      return compareLists(a as unknown[], b as unknown[], compareValues);
    case 'object':
      return compareLists(fieldsOf(a), fieldsOf(b), compareFields);
    case 'binary':
      return compareBinaries(a as Binary, b as Binary);
    case 'timestamp':
      return (a as Timestamp).compare(b as Timestamp);
    case 'regex':
    case 'code':
      return compareStrings(valueKey(a), valueKey(b));
    case 'null':
    case 'minKey':
    case 'maxKey':
      return 0;
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
    case 'minKey':
    case 'maxKey':
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
      return `f${JSON.stringify(fieldsOf(value).map(([field, item]) => [field, valueKey(item)]))}`;
    case 'binary':
    case 'timestamp':
    case 'regex':
    case 'code':
      return `${kind}${EJSON.stringify(value)}`;
  }
}

/** Whether two values are the same in type too: what decides whether an update has modified a document. */
export function identicalValues(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => identicalValues(item, b[index]));
  }
  if (isDocument(a) && isDocument(b)) {
    const fields = Object.keys(a);
    const others = Object.keys(b);
    return (
      fields.length === others.length &&
      fields.every((field, index) => field === others[index] && identicalValues(a[field], b[field]))
    );
  }
  return typeName(a) === typeName(b) && String(a) === String(b) && compareValues(a, b) === 0;
}

type Field = readonly [name: string, value: unknown];

function fieldsOf(value: unknown): Field[] {
  return Object.entries(value instanceof DBRef ? value.toJSON() : (value as Document));
}

function compareFields([name, value]: Field, [otherName, otherValue]: Field): number {
  return (
    RANK[kindOf(value)] - RANK[kindOf(otherValue)] ||
    compareStrings(name, otherName) ||
    compareValues(value, otherValue)
  );
}

function compareLists<Item>(a: readonly Item[], b: readonly Item[], compare: (a: Item, b: Item) => number): number {
  for (const [index, item] of a.entries()) {
    const other = b[index];
    if (other === undefined && index >= b.length) return 1;
    const order = compare(item, other as Item);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  // UTF-16 and UTF-8 order differ only where surrogates meet higher code units.
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function compareBinaries(a: Binary, b: Binary): number {
  return a.length() - b.length() || a.sub_type - b.sub_type || Buffer.compare(a.value(), b.value());
}
