import { unsupported } from '../sql-error';
import type { ResultType } from '../storage/column-type';
import { Decimal } from '../values/decimal';
import { Json } from '../values/json';
import { DateTime, MAX_BIGINT, parseDateTime, toInteger, toNumber, toText, type Value } from '../values/value';
import type { CastType } from './ast';

export interface Cast {
  readonly result: ResultType;
  convert(value: Exclude<Value, null>): Value;
}

/** CAST(… AS type) (MySQL, "Cast Functions and Operators"). @throws SqlError 1235 for a type that isn't carried out here */
export function castTo({ name, length, scale }: CastType): Cast {
  switch (name) {
    case 'SIGNED':
    case 'SIGNED INTEGER':
      return { result: 'integer', convert: (value) => BigInt.asIntN(64, wholePart(value)) };
    case 'UNSIGNED':
    case 'UNSIGNED INTEGER':
      return { result: 'unsigned', convert: (value) => BigInt.asUintN(64, wholePart(value)) };
    case 'CHAR':
      return {
        result: 'text',
        convert: (value) =>
          length === undefined ? toText(value) : Array.from(toText(value)).slice(0, length).join(''),
      };
    case 'BINARY':
      return { result: 'bytes', convert: (value) => (Buffer.isBuffer(value) ? value : Buffer.from(toText(value))) };
    case 'JSON':
      return { result: 'json', convert: toJson };
    case 'DOUBLE':
      return { result: 'double', convert: toNumber };
    case 'DATETIME':
      return {
        result: 'datetime',
        convert: (value) => (value instanceof DateTime ? value : parseDateTime(toText(value), length ?? 0)),
      };
    case 'DECIMAL':
      return { result: 'decimal', convert: (value) => toDecimal(value, length ?? 10, scale ?? 0) };
    default:
      throw unsupported(`CAST(… AS ${name})`);
  }
}

/** A string's leading whole number; other values rounded. */
function wholePart(value: Exclude<Value, null>): bigint {
  if (typeof value === 'string' || Buffer.isBuffer(value)) {
    const digits = /^\s*([-+]?\d+)/.exec(value.toString())?.[1];
    return digits === undefined ? 0n : BigInt(digits);
  }
  if (typeof value === 'number' && Math.abs(value) >= 2 ** 63) return value < 0 ? -MAX_BIGINT - 1n : MAX_BIGINT;
  return toInteger(value);
}

function toJson(value: Exclude<Value, null>): Value {
  if (value instanceof Json) return value;
  if (typeof value === 'bigint' || typeof value === 'number') return new Json(value);
  if (value instanceof Decimal) return new Json(value.toNumber());
  return Json.parse(toText(value));
}

function toDecimal(value: Exclude<Value, null>, precision: number, scale: number): Decimal {
  const exact = typeof value === 'bigint' || value instanceof Decimal ? Decimal.of(value) : parseLeading(toText(value));
  const limit = 10n ** BigInt(precision) - 1n;
  const { unscaled } = exact.rescale(scale);
  return new Decimal(unscaled > limit ? limit : unscaled < -limit ? -limit : unscaled, scale);
}

function parseLeading(text: string): Decimal {
  const digits = /^\s*([-+]?(?:\d+\.?\d*|\.\d+))(?![eE])/.exec(text)?.[1];
  if (digits !== undefined) return Decimal.parse(digits);
  const number = toNumber(text);
  return Decimal.parse(number.toFixed(20));
}
