import { SqlError, unsupported } from '../sql-error';
import { Decimal } from '../values/decimal';
import { Json } from '../values/json';
import { DateTime, type Value } from '../values/value';
import { PayloadReader } from './packets';

/** Types of the protocol (MySQL, "Binary Protocol Resultset Row"). */
export const TYPE = {
  decimal: 0,
  tiny: 1,
  short: 2,
  long: 3,
  float: 4,
  double: 5,
  null: 6,
  timestamp: 7,
  longlong: 8,
  int24: 9,
  date: 10,
  datetime: 12,
  varchar: 15,
  json: 245,
  newDecimal: 246,
  blob: 252,
  varString: 253,
  string: 254,
} as const;

interface ParameterType {
  readonly type: number;
  readonly unsigned: boolean;
}

/** The types that a client has bound; it may send them only with the first execution. */
export interface BoundStatement {
  readonly parameterCount: number;
  types: readonly ParameterType[] | undefined;
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
  reader.skip(4); // the iteration count, always 1
  const count = statement.parameterCount;
  if (count === 0) return [];
  const nulls = reader.bytes((count + 7) >> 3);
  if (reader.int(1) === 1) {
    statement.types = Array.from({ length: count }, () => ({
      type: reader.int(1),
      unsigned: (reader.int(1) & 0x80) !== 0,
    }));
  }
  const { types } = statement;
  if (types === undefined) throw new SqlError(1210, 'Incorrect arguments to EXECUTE');
  return types.map((type, index) => {
    const isNull = (((nulls[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;
    return isNull ? null : readValue(reader, type);
  });
}

function readValue(reader: PayloadReader, { type, unsigned }: ParameterType): Value {
  switch (type) {
    case TYPE.null:
      return null;
    case TYPE.tiny:
      return BigInt(unsigned ? reader.int(1) : reader.signedInt(1));
    case TYPE.short:
      return BigInt(unsigned ? reader.int(2) : reader.signedInt(2));
    case TYPE.long:
    case TYPE.int24:
      return BigInt(unsigned ? reader.int(4) : reader.signedInt(4));
    case TYPE.longlong: {
      const value = reader.int64();
      return unsigned ? value : BigInt.asIntN(64, value);
    }
    case TYPE.float:
      return reader.float();
    case TYPE.double:
      return reader.double();
    case TYPE.decimal:
    case TYPE.newDecimal:
      return Decimal.parse(reader.countedBytes().toString());
    case TYPE.blob:
      return Buffer.from(reader.countedBytes());
    case TYPE.json:
      return Json.parse(reader.countedBytes().toString());
    case TYPE.varchar:
    case TYPE.varString:
    case TYPE.string:
      return reader.countedBytes().toString();
    case TYPE.date:
    case TYPE.datetime:
    case TYPE.timestamp:
      return readDateTime(reader);
    default:
      throw unsupported(`parameter type ${type}`);
  }
}

function readDateTime(reader: PayloadReader): DateTime {
  const length = reader.int(1);
  const two = (value: number) => String(value).padStart(2, '0');
  if (length === 0) return new DateTime('0000-00-00 00:00:00');
  const date = `${String(reader.int(2)).padStart(4, '0')}-${two(reader.int(1))}-${two(reader.int(1))}`;
  const time = length > 4 ? `${two(reader.int(1))}:${two(reader.int(1))}:${two(reader.int(1))}` : '00:00:00';
  const fraction = length > 7 ? reader.int(4) : 0;
  return new DateTime(`${date} ${time}${fraction > 0 ? `.${String(fraction).padStart(6, '0')}` : ''}`);
}
