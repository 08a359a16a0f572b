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

/** The product, or undefined where it leaves 64 bits. */
export function multiplyInt64(a: Int64, b: Int64): Int64 | undefined {
  return inRange(BigInt(a) * BigInt(b));
}

/** C's conversion of a double to a 64-bit integer, as compiled for x86: what doesn't fit is the lowest one. */
export function truncateToInt64(value: number): Int64 {
  const whole = Math.trunc(value);
  if (Number.isSafeInteger(whole)) return whole + 0; // never -0
  return Math.abs(whole) < 2 ** 63 ? BigInt(whole) : MIN_INT64;
}

function inRange(value: bigint): Int64 | undefined {
  if (value > MAX_INT64 || value < MIN_INT64) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
