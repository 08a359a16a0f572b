import type { Context } from 'mingo/core';
import { Query } from 'mingo/query';
import { CommandError } from '../errors';
import { type Document, isDocument } from '../values/document';
import { type BsonNumber, isBsonNumber, toNumber } from '../values/number';
import { compareValues, equalValues, kindOf, typeName } from '../values/order';
import { comparedValues, valuesAt } from './path';

/** Tests a document. */
export type Predicate = (document: Document) => boolean;
/** Makes a predicate of a path, an operand and mingo's options. */
type Operator = (path: string, operand: unknown, options: never) => Predicate;

/**
 * Carries an operand through mingo, which otherwise copies it and writes it as JSON, with which BSON's types don't
 * agree.
 */
export class Operand {
  constructor(readonly value: unknown) {}

  toJSON(): string {
    return 'operand';
  }
}

/** `$type`'s numbers: mongodb.com, "BSON Types". */
const TYPE_NUMBERS: Readonly<Record<number, string>> = {
  [-1]: 'minKey',
  1: 'double',
  2: 'string',
  3: 'object',
  4: 'array',
  5: 'binData',
  7: 'objectId',
  8: 'bool',
  9: 'date',
  10: 'null',
  11: 'regex',
  13: 'javascript',
  14: 'symbol',
  15: 'javascriptWithScope',
  16: 'int',
  17: 'timestamp',
  18: 'long',
  19: 'decimal',
  127: 'maxKey',
};
const TYPE_NAMES: ReadonlySet<string> = new Set(Object.values(TYPE_NUMBERS));
const NUMBER_TYPES: readonly string[] = ['int', 'long', 'double', 'decimal'];

/**
 * The operators of filters on BSON's types. mingo's own compare JavaScript's types: to them a long isn't a number, an
 * int32 and a double are the same, and the fields of a document have no order.
 */
export const predicates = {
  $eq: (path: string, operand: unknown) => equalTo(path, operand),
  $ne: (path: string, operand: unknown) => not(equalTo(path, operand)),
  $gt: (path: string, operand: unknown) => ordered(path, operand, (order) => order > 0),
  $gte: (path: string, operand: unknown) => ordered(path, operand, (order) => order >= 0),
  $lt: (path: string, operand: unknown) => ordered(path, operand, (order) => order < 0),
  $lte: (path: string, operand: unknown) => ordered(path, operand, (order) => order <= 0),
  $in: (path: string, operand: unknown) => oneOf(path, listOf('$in', operand)),
  $nin: (path: string, operand: unknown) => not(oneOf(path, listOf('$nin', operand))),
  $exists: (path: string, operand: unknown) => {
    const expected = isBsonNumber(operand) ? toNumber(operand) !== 0 : Boolean(operand);
    return (document: Document) => valuesAt(document, path).some((value) => value !== undefined) === expected;
  },
  $type: (path: string, operand: unknown) => {
    const types = new Set((Array.isArray(operand) ? (operand as unknown[]) : [operand]).flatMap(typeNamesOf));
    return (document: Document) => comparedValues(document, path).some((value) => types.has(typeName(value)));
  },
  $size: (path: string, operand: unknown) => {
    const size = wholeNumber('$size', operand);
    return (document: Document) =>
      valuesAt(document, path).some((value) => Array.isArray(value) && value.length === size);
  },
  $mod: (path: string, operand: unknown) => {
    const [divisor, remainder] = listOf('$mod', operand).map((item) => BigInt(wholeNumber('$mod', item)));
    if (divisor === undefined || remainder === undefined)
      throw new CommandError(2, 'malformed mod, not enough elements');
    if (divisor === 0n) throw new CommandError(2, 'divisor cannot be 0');
    return (document: Document) =>
      comparedValues(document, path).some((value) => {
        const dividend = isBsonNumber(value) ? truncated(value) : undefined;
        return dividend !== undefined && dividend % divisor === remainder;
      });
  },
  $regex: (path: string, operand: unknown) => matching(path, operand as RegExp),
  $all: (path: string, operand: unknown, options: never) => {
    const items = listOf('$all', operand).map((item) =>
      isDocument(item) && '$elemMatch' in item
        ? itemMatching(path, item.$elemMatch, options)
        : item instanceof RegExp
          ? matching(path, item)
          : equalTo(path, item),
    );
    return (document: Document) => items.length > 0 && items.every((matches) => matches(document));
  },
  $elemMatch: itemMatching,
} satisfies Record<string, Operator>;

