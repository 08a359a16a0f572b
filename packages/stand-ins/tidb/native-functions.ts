import { coded, outOfColumn, SqlError } from './sql/errors';
import { VERSION } from './settings';
import { MAX_BIGINT, MIN_BIGINT, toText } from './value';

/** What the functions see of the session whose statement runs. */
export interface CallingSession {
  readonly state: {
    readonly connectionId: number;
    readonly lastInsertId: number | bigint;
    readonly rowCount: number;
    readonly seconds: number;
  };
  setInsertId(number: number | string | null): number | string | null;
}

/** What SQLite hands over: whole numbers come rounded to doubles, so those that have to be exact come as their digits. */
type Argument = number | string | null;
type NativeFunction = (...list: never[]) => Argument;

/** A function that is null when an argument is. */
function strict<List extends readonly (number | string)[]>(apply: (...list: List) => Argument): NativeFunction {
  const checked = (...list: Argument[]): Argument => (list.includes(null) ? null : apply(...(list as never)));
  // SQLite is told how many arguments there are by the function's length
  return Object.defineProperty(checked, 'length', { value: apply.length });
}

function fail(error: SqlError): never {
  throw new Error(coded(error));
}

function signed(digits: string): string {
  const value = BigInt(digits);
  if (value < MIN_BIGINT || value > MAX_BIGINT) fail(new SqlError(1690, `BIGINT value is out of range in '${digits}'`));
  return digits;
}

/** A text that must be a number from end to end, as strict SQL mode has it. */
function strictNumber(text: string, type: string, column: string): string {
  const number = text.trim();
  if (/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(number)) return number.replace('+', '');
  if (/^[-+]?\d/.test(number)) fail(new SqlError(1265, `Data truncated for column '${column}' at row 1`));
  return fail(new SqlError(1366, `Incorrect ${type} value: '${number}' for column '${column}' at row 1`));
}

/** Rounds halves of a double to the even number, as rint(3) and TiDB's RoundFloat do, and those of a text away from zero. */
function integerOf(value: number | string, column: string): string {
  const text = typeof value === 'string' ? strictNumber(value, 'integer', column) : '';
  if (/^-?\d+$/.test(text)) return text; // SQLite refuses what is too large
  const number = Number(value);
  const floor = Math.floor(number);
  const isUp = text === '' ? floor % 2 !== 0 : number > 0;
  const rounded = number - floor === 0.5 ? floor + (isUp ? 1 : 0) : Math.round(number);
  return Math.abs(rounded) < 2 ** 63 ? BigInt(rounded).toString() : fail(outOfColumn(column));
}

/** By characters, not by UTF-16 code units. @param from counted from 1, or from the end where it is negative */
function substring(text: string, from: number, count: number): string {
  const characters = Array.from(text);
  const start = from > 0 ? from - 1 : characters.length + from;
  return from === 0 || start < 0 || count < 1 ? '' : characters.slice(start, start + count).join('');
}

function locate(searched: string, within: string, from: number): number {
  const characters = Array.from(within);
  if (from < 1 || from > characters.length + 1) return 0;
  const rest = characters.slice(from - 1).join('');
  const place = rest.indexOf(searched);
  return place < 0 ? 0 : Array.from(rest.slice(0, place)).length + from;
}

function lpad(text: string, length: number, padding: string): string | null {
  const characters = Array.from(text);
  const missing = Math.max(0, length - characters.length);
  if (length < 0 || (padding === '' && missing > 0)) return null;
  const before = Array.from(padding.repeat(missing)).slice(0, missing);
  return [...before, ...characters].slice(0, length).join('');
}

/** What SQLite hasn't, or has otherwise than MySQL. @param current the session whose statement runs */
export function nativeFunctions(current: () => CallingSession): Readonly<Record<string, NativeFunction>> {
  return {
    fail: strict((message: string) => {
      throw new Error(message);
    }),
    signed: strict(signed),
    bits_as_signed: strict((digits: string) => String(BigInt.asIntN(64, BigInt(digits)))),
    text_of: strict((value: number) => toText(value)),
    integer_of: strict(integerOf),
    double_of: strict((text: string, column: string) => Number(strictNumber(text, 'double', column))),
    char_length: strict((text: string) => Array.from(text).length),
    hex_of: strict((digits: string) => BigInt.asUintN(64, BigInt(digits)).toString(16).toUpperCase()),
    locate: strict(locate),
    lpad: strict(lpad),
    right: strict((text: string, count: number) => (count < 1 ? '' : Array.from(text).slice(-count).join(''))),
    substring: strict(substring),
    last_insert_id: (number: number | string | null) => current().setInsertId(number),
    last_insert_id_before: () => current().state.lastInsertId.toString(),
    row_count: () => current().state.rowCount,
    connection_id: () => current().state.connectionId,
    seconds: () => current().state.seconds,
    version: () => VERSION,
  };
}
