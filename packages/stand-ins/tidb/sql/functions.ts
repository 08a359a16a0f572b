import { unsupported } from '../sql-error';
import { VERSION } from '../session-state';
import type { ResultType } from '../storage/column-type';
import { Decimal } from '../values/decimal';
import { compare, DateTime, fromTruth, toInteger, toNumber, toText, truth, type Value } from '../values/value';
import { commonType, decisive, type Compiled, type Environment } from './environment';
import { strict, wrongCount, type NotNull, type SqlFunction } from './function-kinds';
import { JSON_FUNCTIONS } from './json-functions';
import { arithmetic, negate } from './operators';

/** A function of the session, without arguments. */
function ofSession(type: ResultType, apply: (environment: Environment) => Value): SqlFunction {
  return { least: 0, most: 0, type, isPure: false, evaluate: (_, environment) => apply(environment) };
}

const common = (list: readonly Compiled[]) => commonType(list);
const text = (values: readonly NotNull[], position: number) => toText(values[position] ?? '');
const count = (values: readonly NotNull[], position: number) => Number(toInteger(values[position] ?? 0n));

function now(fraction: number): DateTime {
  const iso = new Date().toISOString();
  const end = fraction > 0 ? `.${iso.slice(20, 23).padEnd(6, '0').slice(0, fraction)}` : '';
  return new DateTime(`${iso.slice(0, 10)} ${iso.slice(11, 19)}${end}`);
}

const currentTime: SqlFunction = {
  ...strict(0, 1, 'datetime', (values) => now(values.length > 0 ? count(values, 0) : 0)),
  isPure: false,
};
const databaseName = ofSession('text', ({ session }) => session.database ?? null);
const userName = ofSession('text', ({ session }) => `${session.user}@127.0.0.1`);

/** @see https://docs.pingcap.com/tidb/stable/control-flow-functions */
const CONTROL_FLOW: Readonly<Record<string, SqlFunction>> = {
  IF: {
    least: 3,
    most: 3,
    type: (list) => commonType(list.slice(1)),
    evaluate: ([condition, yes, no], environment) =>
      (condition !== undefined && truth(condition.evaluate(environment)) === true ? yes : no)?.evaluate(environment) ??
      null,
  },
  IFNULL: { least: 2, most: 2, type: common, evaluate: firstNotNull },
  COALESCE: { least: 1, most: Infinity, type: common, evaluate: firstNotNull },
  NULLIF: {
    least: 2,
    most: 2,
    type: ([first]) => first?.type,
    evaluate([first, second], environment) {
      const a = first?.evaluate(environment) ?? null;
      const b = second?.evaluate(environment) ?? null;
      const collation = decisive(first?.coercion, second?.coercion)?.collation ?? environment.session.collation;
      return a === null || (b !== null && compare(a, b, collation) === 0) ? null : a;
    },
  },
  ISNULL: {
    least: 1,
    most: 1,
    type: 'integer',
    evaluate: ([argument], environment) => fromTruth(argument?.evaluate(environment) === null),
  },
};

function firstNotNull(list: readonly Compiled[], environment: Environment): Value {
  for (const argument of list) {
    const value = argument.evaluate(environment);
    if (value !== null) return value;
  }
  return null;
}

function extreme(sign: 1 | -1): SqlFunction {
  return {
    ...strict(2, Infinity, common, (values, { session }) =>
      values.reduce((best, value) => (compare(value, best, session.collation) * sign > 0 ? value : best)),
    ),
  };
}

const NUMERIC: Readonly<Record<string, SqlFunction>> = {
  GREATEST: extreme(1),
  LEAST: extreme(-1),
  ABS: strict(
    1,
    1,
    ([argument]) => argument?.type,
    ([value = 0n]) => (toNumber(value) < 0 ? negate(value) : value),
  ),
  MOD: strict(2, 2, common, ([a = null, b = null], { writes }) => arithmetic('%', a, b, false, writes)),
  FLOOR: strict(1, 1, 'integer', ([value = 0n]) => floor(value)),
  CEIL: strict(1, 1, 'integer', ([value = 0n]) => -toBigInt(floor(negate(value) ?? 0n))),
};

function floor(value: NotNull): bigint {
  if (typeof value === 'bigint') return value;
  if (!(value instanceof Decimal)) return BigInt(Math.floor(toNumber(value)));
  const whole = value.unscaled / 10n ** BigInt(value.scale);
  return value.compare(Decimal.of(whole)) < 0 ? whole - 1n : whole;
}

function toBigInt(value: Value): bigint {
  return typeof value === 'bigint' ? value : 0n;
}