/** The predicates as mingo's context takes them: its types know only its own operators. */
export const predicateOps = Object.fromEntries(
  Object.entries<Operator>(predicates).map(([name, operator]) => [
    name,
    (path: string, operand: unknown, options: never) =>
      operator(path, operand instanceof Operand ? operand.value : operand, options),
  ]),
) as unknown as Parameters<Context['addQueryOps']>[0];

/** Arrays with an item that fulfils all conditions at once. */
function itemMatching(path: string, operand: unknown, options: never): Predicate {
  if (!isDocument(operand)) throw new CommandError(2, '$elemMatch needs an Object');
  const first = Object.keys(operand)[0];
  // Operators alone are conditions on the item itself, which mingo's query reaches as a field.
  const onItem = first?.startsWith('$') === true && !['$and', '$or', '$nor'].includes(first);
  const query = new Query(onItem ? { item: operand } : operand, options);
  return (document: Document) =>
    valuesAt(document, path).some(
      (value) =>
        Array.isArray(value) &&
        (value as unknown[]).some((item) => (onItem ? query.test({ item }) : isDocument(item) && query.test(item))),
    );
}

function not(predicate: Predicate): Predicate {
  return (document) => !predicate(document);
}

function equalTo(path: string, operand: unknown): Predicate {
  return (document) => comparedValues(document, path).some((value) => equalValues(value, operand));
}

/** Compares only values of one kind: no string is less than a number. */
function ordered(path: string, operand: unknown, accepts: (order: number) => boolean): Predicate {
  if (operand instanceof RegExp) throw new CommandError(2, "Can't have RegEx as arg to predicate over field.");
  const kind = kindOf(operand);
  const notANumber = isBsonNumber(operand) && Number.isNaN(toNumber(operand));
  return (document) =>
    comparedValues(document, path).some((value) => {
      if (kindOf(value) !== kind) return false;
      // NaN equals itself and is neither less nor greater than any number.
      if (notANumber || Number.isNaN(value)) return equalValues(value, operand) && accepts(0);
      return accepts(compareValues(value, operand));
    });
}

function oneOf(path: string, operands: readonly unknown[]): Predicate {
  const anyOf = operands.map((operand) =>
    operand instanceof RegExp ? matching(path, operand) : equalTo(path, operand),
  );
  return (document) => anyOf.some((matches) => matches(document));
}

function matching(path: string, pattern: RegExp): Predicate {
  return (document) => comparedValues(document, path).some((value) => typeof value === 'string' && pattern.test(value));
}

function typeNamesOf(operand: unknown): readonly string[] {
  if (operand === 'number') return NUMBER_TYPES;
  const name = isBsonNumber(operand) ? TYPE_NUMBERS[toNumber(operand)] : operand;
  if (typeof name !== 'string' || !TYPE_NAMES.has(name)) {
    throw new CommandError(2, `Unknown type name alias: ${String(operand)}`);
  }
  return [name];
}

function listOf(operator: string, operand: unknown): readonly unknown[] {
  if (!Array.isArray(operand)) throw new CommandError(2, `${operator} needs an array`);
  return operand as unknown[];
}

function wholeNumber(operator: string, operand: unknown): number {
  const number = isBsonNumber(operand) ? toNumber(operand) : NaN;
  if (!Number.isSafeInteger(number)) {
    throw new CommandError(2, `Failed to parse ${operator}. Expected an integer: ${operator}: ${String(operand)}`);
  }
  return number;
}

function truncated(value: BsonNumber): bigint | undefined {
  if (typeof value === 'bigint') return value;
  const number = toNumber(value);
  return Number.isFinite(number) ? BigInt(Math.trunc(number)) : undefined;
}
