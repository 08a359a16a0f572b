import type { SqlError } from '../sql-error';
import { columnName } from '../statements/select';
import type { Result, ResultColumn } from '../statements/plan';
import type { ResultType } from '../storage/column-type';
import { BINARY, DEFAULT_COLLATION } from '../values/collation';
import { Decimal } from '../values/decimal';
import { Json } from '../values/json';
import { DateTime, MAX_BIGINT, toInteger, toNumber, toText, type Value } from '../values/value';
import type { PacketWriter } from './packets';
import { TYPE } from './parameters';

export interface Status {
  readonly autocommit: boolean;
  readonly inTransaction: boolean;
}

function statusFlags({ autocommit, inTransaction }: Status): number {
  return (inTransaction ? 1 : 0) | (autocommit ? 2 : 0);
}

/** MySQL, "OK_Packet". */
export function writeOk(writer: PacketWriter, status: Status, result: Extract<Result, { kind: 'done' }>): void {
  writer
    .beginPacket()
    .int8(0)
    .count(result.affectedRows)
    .count(result.insertId ?? 0n)
    .int16(statusFlags(status))
    .int16(0);
  if (result.message !== undefined) writer.bytes(Buffer.from(result.message));
  writer.endPacket();
}

/** MySQL, "ERR_Packet". */
export function writeError(writer: PacketWriter, error: SqlError): void {
  writer
    .beginPacket()
    .int8(0xff)
    .int16(error.code)
    .bytes(Buffer.from(`#${error.sqlState}${error.message}`))
    .endPacket();
}

function writeEof(writer: PacketWriter, status: Status): void {
  writer.beginPacket().int8(0xfe).int16(0).int16(statusFlags(status)).endPacket();
}

interface Layout {
  readonly type: number;
  readonly collationId: number;
  readonly flags: number;
  readonly length: number;
  readonly decimals: number;
}

const FLAG = { notNull: 1, primaryKey: 2, unsigned: 32, binary: 128 } as const;

const LAYOUTS: Readonly<Record<ResultType, Layout>> = {
  integer: { type: TYPE.longlong, collationId: BINARY.id, flags: FLAG.binary, length: 20, decimals: 0 },
  unsigned: {
    type: TYPE.longlong,
    collationId: BINARY.id,
    flags: FLAG.binary | FLAG.unsigned,
    length: 20,
    decimals: 0,
  },
  decimal: { type: TYPE.newDecimal, collationId: BINARY.id, flags: FLAG.binary, length: 66, decimals: 0 },
  double: { type: TYPE.double, collationId: BINARY.id, flags: FLAG.binary, length: 22, decimals: 31 },
  text: { type: TYPE.varString, collationId: DEFAULT_COLLATION.id, flags: 0, length: 65_535, decimals: 0 },
  bytes: { type: TYPE.varString, collationId: BINARY.id, flags: FLAG.binary, length: 65_535, decimals: 0 },
  json: { type: TYPE.json, collationId: DEFAULT_COLLATION.id, flags: FLAG.binary, length: 0xffffffff, decimals: 0 },
  datetime: { type: TYPE.datetime, collationId: BINARY.id, flags: FLAG.binary, length: 26, decimals: 0 },
};

/** What a value is where the expression doesn't tell. */
function typeOf(value: Value): ResultType {
  if (typeof value === 'bigint') return value > MAX_BIGINT ? 'unsigned' : 'integer';
  if (typeof value === 'number') return 'double';
  if (Buffer.isBuffer(value)) return 'bytes';
  if (value instanceof Decimal) return 'decimal';
  if (value instanceof Json) return 'json';
  return value instanceof DateTime ? 'datetime' : 'text';
}

function resultType(column: ResultColumn, position: number, rows: readonly (readonly Value[])[]): ResultType {
  if (column.type !== undefined) return column.type;
  const types = new Set(rows.flatMap((row) => (row[position] === null ? [] : [typeOf(row[position] ?? null)])));
  const [only] = types;
  return types.size === 1 && only !== undefined ? only : 'text';
}

