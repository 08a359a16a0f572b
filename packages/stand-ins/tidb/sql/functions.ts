import { SqlError, unsupported } from '../errors';
import { truth, type Value } from '../value';
import { commonCollation, commonType, type Expression, type Run } from './expression';

export const VERSION = '8.0.11-TiDB-v8.5.0-embedded';

type Known = Exclude<Value, null>;

/** A function of values: how many arguments it takes, what it gives, and how. Where an argument is NULL, so is the result. */
type ValueFunction = readonly [
  least: number,
  most: number,
  type: 'integer' | 'text',
  call: (list: readonly Known[], run: Run) => Value,
];

/** A function that decides which arguments are evaluated. */
type OtherFunction = readonly [least: number, most: number, make: (list: readonly Expression[]) => Expression];

const characters = (value: Known = ''): string[] => Array.from(String(value));
const count = (value: Known = 0n): number => Math.max(0, Number(value));

/** Each character is one UTF-16 code unit, but for those that are a pair of which this is the first. */
const FIRST_OF_PAIR = /[\ud800-\udbff](?=[\udc00-\udfff])/g;

function characterCount(text: string): bigint {
  return BigInt(text.length - (text.match(FIRST_OF_PAIR)?.length ?? 0));
}

/** The first characters of a text: they are within twice as many code units. */
function left(text: string, length: number): string {
  return characters(text.slice(0, 2 * length))
    .slice(0, length)
    .join('');
}

function right(text: string, length: number): string {
  return length === 0
    ? ''
    : characters(text.slice(-2 * length))
        .slice(-length)
        .join('');
}

/** The place of a text in another, counted from 1; 0 where it isn't. */
function locate(searched: string, within: string): bigint {
  const place = within.indexOf(searched);
  return place < 0 ? 0n : characterCount(within.slice(0, place)) + 1n;
}

function pad(text: readonly string[], length: number, padding: readonly string[]): string | null {
  const missing = Math.max(0, length - text.length);
  if (padding.length === 0 && missing > 0) return null;
  const before = Array.from({ length: missing }, (_, index) => padding[index % padding.length]);
  return [...before, ...text].slice(0, length).join('');
}

function hex(value: Known): string {
  const digits =
    typeof value === 'string' ? Buffer.from(value).toString('hex') : BigInt.asUintN(64, value).toString(16);
  return digits.toUpperCase();
}

const VALUE_FUNCTIONS = new Map<string, ValueFunction>([
  ['CHAR_LENGTH', [1, 1, 'integer', ([text = '']) => characterCount(String(text))]],
  ['CONCAT', [1, Infinity, 'text', (list) => list.map(String).join('')]],
  ['CONNECTION_ID', [0, 0, 'integer', (_, { session }) => BigInt(session.connectionId)]],
  ['DATABASE', [0, 0, 'text', (_, { session }) => session.database ?? null]],
  ['HEX', [1, 1, 'text', ([value = '']) => hex(value)]],
  ['LEFT', [2, 2, 'text', ([text = '', length]) => left(String(text), count(length))]],
  ['LENGTH', [1, 1, 'integer', ([text = '']) => BigInt(Buffer.byteLength(String(text)))]],
  ['LOCATE', [2, 2, 'integer', ([searched = '', within = '']) => locate(String(searched), String(within))]],
  ['LPAD', [3, 3, 'text', ([text, length, padding]) => pad(characters(text), count(length), characters(padding))]],
  ['RIGHT', [2, 2, 'text', ([text = '', length]) => right(String(text), count(length))]],
  ['ROW_COUNT', [0, 0, 'integer', (_, { session }) => BigInt(session.rowCount)]],
  ['VERSION', [0, 0, 'text', () => VERSION]],
]);

const OTHER_FUNCTIONS = new Map<string, OtherFunction>([
  ['COALESCE', [1, Infinity, coalesce]],
  ['IF', [3, 3, (list) => choice(...(list as [Expression, Expression, Expression]))]],
  ['IFNULL', [2, 2, coalesce]],
  ['LAST_INSERT_ID', [0, 1, ([argument]) => lastInsertId(argument)]],
]);

/** The first that isn't NULL. */
function coalesce(list: readonly Expression[]): Expression {
  const evaluate = (run: Run): Value => {
    for (const argument of list) {
      const value = argument.evaluate(run);
      if (value !== null) return value;
    }
    return null;
  };
  return { ...commonType(list), evaluate };
}

function choice(condition: Expression, then: Expression, otherwise: Expression): Expression {
  const evaluate = (run: Run): Value => (truth(condition.evaluate(run)) === true ? then : otherwise).evaluate(run);
  return { ...commonType([then, otherwise]), evaluate };
}

/** LAST_INSERT_ID(), or what LAST_INSERT_ID(expr) makes it: an unsigned number. */
function lastInsertId(argument: Expression | undefined): Expression {
  const evaluate = (run: Run): Value => {
    const { session } = run;
    if (argument === undefined) return session.lastInsertId;
    const value = argument.evaluate(run);
    if (typeof value === 'string') throw unsupported('LAST_INSERT_ID of a text');
    session.statementInsertId = BigInt.asUintN(64, value ?? 0n);
    return value === null ? null : session.statementInsertId;
  };
  return { type: 'unsigned', evaluate };
}

/** @throws SqlError 1582 for a wrong number of arguments, 1235 for a function that isn't here */
export function callFunction(name: string, list: readonly Expression[]): Expression {
  const known = VALUE_FUNCTIONS.get(name) ?? OTHER_FUNCTIONS.get(name);
  if (known === undefined) throw unsupported(`the function ${name}`);
  if (list.length < known[0] || list.length > known[1]) {
    throw new SqlError(1582, `Incorrect parameter count in the call to native function '${name}'`);
  }
  if (known.length === 3) return known[2](list);
  const [, , type, call] = known;
  const evaluate = (run: Run): Value => {
    const values = list.map((argument) => argument.evaluate(run));
    return values.includes(null) ? null : call(values as Known[], run);
  };
  const collation = type === 'text' ? commonCollation(list) : undefined;
  return { type, collation, evaluate };
}
