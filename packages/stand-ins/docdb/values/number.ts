import { Decimal128, Double } from 'bson';
import { asDouble, isInt32 } from './document';

/** A BSON number as `readDocument` gives it. */
export type BsonNumber = number | bigint | Double | Decimal128;
export type NumberType = 'int' | 'long' | 'double' | 'decimal';

const MAX_LONG = 2n ** 63n - 1n;
const MIN_LONG = -(2n ** 63n);

export function isBsonNumber(value: unknown): value is BsonNumber {
  return (
    typeof value === 'number' || typeof value === 'bigint' || value instanceof Double || value instanceof Decimal128
  );
}

export function numberType(value: BsonNumber): NumberType {
  if (typeof value === 'number') return isInt32(value) ? 'int' : 'double';
  if (typeof value === 'bigint') return 'long';
  return value instanceof Double ? 'double' : 'decimal';
}

/** @returns the number as JavaScript's, rounded where it has more digits */
export function toNumber(value: BsonNumber): number {
  return value instanceof Decimal128 ? Number(value.toString()) : Number(value);
}

/** Compares by value, whatever the types: exactly, but for a decimal, which counts as a double. NaN comes first. */
export function compareNumbers(a: BsonNumber, b: BsonNumber): number {
  const left = plain(a);
  const right = plain(b);
  if (left < right) return -1; // JavaScript compares a bigint and a number by their exact values
  if (left > right) return 1;
  return Number(!Number.isNaN(left)) - Number(!Number.isNaN(right));
}

/** A text that two numbers share exactly when they are equal. */
export function numberKey(value: BsonNumber): string {
  const number = plain(value);
  return Number.isInteger(number) ? BigInt(number).toString() : String(number);
}

/**
 * Adds as `$inc` does: the result has the wider of both types, and an int32 that overflows becomes a long (mongodb.com,
 * "$inc" and "NumberInt").
 *
 * @returns undefined when the sum doesn't fit into a long
 */
export function add(a: number | bigint | Double, b: number | bigint | Double): number | bigint | Double | undefined {
  if (isDouble(a) || isDouble(b)) return asDouble(Number(a) + Number(b));
  const sum = BigInt(a) + BigInt(b);
  if (sum > MAX_LONG || sum < MIN_LONG) return undefined;
  return typeof a === 'bigint' || typeof b === 'bigint' || !isInt32(Number(sum)) ? sum : Number(sum);
}

function isDouble(value: number | bigint | Double): value is Double {
  return value instanceof Double || (typeof value === 'number' && !isInt32(value));
}

function plain(value: BsonNumber): number | bigint {
  return typeof value === 'bigint' ? value : toNumber(value);
}
