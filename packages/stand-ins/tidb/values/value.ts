import { SqlError, outOfRange } from '../sql-error';
import type { Collation } from './collation';
import { Decimal } from './decimal';
import { Json } from './json';

/** A date and time without zone, `YYYY-MM-DD[ hh:mm:ss[.ffffff]]`: such texts compare as the moments do. */
export class DateTime {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/** An SQL value: BIGINT as bigint, DOUBLE as number, strings of bytes as Buffer. */
export type Value = null | bigint | number | string | Buffer | Decimal | Json | DateTime;

export const MIN_BIGINT = -(2n ** 63n);
export const MAX_BIGINT = 2n ** 63n - 1n;
export const MAX_UNSIGNED = 2n ** 64n - 1n;

const LEADING_NUMBER = /^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/;
const WHOLE_NUMBER = /^\s*[-+]?\d+\s*$/;

/** As MySQL reads a string where a number is wanted: its longest numeric beginning, or 0. */
export function toNumber(value: Exclude<Value, null>): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Decimal) return value.toNumber();
  if (value instanceof Json) return jsonToNumber(value);
  if (value instanceof DateTime) return Number(value.text.replace(/[-: ]/g, ''));
  return Number(LEADING_NUMBER.exec(value.toString())?.[1] ?? 0);
}

function jsonToNumber({ node }: Json): number {
  if (typeof node === 'bigint' || typeof node === 'number' || typeof node === 'boolean') return Number(node);
  return typeof node === 'string' ? toNumber(node) : 0;
}

/** Rounds half away from zero. @throws SqlError 1690 outside BIGINT and BIGINT UNSIGNED */
export function toInteger(value: Exclude<Value, null>): bigint {
  if (typeof value === 'bigint') return value;
  if (value instanceof Decimal) return value.round();
  if (value instanceof Json && typeof value.node === 'bigint') return value.node;
  if (typeof value === 'string' && WHOLE_NUMBER.test(value)) return BigInt(value.trim());
  const number = toNumber(value);
  if (!Number.isFinite(number) || Math.abs(number) >= 2 ** 64) throw outOfRange('BIGINT', String(number));
  return BigInt(Math.sign(number) * Math.round(Math.abs(number)));
}

export function toText(value: Exclude<Value, null>): string {
  if (typeof value === 'number') return numberToText(value);
  return value.toString();
}

/** MySQL prints `1e20`, not `100000000000000000000`, from 10^15 on, and without a plus. */
function numberToText(value: number): string {
  if (Math.abs(value) >= 1e15) return value.toExponential().replace('e+', 'e');
  return value.toString().replace('e+', 'e');
}

/** True, false or null (unknown), as a condition. */
export function truth(value: Value): boolean | null {
  if (value === null) return null;
  if (typeof value === 'bigint') return value !== 0n;
  return toNumber(value) !== 0;
}

export function fromTruth(value: boolean | null): Value {
  return value === null ? null : value ? 1n : 0n;
}

/**
 * Compares as MySQL's "Type Conversion in Expression Evaluation" says: strings by their collation, numbers exactly where
 * both are exact, otherwise as doubles. A string that is a whole number compares exactly with BIGINT, as TiDB does for
 * a constant against an integer column.
 *
 * @returns a negative number, 0 or a positive number
 */
export function compare(left: Exclude<Value, null>, right: Exclude<Value, null>, collation: Collation): number {
  if (typeof left === 'bigint' && typeof right === 'bigint') return left < right ? -1 : left > right ? 1 : 0;
  if (left instanceof Json || right instanceof Json) return compareJson(left, right, collation);
  if (isText(left) && isText(right)) return compareText(left, right, collation);
  if (isExact(left) && isExact(right)) return Decimal.of(left).compare(Decimal.of(right));
  if (left instanceof DateTime || right instanceof DateTime) {
    if ((left instanceof DateTime || isText(left)) && (right instanceof DateTime || isText(right))) {
      return compareCodeUnits(padTime(left.toString()), padTime(right.toString()));
    }
  }
  if (typeof left === 'bigint' && typeof right === 'string' && WHOLE_NUMBER.test(right)) {
    return compare(left, BigInt(right.trim()), collation);
  }
  if (typeof right === 'bigint' && typeof left === 'string' && WHOLE_NUMBER.test(left)) {
    return compare(BigInt(left.trim()), right, collation);
  }
  return toNumber(left) - toNumber(right);
}

