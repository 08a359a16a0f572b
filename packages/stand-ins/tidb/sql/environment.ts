import type { SessionState } from '../session-state';
import type { ResultType } from '../storage/column-type';
import type { Column, Row } from '../storage/table';
import type { Collation } from '../values/collation';
import type { Value } from '../values/value';

/** What an expression is evaluated in. */
export interface Environment {
  readonly session: SessionState;
  /** By slot: literals and parameters. */
  readonly values: readonly Value[];
  /** The row at hand; empty without a table. */
  row: Row;
  /** Of INSERT … ON DUPLICATE KEY UPDATE: the row that VALUES() refers to. */
  proposed: Row | undefined;
  /** Of a grouped SELECT: what the aggregates gave, by their number. */
  aggregates: readonly Value[];
  /** Whether the statement writes: a division by zero is then an error, as in TiDB's default SQL mode. */
  readonly writes: boolean;
}

/** How a value's collation came about; the stronger one decides a comparison (MySQL, "Collation Coercibility"). */
export interface Coercion {
  readonly collation: Collation;
  readonly strength: 'column' | 'explicit';
}

/** An expression, ready to be evaluated. */
export interface Compiled {
  /** Undefined where only the value tells, as for a parameter. */
  readonly type: ResultType | undefined;
  /** Undefined where the session's collation applies. */
  readonly coercion: Coercion | undefined;
  /** The column, if the expression is one. */
  readonly column?: ColumnOf;
  /** Whether it is the same for all rows. */
  readonly constant: boolean;
  evaluate(environment: Environment): Value;
}

export interface ColumnOf {
  readonly position: number;
  readonly column: Column;
  readonly tableName: string;
  readonly tableAlias: string;
  readonly database: string;
}

/** What names mean where an expression stands. */
export interface Scope {
  /** @throws SqlError 1054 */
  column(table: string | undefined, name: string): ColumnOf;
  /** An item of the select list by its alias, in HAVING and ORDER BY. */
  alias?(name: string): Compiled | undefined;
  /** Takes on an aggregate function and returns its number. @throws SqlError 1111 where there can be none */
  aggregate(call: AggregateCall): number;
}

export interface AggregateCall {
  readonly name: string;
  readonly distinct: boolean;
  readonly argument: Compiled | undefined;
}

/** The collation that decides between two operands; undefined for the session's. */
export function decisive(left: Coercion | undefined, right: Coercion | undefined): Coercion | undefined {
  if (left?.strength === 'explicit' || right === undefined) return left;
  return right.strength === 'explicit' || left === undefined ? right : left;
}

/** The type where all have the same; undefined where the values tell. */
export function commonType(parts: readonly Compiled[]): ResultType | undefined {
  const [first, ...rest] = parts;
  return rest.every(({ type }) => type === first?.type) ? first?.type : undefined;
}
