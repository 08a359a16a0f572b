import { CommandError } from './reply';

/** A signed 64-bit integer: a number while JavaScript counts exactly, else a bigint. */
export type Int64 = number | bigint;

const DECIMAL_INTEGER = /^(?:0|-?[1-9][0-9]{0,18})$/;
const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

/** Reads an integer as strictly as Redis does: no sign +, no spaces, no leading zeros, 64 bits. */
export function readInt64(text: string): Int64 | undefined {
  if (!DECIMAL_INTEGER.test(text)) return undefined;
  if (text.length <= 15) return Number(text);
  return inRange(BigInt(text));
}

/**
 * @throws CommandError when `text` isn't a 64-bit integer
 */
export function int64(text: string): Int64 {
  const value = readInt64(text);
  if (value === undefined) throw new CommandError('ERR value is not an integer or out of range');
  return value;
}

/** An integer that JavaScript handles exactly; what lies beyond 2^53 is cut to it, which no length, index or count reaches. */
export function safeInteger(text: string): number {
  const value = Number(int64(text));
  return Math.min(Math.max(value, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}

/** The sum, or undefined where it leaves 64 bits. */
export function addInt64(a: Int64, b: Int64): Int64 | undefined {
  if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a + b)) return a + b;
  return inRange(BigInt(a) + BigInt(b));
}

