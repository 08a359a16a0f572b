import { SqlError, unsupported } from './errors';
import { MAX_BIGINT, MIN_BIGINT, toText, type Value } from './value';

/** The collation that is carried out; columns of another may be declared, and not be used. */
export const BINARY = 'utf8mb4_bin';

/** A column's type: MySQL's name for those who ask, and how a value becomes one of it. */
export interface ColumnType {
  /** As information_schema has it, such as `varchar(128)`. */
  readonly sql: string;
  readonly type: 'integer' | 'double' | 'text';
  readonly collation: string;
  readonly maximumLength?: number;
  /** As strict SQL mode converts it. @throws SqlError 1264, 1265, 1366, 1406 for a value that doesn't fit */
  convert(value: Exclude<Value, null>, column: string): Value;
}

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly notNull: boolean;
}

const INTEGER_BITS: Readonly<Record<string, number>> = { TINYINT: 8, SMALLINT: 16, INT: 32, BIGINT: 64 };
const TEXT_BYTES = 65_535;

/** @param length of a VARCHAR. @throws SqlError 1235 for a type that isn't carried out here */
export function columnType(name: string, length: number | undefined, collation: string): ColumnType {
  const bits = INTEGER_BITS[name];
  const sql = name.toLowerCase();
  if (bits !== undefined) {
    const convert: ColumnType['convert'] = (value, column) => toInteger(value, column, bits);
    return { sql, type: 'integer', collation: BINARY, convert };
  }
  if (name === 'DOUBLE') return { sql, type: 'double', collation: BINARY, convert: toDouble };
  if (name === 'TEXT') {
    const convert: ColumnType['convert'] = (value, column) =>
      limited(toText(value), TEXT_BYTES, column, Buffer.byteLength);
    return { sql, type: 'text', collation, maximumLength: TEXT_BYTES, convert };
  }
  if (name !== 'VARCHAR' || length === undefined) throw unsupported(`column type ${name}`);
  const convert: ColumnType['convert'] = (value, column) => limited(toText(value), length, column, characters);
  return { sql: `varchar(${length})`, type: 'text', collation, maximumLength: length, convert };
}

function limited(text: string, most: number, column: string, size: (text: string) => number): string {
  if (size(text) > most) throw new SqlError(1406, `Data too long for column '${column}' at row 1`);
  return text;
}

function characters(text: string): number {
  return Array.from(text).length;
}

/** @throws SqlError 1048 where there must be a value, and as the column's type */
export function intoColumn(value: Value, { name, type, notNull }: Column): Value {
  if (value !== null) return type.convert(value, name);
  if (notNull) throw new SqlError(1048, `Column '${name}' cannot be null`);
  return null;
}

function toInteger(value: Exclude<Value, null>, column: string, bits: number): bigint {
  const integer = typeof value === 'bigint' ? value : rounded(value, column);
  const fits = bits === 64 ? integer <= MAX_BIGINT && integer >= MIN_BIGINT : BigInt.asIntN(bits, integer) === integer;
  if (!fits) throw outOfColumn(column);
  return integer;
}

/** Rounds halves of a double to the even number, as rint(3) and TiDB's RoundFloat do, and those of a text away from zero. */
function rounded(value: number | string, column: string): bigint {
  const text = typeof value === 'string' ? strictNumber(value, 'integer', column) : '';
  if (/^-?\d+$/.test(text)) return BigInt(text);
  const number = Number(value);
  if (!(Math.abs(number) < 2 ** 63)) throw outOfColumn(column);
  const floor = Math.floor(number);
  const isUp = text === '' ? floor % 2 !== 0 : number > 0;
  return BigInt(number - floor === 0.5 ? floor + (isUp ? 1 : 0) : Math.round(number));
}

function toDouble(value: Exclude<Value, null>, column: string): number {
  return Number(typeof value === 'string' ? strictNumber(value, 'double', column) : value);
}

/** A text that must be a number from end to end. */
function strictNumber(text: string, type: string, column: string): string {
  const number = text.trim();
  if (/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(number)) return number.replace(/^\+/, '');
  if (/^[-+]?\d/.test(number)) throw new SqlError(1265, `Data truncated for column '${column}' at row 1`);
  throw new SqlError(1366, `Incorrect ${type} value: '${number}' for column '${column}' at row 1`);
}

function outOfColumn(column: string): SqlError {
  return new SqlError(1264, `Out of range value for column '${column}' at row 1`);
}