function padTime(text: string): string {
  return text.length === 10 ? `${text} 00:00:00` : text;
}

function isText(value: Value): value is string | Buffer {
  return typeof value === 'string' || Buffer.isBuffer(value);
}

function isExact(value: Value): value is bigint | Decimal {
  return typeof value === 'bigint' || value instanceof Decimal;
}

function compareText(left: string | Buffer, right: string | Buffer, collation: Collation): number {
  if (typeof left === 'string' && typeof right === 'string') {
    if (left === right) return 0;
    const leftKey = collation.key(left);
    const rightKey = collation.key(right);
    if (leftKey === rightKey) return 0;
    return Buffer.compare(Buffer.from(leftKey), Buffer.from(rightKey)); // by code point, as UTF-8 sorts
  }
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function compareCodeUnits(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A JSON number against an SQL number, a JSON string against an SQL string; other pairs by their text. */
function compareJson(left: Exclude<Value, null>, right: Exclude<Value, null>, collation: Collation): number {
  const a = unwrap(left);
  const b = unwrap(right);
  if (a instanceof Json || b instanceof Json || isText(a) !== isText(b)) {
    return compareCodeUnits(`${jsonRank(a)}${a.toString()}`, `${jsonRank(b)}${b.toString()}`);
  }
  return isText(a) && isText(b)
    ? compareText(a.toString(), b.toString(), BINARY_LIKE(collation))
    : compare(a, b, collation);
}

/** Strings inside JSON compare by code point. */
function BINARY_LIKE(collation: Collation): Collation {
  return { ...collation, key: (text) => text };
}

function unwrap(value: Exclude<Value, null>): Exclude<Value, null> {
  if (!(value instanceof Json)) return value;
  const { node } = value;
  return typeof node === 'bigint' || typeof node === 'number' || typeof node === 'string' ? node : value;
}

/** MySQL's precedence of JSON types: BOOLEAN > ARRAY > OBJECT > STRING > number > NULL. */
function jsonRank(value: Exclude<Value, null>): number {
  if (!(value instanceof Json)) return isText(value) ? 2 : 1;
  const { node } = value;
  return node === null ? 0 : typeof node === 'boolean' ? 5 : Array.isArray(node) ? 4 : 3;
}

/** @throws SqlError 1690 when `value` doesn't fit in BIGINT, or in BIGINT UNSIGNED where `unsigned` */
export function inRange(value: bigint, unsigned: boolean, expression: string): bigint {
  if (unsigned ? value < 0n || value > MAX_UNSIGNED : value < MIN_BIGINT || value > MAX_BIGINT) {
    throw outOfRange(unsigned ? 'BIGINT UNSIGNED' : 'BIGINT', expression);
  }
  return value;
}

/** @throws SqlError 1292 for a text that isn't a date or a date and time */
export function parseDateTime(text: string, fraction: number): DateTime {
  const match = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,6}))?)?)?\s*$/.exec(
    text,
  );
  if (match === null) throw new SqlError(1292, `Incorrect datetime value: '${text}'`);
  const [, year = '', month = '', day = '', hours = '0', minutes = '0', seconds = '0', digits = ''] = match;
  const two = (part: string) => part.padStart(2, '0');
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const valid = date.getUTCDate() === Number(day) && date.getUTCMonth() === Number(month) - 1;
  if (!valid || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) {
    throw new SqlError(1292, `Incorrect datetime value: '${text}'`);
  }
  const end = fraction > 0 ? `.${digits.padEnd(6, '0').slice(0, fraction)}` : '';
  return new DateTime(`${year}-${two(month)}-${two(day)} ${two(hours)}:${two(minutes)}:${two(seconds)}${end}`);
}