function inRange(value: bigint): Int64 | undefined {
  if (value > MAX_INT64 || value < MIN_INT64) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

const DECIMAL_NUMBER = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/;

/** Reads a double as C's strtod does, without its hexadecimal form and without "nan". */
export function readDouble(text: string): number | undefined {
  if (/^[+-]?inf(?:inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  const [, , whole, fraction] = DECIMAL_NUMBER.exec(text) ?? [];
  if (whole === undefined || whole + (fraction ?? '') === '') return undefined;
  return Number(text);
}

/** Writes a double as Redis 7.0 sends it: C's `%.17g`. */
export function formatDouble(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  return formatGeneral(value, 17);
}

/** C's conversion of a double to a 64-bit integer, as compiled for x86: what doesn't fit is the lowest one. */
export function truncateToInt64(value: number): Int64 {
  const whole = Math.trunc(value);
  if (Number.isSafeInteger(whole)) return whole + 0; // never -0
  return Math.abs(whole) < 2 ** 63 ? BigInt(whole) : MIN_INT64;
}

/** C's `%.<precision>g`. */
export function formatGeneral(value: number, precision: number): string {
  const significant = Math.max(precision, 1);
  if (Number.isSafeInteger(value) && value !== 0 && Math.abs(value) < 10 ** significant) return String(value);
  if (!Number.isFinite(value) || value === 0) return nonFiniteOrZero(value, 0);
  const { digits, exponent } = decimalDigits(Math.abs(value), significant);
  const sign = value < 0 ? '-' : '';
  const trim = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
  if (exponent < -4 || exponent >= significant) return sign + trim(point(digits, 1)) + exponentText(exponent);
  if (exponent < 0) return sign + trim(`0.${'0'.repeat(-exponent - 1)}${digits}`);
  return sign + trim(point(digits, exponent + 1));
}

/** C's `%.<places>e`. */
export function formatExponential(value: number, places: number): string {
  if (!Number.isFinite(value)) return nonFiniteOrZero(value, places);
  if (value === 0) return `${nonFiniteOrZero(value, places)}e+00`;
  const { digits, exponent } = decimalDigits(Math.abs(value), places + 1);
  return (value < 0 ? '-' : '') + point(digits, 1) + exponentText(exponent);
}

/** C's `%.<places>f`. */
export function formatFixed(value: number, places: number): string {
  if (!Number.isFinite(value) || value === 0) return nonFiniteOrZero(value, places);
  const magnitude = Math.abs(value);
  const sign = value < 0 ? '-' : '';
  if (magnitude >= 1e21) return `${sign}${BigInt(magnitude)}${places === 0 ? '' : `.${'0'.repeat(places)}`}`;
  const rounded = magnitude.toFixed(places);
  return (
    sign + (roundsTieToOdd(magnitude.toFixed(100), rounded) ? magnitude.toFixed(100).slice(0, rounded.length) : rounded)
  );
}

/** Where JavaScript rounds a tie up, C rounds it to the even digit. */
function decimalDigits(value: number, count: number): { digits: string; exponent: number } {
  const exact = value.toExponential(100);
  const rounded = value.toExponential(count - 1);
  const [mantissa = '', exponent = ''] = (
    roundsTieToOdd(exact.slice(0, exact.indexOf('e')), rounded.slice(0, rounded.indexOf('e')))
      ? exact.slice(0, count === 1 ? 1 : count + 1) + exact.slice(exact.indexOf('e'))
      : rounded
  ).split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

/**
 * @param exact the same number as `rounded`, with 100 decimal places
 */
function roundsTieToOdd(exact: string, rounded: string): boolean {
  const rest = exact.slice(rounded.length).replace('.', '');
  return /^50*$/.test(rest) && /[13579]\.?$/.test(rounded);
}

function point(digits: string, whole: number): string {
  return digits.length > whole ? `${digits.slice(0, whole)}.${digits.slice(whole)}` : digits;
}

function exponentText(exponent: number): string {
  return `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function nonFiniteOrZero(value: number, places: number): string {
  if (Number.isNaN(value)) return '-nan'; // what glibc prints on x86 for 0/0, the only NaN that scripts make
  if (value === 0) return (Object.is(value, -0) ? '-0' : '0') + (places === 0 ? '' : `.${'0'.repeat(places)}`);
  return value > 0 ? 'inf' : '-inf';
}

/** A finite number as `mantissa` times two to the power of `exponent`. */
interface Binary {
  readonly mantissa: bigint;
  readonly exponent: number;
}

/** Bits of the mantissa of C's `long double` on x86, in which Redis adds floats. */
const LONG_DOUBLE_BITS = 64;
/** How many decimal places Redis writes of a sum (`%.17Lf`). */
const DECIMAL_PLACES = 17;

/**
 * Adds two decimal numbers as INCRBYFLOAT does: in floats of 80 bits, written with 17 decimal places without the
 * trailing zeros.
 *
 * @throws CommandError when either isn't a number, or the sum isn't finite
 */
export function addDecimals(value: string, increment: string): string {
  for (const text of [value, increment]) {
    if (readDouble(text) === undefined) throw new CommandError('ERR value is not a valid float');
  }
  // The range of a double is plenty, and keeps the integers below small.
  if (![value, increment].every((text) => Number.isFinite(readDouble(text)))) {
    throw new CommandError('ERR increment would produce NaN or Infinity');
  }
  return writeFixed(sum(readBinary(value), readBinary(increment)));
}

function readBinary(text: string): Binary {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = DECIMAL_NUMBER.exec(text) ?? [];
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  const power = Number(exponent) - fraction.length;
  if (power >= 0) return rounded({ mantissa: digits * 10n ** BigInt(power), exponent: 0 });
  // Enough bits that the quotient has more than a mantissa's; its last bit tells whether there was a remainder.
  const divisor = 10n ** BigInt(-power);
  const shift = LONG_DOUBLE_BITS + 2 + divisor.toString(2).length;
  const dividend = digits << BigInt(shift);
  const quotient = dividend / divisor;
  const remainder = dividend % divisor === 0n ? 0n : digits < 0n ? -1n : 1n;
  return rounded({ mantissa: quotient * 2n + remainder, exponent: -shift - 1 });
}

function sum(a: Binary, b: Binary): Binary {
  const exponent = Math.min(a.exponent, b.exponent);
  const aligned = (x: Binary): bigint => x.mantissa << BigInt(x.exponent - exponent);
  return rounded({ mantissa: aligned(a) + aligned(b), exponent });
}

/** The nearest number with a mantissa of 64 bits; of two as near the one whose last bit is 0. */
function rounded({ mantissa, exponent }: Binary): Binary {
  const magnitude = mantissa < 0n ? -mantissa : mantissa;
  const excess = magnitude.toString(2).length - LONG_DOUBLE_BITS;
  if (excess <= 0) return { mantissa, exponent };
  const kept = divideToEven(magnitude, 1n << BigInt(excess));
  return { mantissa: mantissa < 0n ? -kept : kept, exponent: exponent + excess };
}

function writeFixed({ mantissa, exponent }: Binary): string {
  const magnitude = (mantissa < 0n ? -mantissa : mantissa) * 10n ** BigInt(DECIMAL_PLACES);
  const scaled = exponent >= 0 ? magnitude << BigInt(exponent) : divideToEven(magnitude, 1n << BigInt(-exponent));
  const digits = scaled.toString().padStart(DECIMAL_PLACES + 1, '0');
  const fraction = digits.slice(-DECIMAL_PLACES).replace(/0+$/, '');
  const sign = mantissa < 0n && scaled !== 0n ? '-' : '';
  return sign + digits.slice(0, -DECIMAL_PLACES) + (fraction === '' ? '' : `.${fraction}`);
}

function divideToEven(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const twice = (dividend % divisor) * 2n;
  const up = twice > divisor || (twice === divisor && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}