/** @see https://docs.pingcap.com/tidb/stable/string-functions */
const STRINGS: Readonly<Record<string, SqlFunction>> = {
  CONCAT: strict(1, Infinity, 'text', (values) => values.map(toText).join('')),
  LENGTH: strict(1, 1, 'integer', ([value = '']) =>
    BigInt(Buffer.isBuffer(value) ? value.length : Buffer.byteLength(toText(value))),
  ),
  CHAR_LENGTH: strict(1, 1, 'integer', (values) => BigInt(Array.from(text(values, 0)).length)),
  UPPER: strict(1, 1, 'text', (values) => text(values, 0).toUpperCase()),
  LOWER: strict(1, 1, 'text', (values) => text(values, 0).toLowerCase()),
  TRIM: strict(1, 1, 'text', (values) => text(values, 0).replace(/^ +| +$/g, '')),
  REPLACE: strict(3, 3, 'text', (values) =>
    text(values, 1) === '' ? text(values, 0) : text(values, 0).replaceAll(text(values, 1), () => text(values, 2)),
  ),
  LEFT: strict(2, 2, 'text', (values) =>
    Array.from(text(values, 0))
      .slice(0, Math.max(0, count(values, 1)))
      .join(''),
  ),
  SUBSTRING: strict(2, 3, 'text', substring),
  REPEAT: strict(2, 2, 'text', (values) => text(values, 0).repeat(Math.max(0, count(values, 1)))),
  HEX: strict(1, 1, 'text', ([value = '']) =>
    typeof value === 'bigint'
      ? BigInt.asUintN(64, value).toString(16).toUpperCase()
      : Buffer.from(Buffer.isBuffer(value) ? value : toText(value))
          .toString('hex')
          .toUpperCase(),
  ),
};

function substring(values: readonly NotNull[]): Value {
  const characters = Array.from(text(values, 0));
  const position = count(values, 1);
  const start = position > 0 ? position - 1 : characters.length + position;
  if (position === 0 || start < 0) return '';
  return characters.slice(start, values.length > 2 ? start + Math.max(0, count(values, 2)) : undefined).join('');
}

/** @see https://docs.pingcap.com/tidb/stable/information-functions */
const INFORMATION: Readonly<Record<string, SqlFunction>> = {
  LAST_INSERT_ID: { ...ofSession('unsigned', ({ session }) => session.lastInsertId), most: 1 },
  ROW_COUNT: ofSession('integer', ({ session }) => session.rowCount),
  CONNECTION_ID: ofSession('unsigned', ({ session }) => BigInt(session.connectionId)),
  DATABASE: databaseName,
  SCHEMA: databaseName,
  VERSION: ofSession('text', () => VERSION),
  USER: userName,
  CURRENT_USER: ofSession('text', ({ session }) => `${session.user}@%`),
  NOW: currentTime,
  CURRENT_TIMESTAMP: currentTime,
  UTC_TIMESTAMP: currentTime,
  UNIX_TIMESTAMP: ofSession('integer', () => BigInt(Math.floor(Date.now() / 1000))),
};

const FUNCTIONS: Readonly<Record<string, SqlFunction>> = {
  ...CONTROL_FLOW,
  ...NUMERIC,
  ...STRINGS,
  ...JSON_FUNCTIONS,
  ...INFORMATION,
};
const SYNONYMS: Readonly<Record<string, string>> = {
  CHARACTER_LENGTH: 'CHAR_LENGTH',
  OCTET_LENGTH: 'LENGTH',
  UCASE: 'UPPER',
  LCASE: 'LOWER',
  SUBSTR: 'SUBSTRING',
  CEILING: 'CEIL',
  LOCALTIME: 'NOW',
  LOCALTIMESTAMP: 'NOW',
};

/** @throws SqlError 1235 for a function that isn't here, 1582 for the wrong number of arguments */
export function compileFunction(name: string, list: readonly Compiled[]): Compiled {
  if (name === 'LAST_INSERT_ID' && list.length === 1) return lastInsertIdOf(list);
  const known = SYNONYMS[name] ?? name;
  const found = Object.hasOwn(FUNCTIONS, known) ? FUNCTIONS[known] : undefined;
  if (found === undefined) throw unsupported(`function ${name}`);
  if (list.length < found.least || list.length > found.most) throw wrongCount(name);
  return {
    type: typeof found.type === 'function' ? found.type(list) : found.type,
    coercion: list.map(({ coercion }) => coercion).reduce(decisive, undefined),
    constant: found.isPure !== false && list.every(({ constant }) => constant),
    evaluate: (environment) => found.evaluate(list, environment),
  };
}

/**
 * LAST_INSERT_ID(expr) returns its argument and makes it the statement's id: it goes out with the OK packet, and
 * LAST_INSERT_ID() of the next statements returns it. TiDB keeps the id before where the argument is 0
 * (pkg/executor, ResetContextOfStmt); MySQL forgets it.
 */
function lastInsertIdOf([argument]: readonly Compiled[]): Compiled {
  return {
    type: 'unsigned',
    coercion: undefined,
    constant: false,
    evaluate(environment) {
      const value = argument?.evaluate(environment) ?? null;
      if (value === null) return null;
      const id = toInteger(value);
      environment.session.statementInsertId = BigInt.asUintN(64, id);
      return id;
    },
  };
}
