/** A value of SQL: NULL, a whole number or a text. */
export type Value = null | bigint | string;

/** What an expression or a column gives. `unsigned`: 64 bits without a sign. */
export type ValueType = 'integer' | 'unsigned' | 'text' | 'null';

export const MAX_BIGINT = 2n ** 63n - 1n;
export const MIN_BIGINT = -(2n ** 63n);

export function typeOfValue(value: Value): ValueType {
  if (value === null) return 'null';
  return typeof value === 'string' ? 'text' : value > MAX_BIGINT ? 'unsigned' : 'integer';
}

/** A text as the number that it begins with, exact where that is whole. */
function toNumber(value: bigint | string): bigint | number {
  if (typeof value !== 'string') return value;
  const [text = '0'] = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?/.exec(value.trimStart()) ?? [];
  return /^[-+]?\d+$/.test(text) ? BigInt(text) : Number(text);
}

/** NULL is neither true nor false. */
export function truth(value: Value): boolean | null {
  return value === null ? null : toNumber(value) != 0;
}

/**
 * The order of two values: two texts by their bytes, all else as numbers. Trailing spaces of a text don't count.
 *
 * @see https://docs.pingcap.com/tidb/stable/character-set-and-collation
 */
export function compare(left: bigint | string, right: bigint | string): number {
  if (left === right) return 0;
  if (typeof left === 'string' && typeof right === 'string') {
    return Buffer.compare(Buffer.from(unpadded(left)), Buffer.from(unpadded(right)));
  }
  const [a, b] = [toNumber(left), toNumber(right)];
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The order of two values in ORDER BY: NULL comes first. */
export function order(left: Value, right: Value): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  return compare(left, right);
}

/** A text without the spaces at its end. */
export function unpadded(text: string): string {
  let end = text.length;
  while (text.charAt(end - 1) === ' ') end -= 1;
  return text.slice(0, end);
}
