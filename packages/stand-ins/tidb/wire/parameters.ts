import { SqlError, unsupported } from '../errors';
import type { Value } from '../value';
import { PayloadReader } from './packets';

/** Types of the protocol (MySQL, "Binary Protocol Resultset Row"). */
export const TYPE = { double: 5, null: 6, longlong: 8, varString: 253 };

/** VARCHAR, VAR_STRING and STRING. */
const TEXTS = new Set<number>([15, TYPE.varString, 254]);
/** Whole numbers, and how many bytes each takes. */
const WIDTHS = new Map<number, number>([
  [1, 1],
  [2, 2],
  [3, 4],
  [TYPE.longlong, 8],
]);

/** The types that a client has bound; it may send them only with the first execution. */
export interface BoundStatement {
  readonly parameterCount: number;
  /** Two bytes for each: the type, and whether it is unsigned. */
  types: Uint8Array | undefined;
}

/**
 * Reads the parameters of COM_STMT_EXECUTE.
 *
 * @param payload after the command byte and the statement's id
 * @throws SqlError 1210 when types are missing, 1235 for types that aren't carried out here
 */
export function readParameters(payload: Buffer, statement: BoundStatement): readonly Value[] {
  const reader = new PayloadReader(payload);
  if (reader.int(1) !== 0) throw unsupported('cursors');
  reader.bytes(4); // the iteration count, always 1
  const length = statement.parameterCount;
  if (length === 0) return [];
  const nulls = reader.bytes((length + 7) >> 3);
  if (reader.int(1) === 1) statement.types = reader.bytes(2 * length);
  const { types } = statement;
  if (types === undefined) throw new SqlError(1210, 'Incorrect arguments to EXECUTE');
  return Array.from({ length }, (_, index) => {
    const isNull = (((nulls[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;
    return isNull ? null : readValue(reader, types[2 * index] ?? 0, (types[2 * index + 1] ?? 0) >= 0x80);
  });
}

function readValue(reader: PayloadReader, type: number, isUnsigned: boolean): Value {
  if (TEXTS.has(type)) return reader.bytes(reader.count()).toString();
  if (type === TYPE.null) return null;
  if (type === TYPE.double) return wholeNumber(reader.bytes(8).readDoubleLE());
  const width = WIDTHS.get(type);
  if (width === undefined) throw unsupported(`parameter type ${type}`);
  const value = reader.bytes(width).reduceRight((all, byte) => (all << 8n) | BigInt(byte), 0n);
  return isUnsigned ? value : BigInt.asIntN(width * 8, value);
}

/** mysql2 sends every number as a double. */
function wholeNumber(value: number): bigint {
  if (!Number.isInteger(value)) throw unsupported('numbers with a fraction');
  return BigInt(value);
}
