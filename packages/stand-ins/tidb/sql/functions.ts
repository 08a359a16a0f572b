import type { Collation } from './collation';
import { SqlError, unsupported } from './errors';
import { asNumber, asText, commonType, type Expression, integer, quoteText } from './expression';
import type { LibraryNode } from './parser';

/** What a function's translation needs of the statement's. */
export interface Caller {
  readonly surroundings: { readonly database: string | undefined; readonly collation: Collation };
  expression(from: unknown): Expression;
  compared(left: Expression, operator: string, right: Expression): Expression;
  collate(left: Expression, right: Expression): string;
  divided(left: Expression, operator: '/' | '%', right: Expression): Expression;
}

/** A function: how many arguments it takes, and its translation. */
type SqlFunction<List extends readonly Expression[] = readonly Expression[]> = readonly [
  least: number,
  most: number,
  translate: (list: List, caller: Caller) => Expression,
];
type One = readonly [Expression];
type Two = readonly [Expression, Expression];
type Three = readonly [Expression, Expression, Expression];

const one = (translate: SqlFunction<One>[2]): SqlFunction => [1, 1, translate as SqlFunction[2]];
const two = (translate: SqlFunction<Two>[2]): SqlFunction => [2, 2, translate as SqlFunction[2]];
const three = (translate: SqlFunction<Three>[2]): SqlFunction => [3, 3, translate as SqlFunction[2]];
const constant = (sql: string, type: Expression['type'] = 'integer'): SqlFunction => [0, 0, () => ({ sql, type })];

/** A part of a text, by a function of `native-functions.ts`. */
function part(name: string, value: Expression, ...counts: readonly Expression[]): Expression {
  const list = [asText(value), ...counts.map(asNumber)].map(({ sql }) => sql);
  return { sql: `${name}(${list.join(', ')})`, type: 'text', collation: value.collation };
}

const END = integer(String(2 ** 31));

/** The place of a text in another, byte by byte. */
function located(searched: Expression, within: Expression, from: Expression, caller: Caller): Expression {
  if (caller.collate(within, searched) !== 'RTRIM') throw unsupported('LOCATE in information_schema');
  return integer(`CAST(locate(${asText(searched).sql}, ${asText(within).sql}, ${asNumber(from).sql}) AS INTEGER)`);
}

/** Of a quotient it is exact only if its parts are whole numbers, which are divided as such. */
function floor(from: LibraryNode, caller: Caller): Expression {
  if (from['type'] !== 'binary_expr' || from['operator'] !== '/') {
    const value = asNumber(caller.expression(from));
    return value.type === 'double' ? { sql: `floor(${value.sql})`, type: 'double' } : value;
  }
  const [a, b] = [caller.expression(from['left']), caller.expression(from['right'])];
  const isBelow = `(${asNumber(a).sql} < 0) <> (${asNumber(b).sql} < 0)`;
  return integer(`(${caller.divided(a, '/', b).sql} - (${caller.divided(a, '%', b).sql} <> 0 AND ${isBelow}))`);
}

function extreme(name: 'max' | 'min'): SqlFunction {
  return [
    2,
    Infinity,
    (list) => {
      if (commonType(list).type === 'text') throw unsupported('GREATEST or LEAST of texts');
      const numbers = list.map(asNumber);
      return { sql: `${name}(${numbers.map(({ sql }) => sql).join(', ')})`, type: commonType(numbers).type };
    },
  ];
}

/**
 * LAST_INSERT_ID(), or what LAST_INSERT_ID(expr) makes it. JavaScript gets whole numbers as doubles: up to 2^53 those are
 * exact, beyond it takes their digits.
 */
function lastInsertId([value]: readonly Expression[]): Expression {
  if (value === undefined) return { sql: 'last_insert_id_before()', type: 'unsigned' };
  const argument = value.type === 'integer' ? value.sql : `CAST(${asNumber(value).sql} AS INTEGER)`;
  const call = `iif(r BETWEEN 0 AND ${2 ** 53}, CAST(last_insert_id(r) AS INTEGER), last_insert_id(CAST(r AS TEXT)))`;
  return { sql: `(SELECT ${call} FROM (SELECT ${argument} AS r))`, type: 'unsigned' };
}

