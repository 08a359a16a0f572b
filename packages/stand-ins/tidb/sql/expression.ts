import type { Column, Table } from '../table';
import type { ValueType } from '../value';
import type { Collation } from './collation';
import { coded, SqlError, unsupported } from './errors';

/** An expression in SQLite's SQL. */
export interface Expression {
  readonly sql: string;
  readonly type: ValueType;
  /** Of the column that a text comes from; undefined for literals, which compare by the connection's. */
  readonly collation?: Collation | undefined;
  /** The column that it is. */
  readonly column?: { readonly table: Table; readonly column: Column } | undefined;
  readonly isAggregate?: boolean;
}

export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function integer(sql: string): Expression {
  return { sql, type: 'integer' };
}

/** The expression as a number: a text as the number that it begins with, as exact as it is written. */
export function asNumber(expression: Expression): Expression {
  const { sql, type } = expression;
  if (type === 'unsigned') return integer(`CAST(signed(CAST(${sql} AS TEXT)) AS INTEGER)`);
  if (type === 'datetime') throw unsupported('computing with a time');
  return type === 'text' ? { sql: `CAST(${sql} AS NUMERIC)`, type: 'double' } : expression;
}

export function asText({ sql, type, collation }: Expression): Expression {
  const isText = type === 'text' || type === 'datetime' || type === 'null';
  return {
    sql: isText ? sql : type === 'double' ? `text_of(${sql})` : `CAST(${sql} AS TEXT)`,
    type: 'text',
    collation,
  };
}

const OVERFLOW = quoteText(coded(new SqlError(1690, 'BIGINT value is out of range')));

/**
 * Arithmetic of two numbers. SQLite goes on with a rounded number where whole ones overflow: that is an error here.
 * The subquery has the result once, however deep expressions nest.
 */
export function arithmetic(left: Expression, operator: '+' | '-' | '*' | '/' | '%', right: Expression): Expression {
  const [a, b] = [asNumber(left), asNumber(right)];
  const result = `${a.sql} ${operator} ${b.sql}`;
  if (a.type === 'double' || b.type === 'double')
    return { sql: `(1.0 * ${a.sql} ${operator} ${b.sql})`, type: 'double' };
  return integer(`(SELECT iif(typeof(r) = 'real', fail(${OVERFLOW}), r) FROM (SELECT ${result} AS r))`);
}

/** The type of a value that is one or the other. @throws SqlError 1235 where MySQL would make a third of the two */
export function commonType(expressions: readonly Expression[]): Pick<Expression, 'type' | 'collation'> {
  const types = new Set(expressions.map(({ type }) => type).filter((type) => type !== 'null'));
  const [type = 'null'] = types;
  const collation = expressions.find((one) => one.collation !== undefined)?.collation;
  if (types.size <= 1) return { type, collation };
  if ([...types].every((one) => one === 'integer' || one === 'unsigned')) return { type: 'unsigned' };
  if ([...types].every((one) => one === 'integer' || one === 'double')) return { type: 'double' };
  throw unsupported(`a value of the types ${[...types].join(' and ')}`);
}
