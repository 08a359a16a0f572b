import { SqlError, unsupported } from '../sql-error';
import type { ColumnDefinition } from '../sql/ast';
import { BINARY, collationNamed, collationOf, type Collation } from '../values/collation';
import { Decimal } from '../values/decimal';
import { Json } from '../values/json';
import { DateTime, parseDateTime, toInteger, toNumber, toText, type Value } from '../values/value';

/** How a result column is sent, and what kind of values it has. */
export type ResultType = 'integer' | 'unsigned' | 'decimal' | 'double' | 'text' | 'bytes' | 'json' | 'datetime';

export interface ColumnType {
  readonly result: ResultType;
  /** As SHOW CREATE TABLE and information_schema print it, such as `varchar(128)`. */
  readonly sql: string;
  /** How a text compares. */
  readonly collation: Collation;
  /** Makes a value fit. @throws SqlError 1264, 1265, 1366, 1406, 1292, 3140 as in strict SQL mode, TiDB's default */
  convert(value: Exclude<Value, null>, column: string): Value;
}

const INTEGER_BITS: Readonly<Record<string, number>> = {
  TINYINT: 8,
  BOOLEAN: 8,
  BOOL: 8,
  SMALLINT: 16,
  MEDIUMINT: 24,
  INT: 32,
  INTEGER: 32,
  BIGINT: 64,
};
const TEXT_BYTES: Readonly<Record<string, number>> = {
  TINYTEXT: 255,
  TEXT: 65_535,
  MEDIUMTEXT: 16_777_215,
  LONGTEXT: 4_294_967_295,
};
const BLOB_BYTES: Readonly<Record<string, number>> = {
  TINYBLOB: 255,
  BLOB: 65_535,
  MEDIUMBLOB: 16_777_215,
  LONGBLOB: 4_294_967_295,
};

/** @throws SqlError 1235 for a type that isn't carried out here */
export function columnType(definition: ColumnDefinition, tableCollation: Collation): ColumnType {
  const { type, length } = definition;
  const bits = INTEGER_BITS[type];
  if (bits !== undefined) return integerType(type, bits, definition.unsigned);
  switch (type) {
    case 'VARCHAR':
    case 'CHAR':
      return stringType(type, length ?? 1, textCollation(definition, tableCollation));
    case 'VARBINARY':
    case 'BINARY':
      return bytesType(`${type.toLowerCase()}(${length ?? 1})`, length ?? 1);
    case 'JSON':
      return jsonType();
    case 'DECIMAL':
    case 'NUMERIC':
      return decimalType(length ?? 10, definition.scale ?? 0);
    case 'DOUBLE':
    case 'FLOAT':
      return doubleType(type);
    case 'DATETIME':
    case 'TIMESTAMP':
      return datetimeType(type, length ?? 0);
  }
  const textBytes = TEXT_BYTES[type];
  if (textBytes !== undefined) return textType(type, textBytes, textCollation(definition, tableCollation));
  const blobBytes = BLOB_BYTES[type];
  if (blobBytes !== undefined) return bytesType(type.toLowerCase(), blobBytes);
  throw unsupported(`column type ${type}`);
}

function textCollation(definition: ColumnDefinition, tableCollation: Collation): Collation {
  if (definition.collation !== undefined) return collationNamed(definition.collation);
  return definition.charset === undefined ? tableCollation : collationOf(definition.charset);
}

function tooLong(column: string): SqlError {
  return new SqlError(1406, `Data too long for column '${column}' at row 1`);
}

function outOfColumn(column: string): SqlError {
  return new SqlError(1264, `Out of range value for column '${column}' at row 1`);
}

/** A number as a column takes it: of a string, all of it must be one. */
function strictNumber(value: Exclude<Value, null>, sql: string, column: string): Exclude<Value, null> {
  if (typeof value !== 'string' && !Buffer.isBuffer(value)) return value;
  const text = value.toString().trim();
  if (/^[-+]?\d+$/.test(text)) return BigInt(text);
  if (/^[-+]?(\d+\.?\d*|\.\d+)$/.test(text)) return Decimal.parse(text);
  if (/^[-+]?(\d+\.?\d*|\.\d+)[eE][-+]?\d+$/.test(text)) return Number(text);
  if (/^[-+]?\d/.test(text)) throw new SqlError(1265, `Data truncated for column '${column}' at row 1`);
  throw new SqlError(1366, `Incorrect ${sql} value: '${text}' for column '${column}' at row 1`);
}