const COALESCE: SqlFunction[2] = (list) => ({
  sql: list.length === 1 ? `${list[0]?.sql}` : `coalesce(${list.map(({ sql }) => sql).join(', ')})`,
  ...commonType(list),
});
const CHAR_LENGTH = one(([value]) => integer(`CAST(char_length(${asText(value).sql}) AS INTEGER)`));
const SUBSTRING: SqlFunction = [
  2,
  3,
  ([value, from, count = END]) => part('substring', value as Expression, from as Expression, count),
];

const FUNCTIONS: Readonly<Record<string, SqlFunction>> = {
  CHARACTER_LENGTH: CHAR_LENGTH,
  CHAR_LENGTH,
  COALESCE: [1, Infinity, COALESCE],
  CONCAT: [
    1,
    Infinity,
    (list) => {
      const texts = list.map(asText);
      return { sql: `(${texts.map(({ sql }) => sql).join(' || ')})`, ...commonType(texts) };
    },
  ],
  CONNECTION_ID: constant('CAST(connection_id() AS INTEGER)'),
  CURRENT_TIMESTAMP: constant("datetime(seconds(), 'unixepoch')", 'datetime'),
  DATABASE: [
    0,
    0,
    (_, { surroundings: { database } }) => ({
      sql: database === undefined ? 'NULL' : quoteText(database),
      type: 'text',
    }),
  ],
  GREATEST: extreme('max'),
  HEX: one(([value]) => ({
    sql: value.type === 'text' ? `hex(${value.sql})` : `hex_of(CAST(${value.sql} AS TEXT))`,
    type: 'text',
  })),
  IF: three(([condition, then, otherwise]) => ({
    sql: `iif(${asNumber(condition).sql}, ${then.sql}, ${otherwise.sql})`,
    ...commonType([then, otherwise]),
  })),
  IFNULL: [2, 2, COALESCE],
  INSTR: two(([within, searched], caller) => located(searched, within, integer('1'), caller)),
  LAST_INSERT_ID: [0, 1, lastInsertId],
  LEAST: extreme('min'),
  LEFT: two(([value, count]) => part('substring', value, integer('1'), count)),
  LENGTH: one(([value]) => integer(`octet_length(${asText(value).sql})`)),
  LOCATE: [
    2,
    3,
    ([searched, within, from = integer('1')], caller) =>
      located(searched as Expression, within as Expression, from, caller),
  ],
  LPAD: three(([value, length, padding]) => ({
    ...asText(value),
    sql: `lpad(${asText(value).sql}, ${asNumber(length).sql}, ${asText(padding).sql})`,
  })),
  MOD: two(([a, b], caller) => caller.divided(a, '%', b)),
  NOW: constant("datetime(seconds(), 'unixepoch')", 'datetime'),
  NULLIF: two(([a, b], caller) => ({ ...a, sql: `iif(${caller.compared(a, '=', b).sql}, NULL, ${a.sql})` })),
  REPLACE: three(([value, searched, by]) => ({
    ...asText(value),
    sql: `replace(${asText(value).sql}, ${asText(searched).sql}, ${asText(by).sql})`,
  })),
  RIGHT: two(([value, count]) => part('right', value, count)),
  ROW_COUNT: constant('CAST(row_count() AS INTEGER)'),
  SUBSTR: SUBSTRING,
  SUBSTRING,
  UNIX_TIMESTAMP: constant('CAST(seconds() AS INTEGER)'),
  VERSION: constant('version()', 'text'),
};

/** @throws SqlError 1582 for a wrong number of arguments, 1235 for a function that isn't here */
export function callFunction(name: string, list: readonly LibraryNode[], caller: Caller): Expression {
  const [only] = list;
  if (name === 'FLOOR' && only !== undefined && list.length === 1) return floor(only, caller);
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (known === undefined) throw unsupported(`the function ${name}`);
  const [least, most, translate] = known;
  if (list.length < least || list.length > most) {
    throw new SqlError(1582, `Incorrect parameter count in the call to native function '${name}'`);
  }
  return translate(
    list.map((item) => caller.expression(item)),
    caller,
  );
}
