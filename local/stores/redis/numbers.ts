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
  if (Number.isSafeInteger(value)) return Object.is(value, -0) ? '-0' : String(value);
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

/** How many decimal places Redis keeps of a sum of floats (its `%.17Lf`). */
const DECIMAL_PLACES = 17;

/**
 * Adds two decimal numbers exactly and rounds to 17 decimal places without trailing zeros, which is what Redis'
 * 80-bit floats print for numbers of everyday size.
 *
 * @throws CommandError when either isn't a number, or the sum isn't finite
 */
export function addDecimals(value: string, increment: string): string {
  const [a, b] = [value, increment].map((text) => {
    const number = readDouble(text);
    if (number === undefined) throw new CommandError('ERR value is not a valid float');
    return number;
  });
  if (!Number.isFinite(a) || !Number.isFinite(b)) {
    throw new CommandError('ERR increment would produce NaN or Infinity');
  }
  const sum = scaled(value) + scaled(increment);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(DECIMAL_PLACES + 1, '0');
  const fraction = digits.slice(-DECIMAL_PLACES).replace(/0+$/, '');
  return (sum < 0n ? '-' : '') + digits.slice(0, -DECIMAL_PLACES) + (fraction === '' ? '' : `.${fraction}`);
}

/** `text` times 10^17, rounded half away from zero. */
function scaled(text: string): bigint {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = DECIMAL_NUMBER.exec(text) ?? [];
  const shift = DECIMAL_PLACES + Number(exponent) - fraction.length;
  const digits = BigInt(whole + fraction);
  const magnitude = shift >= 0 ? digits * 10n ** BigInt(shift) : roundedDivision(digits, 10n ** BigInt(-shift));
  return sign === '-' ? -magnitude : magnitude;
}

function roundedDivision(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor / 2n) / divisor;
}
