import { Decimal128, type Double } from 'bson';

/** A finite decimal: coefficient × 10^exponent. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly exponent: number;
}

/** The significant digits of a Decimal128 (IEEE 754-2008, decimal128). */
const DIGITS = 34;
/** The digits that MongoDB keeps when it turns a double into a decimal. */
const DOUBLE_DIGITS = 15;

/** @returns undefined for NaN and the infinities */
export function parseDecimal(value: Decimal128): Decimal | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]?\d+))?$/.exec(value.toString());
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  return { coefficient: BigInt(`${sign}${whole}${fraction}`), exponent: Number(exponent) - fraction.length };
}

/** The exact decimal of a finite double or whole number: each double is one, as 1/2 is 5/10. */
export function exactDecimal(value: number | bigint): Decimal {
  if (typeof value === 'bigint') return { coefficient: value, exponent: 0 };
  if (Number.isInteger(value)) return { coefficient: BigInt(value), exponent: 0 };
  let exponent = 0;
  let scaled = value;
  while (!Number.isInteger(scaled)) {
    scaled *= 2; // exact: only the binary exponent changes
    exponent++;
  }
  return { coefficient: BigInt(scaled) * 5n ** BigInt(exponent), exponent: -exponent };
}

export function compareDecimals(a: Decimal, b: Decimal): number {
  const exponent = Math.min(a.exponent, b.exponent);
  const left = shifted(a, exponent);
  const right = shifted(b, exponent);
  return left < right ? -1 : left > right ? 1 : 0;
}

export function addDecimals(a: Decimal, b: Decimal): Decimal128 {
  const exponent = Math.min(a.exponent, b.exponent);
  return toDecimal128({ coefficient: shifted(a, exponent) + shifted(b, exponent), exponent });
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal128 {
  return toDecimal128({ coefficient: a.coefficient * b.coefficient, exponent: a.exponent + b.exponent });
}

/** A number as the decimal that MongoDB calculates with: doubles by their first 15 digits. */
export function asDecimal128(value: number | bigint | Double | Decimal128): Decimal128 {
  if (value instanceof Decimal128) return value;
  if (typeof value === 'bigint') return Decimal128.fromString(value.toString());
  const number = Number(value);
  if (!Number.isFinite(number)) return Decimal128.fromString(String(number));
  return Decimal128.fromString(
    Number.isInteger(number) ? BigInt(number).toString() : number.toPrecision(DOUBLE_DIGITS),
  );
}

/** The coefficient at a smaller or equal exponent. */
function shifted({ coefficient, exponent }: Decimal, toExponent: number): bigint {
  return coefficient * 10n ** BigInt(exponent - toExponent);
}

function toDecimal128({ coefficient, exponent }: Decimal): Decimal128 {
  const negative = coefficient < 0n;
  let digits = (negative ? -coefficient : coefficient).toString();
  const excess = digits.length - DIGITS;
  if (excess > 0) {
    const unit = 10n ** BigInt(excess);
    const magnitude = BigInt(digits);
    digits = roundedHalfEven(magnitude / unit, magnitude % unit, unit).toString();
    exponent += excess;
  }
  return Decimal128.fromString(`${negative ? '-' : ''}${digits}E${exponent}`);
}

function roundedHalfEven(quotient: bigint, remainder: bigint, unit: bigint): bigint {
  const twice = remainder * 2n;
  return twice > unit || (twice === unit && quotient % 2n === 1n) ? quotient + 1n : quotient;
}