function integerType(type: string, bits: number, unsigned: boolean): ColumnType {
  const minimum = unsigned ? 0n : -(2n ** BigInt(bits - 1));
  const maximum = unsigned ? 2n ** BigInt(bits) - 1n : 2n ** BigInt(bits - 1) - 1n;
  const base = type === 'INTEGER' ? 'int' : type.startsWith('BOOL') ? 'tinyint(1)' : type.toLowerCase();
  const sql = `${base}${unsigned ? ' unsigned' : ''}`;
  return {
    result: unsigned ? 'unsigned' : 'integer',
    sql,
    collation: BINARY,
    convert(value, column) {
      const number = strictNumber(value, base, column);
      if (typeof number === 'number' && Math.abs(number) >= 2 ** 64) throw outOfColumn(column);
      const integer = toInteger(number);
      if (integer < minimum || integer > maximum) throw outOfColumn(column);
      return integer;
    },
  };
}

function decimalType(precision: number, scale: number): ColumnType {
  const sql = `decimal(${precision},${scale})`;
  const limit = 10n ** BigInt(precision);
  return {
    result: 'decimal',
    sql,
    collation: BINARY,
    convert(value, column) {
      const number = strictNumber(value, 'decimal', column);
      const exact =
        typeof number === 'bigint' || number instanceof Decimal
          ? Decimal.of(number)
          : Decimal.parse(plain(toNumber(number)));
      const rounded = exact.rescale(scale);
      if (rounded.unscaled >= limit || rounded.unscaled <= -limit) throw outOfColumn(column);
      return rounded;
    },
  };
}

/** A double without an exponent. */
function plain(value: number): string {
  const text = String(value);
  return /e/.test(text) ? value.toFixed(20) : text;
}

function doubleType(type: string): ColumnType {
  return {
    result: 'double',
    sql: type.toLowerCase(),
    collation: BINARY,
    convert(value, column) {
      const number = toNumber(strictNumber(value, type.toLowerCase(), column));
      return type === 'FLOAT' ? Math.fround(number) : number;
    },
  };
}

function stringType(type: string, length: number, collation: Collation): ColumnType {
  return {
    result: 'text',
    sql: `${type.toLowerCase()}(${length})`,
    collation,
    convert(value, column) {
      // CHAR loses trailing spaces when it is read, and compares without them
      const text = type === 'CHAR' ? toText(value).replace(/ +$/, '') : toText(value);
      if (text.length <= length) return text;
      const characters = Array.from(text);
      if (characters.length <= length) return text;
      if (characters.slice(length).some((character) => character !== ' ')) throw tooLong(column);
      return characters.slice(0, length).join('');
    },
  };
}

function textType(type: string, bytes: number, collation: Collation): ColumnType {
  return {
    result: 'text',
    sql: type.toLowerCase(),
    collation,
    convert(value, column) {
      const text = toText(value);
      if (Buffer.byteLength(text) > bytes) throw tooLong(column);
      return text;
    },
  };
}

function bytesType(sql: string, length: number): ColumnType {
  const isFixed = sql.startsWith('binary');
  return {
    result: 'bytes',
    sql,
    collation: BINARY,
    convert(value, column) {
      const bytes = Buffer.isBuffer(value) ? value : Buffer.from(toText(value));
      if (bytes.length > length) throw tooLong(column);
      return isFixed ? Buffer.concat([bytes, Buffer.alloc(length - bytes.length)]) : bytes;
    },
  };
}

function jsonType(): ColumnType {
  return {
    result: 'json',
    sql: 'json',
    collation: BINARY,
    convert(value) {
      return value instanceof Json ? value : Json.parse(toText(value));
    },
  };
}

function datetimeType(type: string, fraction: number): ColumnType {
  return {
    result: 'datetime',
    sql: `${type.toLowerCase()}${fraction > 0 ? `(${fraction})` : ''}`,
    collation: BINARY,
    convert(value) {
      return parseDateTime(value instanceof DateTime ? value.text : toText(value), fraction);
    },
  };
}
