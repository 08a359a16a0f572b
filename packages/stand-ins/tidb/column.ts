import { SqlError, unsupported } from './errors';
import type { Value } from './value';

/** The collation that is carried out; columns of another may be declared, and not be used. */
export const BINARY = 'utf8mb4_bin';
/** What names compare by: without case, as TiDB's do. */
export const OF_NAMES = 'utf8mb4_general_ci';
/** MySQL's numbers of the collations that have a name here, as the protocol sends them. */
export const COLLATIONS = new Map([
  [BINARY, 46],
  [OF_NAMES, 45],
  ['utf8mb4_unicode_ci', 224],
  ['utf8mb4_0900_ai_ci', 255],
]);

/** A column's type: MySQL's name for those who ask, and how a value becomes one of it. */
export interface ColumnType {
  /** As information_schema has it, such as `varchar(128)`. */
  readonly sql: string;
  readonly type: 'integer' | 'text';
  readonly collation: string;
  readonly maximumLength?: number;
  /** As strict SQL mode converts it. @throws SqlError 1264, 1265, 1366, 1406 for a value that doesn't fit */
  convert(value: bigint | string, column: string): Value;
}

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly notNull: boolean;
}

const INTEGER_BITS = new Map([
  ['TINYINT', 8],
  ['SMALLINT', 16],
  ['INT', 32],
  ['BIGINT', 64],
]);

/** What a TEXT holds, in bytes. */
const TEXT_BYTES = 65_535;

/** @param length of a VARCHAR. @throws SqlError 1235 for a type that isn't carried out here */
export function columnType(name: string, length: number | undefined, collation: string): ColumnType {
  const bits = INTEGER_BITS.get(name);
  if (bits !== undefined) {
    const convert: ColumnType['convert'] = (value, column) => toInteger(value, column, bits);
    return { sql: name.toLowerCase(), type: 'integer', collation: BINARY, convert };
  }
  if (name === 'TEXT' && length === undefined) {
    return textType('text', TEXT_BYTES, collation, (text) => Buffer.byteLength(text) <= TEXT_BYTES);
  }
  if (name !== 'VARCHAR' || length === undefined) throw unsupported(`column type ${name}`);
  const fits = (text: string): boolean => text.length <= length || Array.from(text).length <= length;
  return textType(`varchar(${length})`, length, collation, fits);
}

function textType(sql: string, maximumLength: number, collation: string, fits: (text: string) => boolean): ColumnType {
  const convert: ColumnType['convert'] = (value, column) => {
    const text = String(value);
    if (fits(text)) return text;
    throw new SqlError(1406, `Data too long for column '${column}' at row 1`);
  };
  return { sql, type: 'text', collation, maximumLength, convert };
}

/** @throws SqlError 1048 where there must be a value, and as the column's type */
export function intoColumn(value: Value, { name, type, notNull }: Column): Value {
  if (value !== null) return type.convert(value, name);
  if (notNull) throw new SqlError(1048, `Column '${name}' cannot be null`);
  return null;
}

function toInteger(value: bigint | string, column: string, bits: number): bigint {
  const integer = typeof value === 'bigint' ? value : rounded(value.trim(), column);
  if (BigInt.asIntN(bits, integer) === integer) return integer;
  throw new SqlError(1264, `Out of range value for column '${column}' at row 1`);
}

/** A text must be a number from end to end; halves are rounded away from zero. */
function rounded(text: string, column: string): bigint {
  const [, whole, fraction = ''] = /^([-+]?\d+)(\.\d*)?$/.exec(text) ?? [];
  if (whole !== undefined) return BigInt(whole) + (/^\.[5-9]/.test(fraction) ? (whole.startsWith('-') ? -1n : 1n) : 0n);
  if (/^[-+]?(\d|\.\d)[\d.]*(e[-+]?\d+)?$/i.test(text)) throw unsupported('numbers with an exponent');
  if (/^[-+]?\d/.test(text)) throw new SqlError(1265, `Data truncated for column '${column}' at row 1`);
  throw new SqlError(1366, `Incorrect integer value: '${text}' for column '${column}' at row 1`);
}
