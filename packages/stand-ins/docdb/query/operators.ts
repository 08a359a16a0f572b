import { BSONRegExp } from 'bson';
import { CommandError } from '../errors';
import { isBsonNumber, toNumber } from '../values/number';
import { compareValues, equalValues, kindOf, typeName } from '../values/order';
import { comparedValues, valuesAt } from './path';
import type { Predicate } from './predicate';

/** Makes a predicate of a path and an operand. */
type Operator = (path: string, operand: unknown) => Predicate;

/** `$type`'s names, which Amazon DocumentDB takes, too: mongodb.com, "BSON Types". */
const TYPE_NAMES: ReadonlySet<unknown> = new Set(
  'double string object array binData objectId bool date null regex timestamp int long decimal'.split(' '),
);
const NUMBER_TYPES: readonly string[] = ['int', 'long', 'double', 'decimal'];

/**
 * The operators of filters, on BSON's types: a long is a number, an int32 and a double are two types, and the fields of a
 * document have an order. JavaScript's comparisons know none of that.
 */
export const operators = {
  $eq: (path, operand) => equalTo(path, operand),
  $ne: (path, operand) => not(equalTo(path, operand)),
  $gt: (path, operand) => ordered(path, operand, (order) => order > 0),
  $gte: (path, operand) => ordered(path, operand, (order) => order >= 0),
  $lt: (path, operand) => ordered(path, operand, (order) => order < 0),
  $lte: (path, operand) => ordered(path, operand, (order) => order <= 0),
  $in: (path, operand) => oneOf(path, listOf('$in', operand)),
  $nin: (path, operand) => not(oneOf(path, listOf('$nin', operand))),
  $exists: (path, operand) => {
    const expected = isBsonNumber(operand) ? toNumber(operand) !== 0 : Boolean(operand);
    return (document) => valuesAt(document, path).some((value) => value !== undefined) === expected;
  },
  $type: (path, operand) => {
    const types = new Set<unknown>((Array.isArray(operand) ? (operand as unknown[]) : [operand]).flatMap(typeNamesOf));
    return (document) => comparedValues(document, path).some((value) => types.has(typeName(value)));
  },
} satisfies Record<string, Operator>;

function not(predicate: Predicate): Predicate {
  return (document) => !predicate(document);
}

function equalTo(path: string, operand: unknown): Predicate {
  return (document) => comparedValues(document, path).some((value) => equalValues(value, operand));
}

/** Compares only values of one kind: no string is less than a number. */
function ordered(path: string, operand: unknown, accepts: (order: number) => boolean): Predicate {
  if (operand instanceof BSONRegExp) throw new CommandError(2, "Can't have RegEx as arg to predicate over field.");
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
  const anyOf = operands.map((operand) => {
    if (operand instanceof BSONRegExp) throw new CommandError(2, 'unknown operator: $regex');
    return equalTo(path, operand);
  });
  return (document) => anyOf.some((matches) => matches(document));
}

function typeNamesOf(operand: unknown): readonly unknown[] {
  if (operand === 'number') return NUMBER_TYPES;
  if (!TYPE_NAMES.has(operand)) throw new CommandError(2, `Unknown type name alias: ${String(operand)}`);
  return [operand];
}

function listOf(operator: string, operand: unknown): readonly unknown[] {
  if (!Array.isArray(operand)) throw new CommandError(2, `${operator} needs an array`);
  return operand as unknown[];
}
