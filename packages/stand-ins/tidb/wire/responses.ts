import { BINARY, COLLATIONS } from '../column';
import type { SqlError } from '../errors';
import type { Result, ResultColumn } from '../statements/plan';
import type { Row } from '../table';
import type { ValueType } from '../value';
import type { PacketWriter } from './packets';
import { TYPE } from './parameters';

/** MySQL, "SERVER_STATUS_flags_enum". */
export const STATUS = { inTransaction: 1, autocommit: 2 };

/** The answer to a statement; rows as text (for COM_QUERY) or binary (for COM_STMT_EXECUTE). */
export function writeResult(writer: PacketWriter, status: number, result: Result, isBinary: boolean): void {
  if (result.kind === 'rows') return writeRows(writer, status, result, isBinary ? writeBinaryRow : writeTextRow);
  const { affectedRows, insertId = 0, message = '' } = result; // MySQL, "OK_Packet"
  writer.beginPacket().int(0, 1).count(affectedRows).count(insertId).int(status, 2).int(0, 2);
  writer.plainText(message).endPacket();
}

/** MySQL, "ERR_Packet". */
export function writeError(writer: PacketWriter, { code, sqlState, message }: SqlError): void {
  writer.beginPacket().int(0xff, 1).int(code, 2).plainText(`#${sqlState}${message}`).endPacket();
}

function writeEof(writer: PacketWriter, status: number): void {
  writer.beginPacket().int(0xfe, 1).int(0, 2).int(status, 2).endPacket();
}

/** How values travel, and their column's flags and collation (63 for what isn't text). */
interface Layout {
  readonly type: number;
  readonly flags: number;
  readonly length: number;
}
const FLAG = { notNull: 1, unsigned: 32, binary: 128 };
const TEXT: Layout = { type: TYPE.varString, flags: 0, length: 65_535 };
const INTEGER: Layout = { type: TYPE.longlong, flags: FLAG.binary, length: 20 };
const LAYOUTS: Readonly<Record<ValueType, Layout>> = {
  integer: INTEGER,
  unsigned: { ...INTEGER, flags: FLAG.binary | FLAG.unsigned },
  text: TEXT,
  null: TEXT,
};

/** MySQL, "Column Definition": of an answer, or of a prepared statement. */
function writeColumn(writer: PacketWriter, { source, name, type: valueType }: ResultColumn): void {
  const { type, flags, length } = LAYOUTS[valueType];
  const { table, column, alias = '' } = source ?? {};
  const collation = type === TYPE.varString ? (COLLATIONS.get(column?.type.collation ?? BINARY) ?? 0) : 63;
  const notNull = column?.notNull === true ? FLAG.notNull : 0;
  writer.beginPacket().texts('def', table?.database ?? '', alias, table?.name ?? '', name, column?.name ?? '');
  writer.int(0x0c, 1).int(collation, 2).int(length, 4);
  writer
    .int(type, 1)
    .int(flags | notNull, 2)
    .int(0, 3)
    .endPacket();
}

function writeColumns(writer: PacketWriter, status: number, columns: readonly ResultColumn[]): void {
  for (const column of columns) writeColumn(writer, column);
  if (columns.length > 0) writeEof(writer, status);
}

function writeRows(
  writer: PacketWriter,
  status: number,
  { columns, rows }: Extract<Result, { kind: 'rows' }>,
  writeRow: typeof writeBinaryRow,
): void {
  writer.beginPacket().count(columns.length).endPacket();
  writeColumns(writer, status, columns);
  for (const row of rows) {
    writer.beginPacket();
    writeRow(writer, row, columns);
    writer.endPacket();
  }
  writeEof(writer, status);
}

function writeTextRow(writer: PacketWriter, row: Row): void {
  for (const value of row) {
    if (value === null) writer.int(0xfb, 1);
    else writer.texts(String(value));
  }
}

/** MySQL, "Binary Protocol Resultset Row": a bitmap of nulls, shifted by two, then the values. */
function writeBinaryRow(writer: PacketWriter, row: Row, columns: readonly ResultColumn[]): void {
  const nulls = new Uint8Array((row.length + 9) >> 3);
  row.forEach((value, position) => {
    const place = position + 2;
    if (value === null) nulls[place >> 3] = (nulls[place >> 3] ?? 0) | (1 << (place & 7));
  });
  writer.int(0, 1).bytes(nulls);
  row.forEach((value, position) => {
    const isNumber = LAYOUTS[columns[position]?.type ?? 'text'].type === TYPE.longlong;
    if (value !== null && isNumber) writer.int64(BigInt(value));
    else if (value !== null) writer.texts(String(value));
  });
}

/** The answer to COM_STMT_PREPARE (MySQL, "COM_STMT_PREPARE Response"). */
export function writePrepared(
  writer: PacketWriter,
  status: number,
  id: number,
  parameterCount: number,
  columns: readonly ResultColumn[],
): void {
  writer.beginPacket().int(0, 1).int(id, 4).int(columns.length, 2).int(parameterCount, 2).int(0, 3).endPacket();
  writeColumns(writer, status, Array<ResultColumn>(parameterCount).fill({ name: '?', type: 'text' }));
  writeColumns(writer, status, columns);
}
