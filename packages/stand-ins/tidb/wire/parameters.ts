import { SqlError, unsupported } from '../errors';
import type { Value } from '../value';
import { PayloadReader } from './packets';

/** Types of the protocol (MySQL, "Binary Protocol Resultset Row"). */
export const TYPE = {
  tiny: 1,
  short: 2,
  long: 3,
  double: 5,
  null: 6,
  longlong: 8,
  varString: 253,
} as const;

/** How many bytes a whole number takes. */
const WIDTHS = new Map<number, 1 | 2 | 4 | 8>([
  [TYPE.tiny, 1],
  [TYPE.short, 2],
  [TYPE.long, 4],
  [TYPE.longlong, 8],
]);
/** VARCHAR, VAR_STRING and STRING. */
const TEXTS = new Set<number>([15, TYPE.varString, 254]);

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
  if (statement.types === undefined) throw new SqlError(1210, 'Incorrect arguments to EXECUTE');
  const values: Value[] = [];
  for (let index = 0; index < length; index += 1) {
    const isNull = (((nulls[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;
    values.push(
      isNull ? null : readValue(reader, statement.types[2 * index] ?? 0, (statement.types[2 * index + 1] ?? 0) >= 0x80),
    );
  }
  return values;
}

function readValue(reader: PayloadReader, type: number, isUnsigned: boolean): Value {
  if (TEXTS.has(type)) return reader.countedText();
  if (type === TYPE.null) return null;
  if (type === TYPE.double) return reader.bytes(8).readDoubleLE();
  const width = WIDTHS.get(type);
  if (width === undefined) throw unsupported(`parameter type ${type}`);
  const value = reader.bytes(width).reduceRight((all, byte) => (all << 8n) | BigInt(byte), 0n);
  return isUnsigned ? value : BigInt.asIntN(width * 8, value);
}
