import { Decimal128, Double } from 'bson';
import {
  addDecimals,
  asDecimal128,
  compareDecimals,
  type Decimal,
  exactDecimal,
  multiplyDecimals,
  parseDecimal,
} from './decimal';
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

/** Compares by value, exactly and whatever the types; NaN comes before every other number. */
export function compareNumbers(a: BsonNumber, b: BsonNumber): number {
  if (a instanceof Decimal128 || b instanceof Decimal128) {
    const left = finiteDecimal(a);
    const right = finiteDecimal(b);
    // NaN and the infinities are exact as JavaScript's numbers.
    return left && right ? compareDecimals(left, right) : comparePlain(toNumber(a), toNumber(b));
  }
  return comparePlain(a instanceof Double ? a.value : a, b instanceof Double ? b.value : b);
}

/** A text that two numbers share exactly when they are equal. */
export function numberKey(value: BsonNumber): string {
  if (value instanceof Decimal128) {
    const decimal = parseDecimal(value);
    return decimal ? decimalKey(decimal) : String(toNumber(value));
  }
  const plain = value instanceof Double ? value.value : value;
  if (typeof plain === 'bigint') return plain.toString();
  if (!Number.isInteger(plain)) return Number.isFinite(plain) ? decimalKey(exactDecimal(plain)) : String(plain);
  return Number.isSafeInteger(plain) ? String(plain + 0) : BigInt(plain).toString();
}

/**
 * Adds as `$inc` does: the result has the wider of both types, and an int32 that overflows becomes a long (mongodb.com,
 * "$inc" and "NumberInt").
 *
 * @returns undefined when the sum doesn't fit into a long
 */
export function add(a: BsonNumber, b: BsonNumber): BsonNumber | undefined {
  if (a instanceof Decimal128 || b instanceof Decimal128) return inDecimals(a, b, addDecimals, (x, y) => x + y);
  if (isDouble(a) || isDouble(b)) return asDouble(Number(a) + Number(b));
  return inWholeNumbers(a, b, BigInt(a) + BigInt(b));
}

/**
 * Multiplies as `$mul` does, with the types of {@link add}.
 *
 * @returns undefined when the product doesn't fit into a long
 */
export function multiply(a: BsonNumber, b: BsonNumber): BsonNumber | undefined {
  if (a instanceof Decimal128 || b instanceof Decimal128) return inDecimals(a, b, multiplyDecimals, (x, y) => x * y);
  if (isDouble(a) || isDouble(b)) return asDouble(Number(a) * Number(b));
  return inWholeNumbers(a, b, BigInt(a) * BigInt(b));
}

function isDouble(value: number | bigint | Double): value is Double {
  return value instanceof Double || (typeof value === 'number' && !isInt32(value));
}

function inWholeNumbers(a: number | bigint, b: number | bigint, result: bigint): number | bigint | undefined {
  if (result > MAX_LONG || result < MIN_LONG) return undefined;
  if (typeof a === 'bigint' || typeof b === 'bigint') return result;
  const number = Number(result);
  return isInt32(number) ? number : result;
}

function inDecimals(
  a: BsonNumber,
  b: BsonNumber,
  exactly: (a: Decimal, b: Decimal) => Decimal128,
  roughly: (a: number, b: number) => number,
): Decimal128 {
  const left = parseDecimal(asDecimal128(a));
  const right = parseDecimal(asDecimal128(b));
  return left && right ? exactly(left, right) : asDecimal128(roughly(toNumber(a), toNumber(b)));
}

function finiteDecimal(value: BsonNumber): Decimal | undefined {
  if (value instanceof Decimal128) return parseDecimal(value);
  const plain = value instanceof Double ? value.value : value;
  return typeof plain === 'bigint' || Number.isFinite(plain) ? exactDecimal(plain) : undefined;
}

/** JavaScript compares a bigint and a number by their exact values. */
function comparePlain(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(!Number.isNaN(a)) - Number(!Number.isNaN(b));
}

function decimalKey({ coefficient, exponent }: Decimal): string {
  while (coefficient % 10n === 0n && coefficient !== 0n) {
    coefficient /= 10n;
    exponent++;
  }
  if (coefficient === 0n) return '0';
  return exponent >= 0 ? (coefficient * 10n ** BigInt(exponent)).toString() : `${coefficient}E${exponent}`;
}
