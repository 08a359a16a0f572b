import type { SqlError } from '../errors';
import type { Result, ResultColumn } from '../statements/plan';
import { toText, type Value, type ValueType } from '../value';
import { numberOf } from './collations';
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
  writer.beginPacket().int(0, 1).count(result.affectedRows);
  writer
    .count(result.insertId ?? 0)
    .int(statusFlags(status), 2)
    .int(0, 2);
  writer.bytes(Buffer.from(result.message ?? '')).endPacket();
}

/** MySQL, "ERR_Packet". */
export function writeError(writer: PacketWriter, { code, sqlState, message }: SqlError): void {
  writer.beginPacket().int(0xff, 1).int(code, 2);
  writer.bytes(Buffer.from(`#${sqlState}${message}`)).endPacket();
}

function writeEof(writer: PacketWriter, status: Status): void {
  writer.beginPacket().int(0xfe, 1).int(0, 2).int(statusFlags(status), 2).endPacket();
}

/** The collation of what isn't text, by its number. */
const BINARY_COLLATION = 63;
const NOT_NULL = 1;
const UNSIGNED = 32;
const BINARY_FLAG = 128;

interface Layout {
  readonly type: number;
  readonly flags: number;
  readonly length: number;
  readonly decimals: number;
}
const TEXT: Layout = { type: TYPE.varString, flags: 0, length: 65_535, decimals: 0 };
const INTEGER: Layout = { type: TYPE.longlong, flags: BINARY_FLAG, length: 20, decimals: 0 };
const LAYOUTS: Readonly<Record<ValueType, Layout>> = {
  integer: INTEGER,
  unsigned: { ...INTEGER, flags: BINARY_FLAG | UNSIGNED },
  double: { type: TYPE.double, flags: BINARY_FLAG, length: 22, decimals: 31 },
  text: TEXT,
  null: TEXT,
};

/** MySQL, "Column Definition": of an answer, or of a prepared statement. */
function writeColumn(writer: PacketWriter, column: ResultColumn): void {
  const { source, name } = column;
  const { type, flags, length, decimals } = LAYOUTS[column.type];
  writer
    .beginPacket()
    .text('def')
    .text(source?.table.database ?? '')
    .text(source?.alias ?? '');
  writer
    .text(source?.table.name ?? '')
    .text(name)
    .text(source?.column.name ?? '');
  const collation = type === TYPE.varString ? numberOf(source?.column.type.collation ?? '') : BINARY_COLLATION;
  writer.int(0x0c, 1).int(collation, 2).int(length, 4).int(type, 1);
  writer
    .int(flags | (source?.column.notNull === true ? NOT_NULL : 0), 2)
    .int(decimals, 1)
    .int(0, 2)
    .endPacket();
}

/** A result's columns and rows, as text (for COM_QUERY) or binary (for COM_STMT_EXECUTE). */
export function writeRows(
  writer: PacketWriter,
  status: Status,
  { columns, rows }: Extract<Result, { kind: 'rows' }>,
  format: 'text' | 'binary',
): void {
  writer.beginPacket().count(columns.length).endPacket();
  for (const column of columns) writeColumn(writer, column);
  writeEof(writer, status);
  for (const row of rows) {
    if (format === 'text') writeTextRow(writer, row);
    else writeBinaryRow(writer, row, columns);
  }
  writeEof(writer, status);
}

function writeTextRow(writer: PacketWriter, row: readonly Value[]): void {
  writer.beginPacket();
  for (const value of row) {
    if (value === null) writer.int(0xfb, 1);
    else writer.text(toText(value));
  }
  writer.endPacket();
}

/** MySQL, "Binary Protocol Resultset Row": a bitmap of nulls, shifted by two, then the values. */
function writeBinaryRow(writer: PacketWriter, row: readonly Value[], columns: readonly ResultColumn[]): void {
  const nulls = Buffer.alloc((row.length + 9) >> 3);
  row.forEach((value, position) => {
    if (value === null) nulls[(position + 2) >> 3] = (nulls[(position + 2) >> 3] ?? 0) | (1 << ((position + 2) & 7));
  });
  writer.beginPacket().int(0, 1).bytes(nulls);
  row.forEach((value, position) => {
    if (value !== null) writeBinaryValue(writer, value, columns[position]?.type ?? 'text');
  });
  writer.endPacket();
}

function writeBinaryValue(writer: PacketWriter, value: Exclude<Value, null>, type: ValueType): void {
  if (type === 'integer' || type === 'unsigned') {
    writer.int64(BigInt(value));
  } else if (type === 'double') {
    writer.double(Number(value));
  } else {
    writer.text(toText(value));
  }
}

/** The answer to COM_STMT_PREPARE (MySQL, "COM_STMT_PREPARE Response"). */
export function writePrepared(
  writer: PacketWriter,
  status: Status,
  id: number,
  parameterCount: number,
  columns: readonly ResultColumn[],
): void {
  writer.beginPacket().int(0, 1).int(id, 4).int(columns.length, 2).int(parameterCount, 2).int(0, 3).endPacket();
  const parameter: ResultColumn = { name: '?', type: 'text' };
  for (const list of [Array<ResultColumn>(parameterCount).fill(parameter), columns]) {
    for (const column of list) writeColumn(writer, column);
    if (list.length > 0) writeEof(writer, status);
  }
}