/** MySQL, "Column Definition": of an answer, or of a prepared statement. */
export function writeColumn(writer: PacketWriter, column: ResultColumn, name: string, type: ResultType): void {
  const layout = LAYOUTS[type];
  const { source } = column;
  const isText = type === 'text' && source !== undefined;
  const definition = source?.column;
  const flags = layout.flags | (definition?.notNull === true ? FLAG.notNull : 0);
  writer
    .beginPacket()
    .text('def')
    .text(source?.database ?? '')
    .text(source?.tableAlias ?? '')
    .text(source?.tableName ?? '')
    .text(name)
    .text(definition?.name ?? '')
    .int8(0x0c)
    .int16(isText ? (definition?.type.collation.id ?? layout.collationId) : layout.collationId)
    .int32(layout.length)
    .int8(layout.type)
    .int16(flags)
    .int8(layout.decimals)
    .int16(0)
    .endPacket();
}

/**
 * A result's columns and rows, as text (for COM_QUERY) or binary (for COM_STMT_EXECUTE).
 *
 * @param itemTexts the select list as written, for the names of expressions
 */
export function writeRows(
  writer: PacketWriter,
  status: Status,
  result: Extract<Result, { kind: 'rows' }>,
  itemTexts: readonly string[],
  format: 'text' | 'binary',
): void {
  const types = result.columns.map((column, position) => resultType(column, position, result.rows));
  writer.beginPacket().count(result.columns.length).endPacket();
  result.columns.forEach((column, position) => {
    writeColumn(writer, column, columnName(column, itemTexts), types[position] ?? 'text');
  });
  writeEof(writer, status);
  for (const row of result.rows) {
    if (format === 'text') writeTextRow(writer, row);
    else writeBinaryRow(writer, row, types);
  }
  writeEof(writer, status);
}

function writeTextRow(writer: PacketWriter, row: readonly Value[]): void {
  writer.beginPacket();
  for (const value of row) {
    if (value === null) writer.int8(0xfb);
    else if (Buffer.isBuffer(value)) writer.count(value.length).bytes(value);
    else writer.text(toText(value));
  }
  writer.endPacket();
}

/** MySQL, "Binary Protocol Resultset Row": a bitmap of nulls, shifted by two, then the values. */
function writeBinaryRow(writer: PacketWriter, row: readonly Value[], types: readonly ResultType[]): void {
  const nulls = Buffer.alloc((row.length + 9) >> 3);
  row.forEach((value, position) => {
    if (value === null) nulls[(position + 2) >> 3] = (nulls[(position + 2) >> 3] ?? 0) | (1 << ((position + 2) & 7));
  });
  writer.beginPacket().int8(0).bytes(nulls);
  row.forEach((value, position) => {
    if (value !== null) writeBinaryValue(writer, value, types[position] ?? 'text');
  });
  writer.endPacket();
}

function writeBinaryValue(writer: PacketWriter, value: Exclude<Value, null>, type: ResultType): void {
  switch (type) {
    case 'integer':
    case 'unsigned':
      writer.int64(toInteger(value));
      return;
    case 'double':
      writer.double(toNumber(value));
      return;
    case 'datetime':
      writeDateTime(writer, toText(value));
      return;
    default:
      if (Buffer.isBuffer(value)) writer.count(value.length).bytes(value);
      else writer.text(toText(value));
  }
}

function writeDateTime(writer: PacketWriter, text: string): void {
  const [, year, month, day, hours, minutes, seconds, fraction] =
    /^(\d+)-(\d+)-(\d+)(?: (\d+):(\d+):(\d+)(?:\.(\d+))?)?$/.exec(text) ?? [];
  const micros = Number((fraction ?? '').padEnd(6, '0'));
  writer.int8(micros > 0 ? 11 : 7);
  writer.int16(Number(year)).int8(Number(month)).int8(Number(day));
  writer
    .int8(Number(hours ?? 0))
    .int8(Number(minutes ?? 0))
    .int8(Number(seconds ?? 0));
  if (micros > 0) writer.int32(micros);
}

/** The answer to COM_STMT_PREPARE (MySQL, "COM_STMT_PREPARE Response"). */
export function writePrepared(
  writer: PacketWriter,
  status: Status,
  id: number,
  parameterCount: number,
  columns: readonly ResultColumn[],
  itemTexts: readonly string[],
): void {
  writer.beginPacket().int8(0).int32(id).int16(columns.length).int16(parameterCount).int8(0).int16(0).endPacket();
  if (parameterCount > 0) {
    const parameter: ResultColumn = { name: '?', type: 'text', source: undefined };
    for (let i = 0; i < parameterCount; i += 1) writeColumn(writer, parameter, '?', 'text');
    writeEof(writer, status);
  }
  if (columns.length > 0) {
    for (const column of columns) writeColumn(writer, column, columnName(column, itemTexts), column.type ?? 'text');
    writeEof(writer, status);
  }
}
