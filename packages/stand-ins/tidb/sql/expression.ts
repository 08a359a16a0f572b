import type { Column } from '../column';
import { unsupported } from '../errors';
import type { Row } from '../table';
import type { Value, ValueType } from '../value';

/** What a statement's expressions see of its session. */
export interface SessionState {
  readonly connectionId: number;
  /** How two texts compare of which none is a column's. */
  readonly collation: string;
  database: string | undefined;
  /** Of the statements before: what LAST_INSERT_ID() returns. */
  lastInsertId: bigint;
  /** Of this statement: set by LAST_INSERT_ID(expr), for the OK packet and the statements after. */
  statementInsertId: bigint;
  rowCount: number;
}

/** One execution of a statement, at the row that is looked at. */
export interface Run {
  readonly session: SessionState;
  /** Of the statement's `?`. */
  readonly parameters: readonly Value[];
  /** Whether rows count that an UPDATE finds, instead of those that it changes. */
  readonly foundRows: boolean;
  row: Row;
  /** The row that was to be inserted, in ON DUPLICATE KEY UPDATE. */
  proposed: Row;
}

export type Evaluate = (run: Run) => Value;

export interface Expression {
  readonly evaluate: Evaluate;
  /** Undefined where it depends on a parameter. */
  readonly type?: ValueType | undefined;
  /** Of the column that a text is made of. */
  readonly collation?: string | undefined;
  /** The column that it is. */
  readonly source?: { readonly column: Column; readonly position: number } | undefined;
  /** Whether it is a literal or a parameter. */
  readonly isFixed?: boolean;
  /** A column that must equal a fixed value for this to be true. */
  readonly equality?: { readonly position: number; readonly value: Evaluate } | undefined;
  /** Of an aggregate: its value over rows. */
  readonly over?: (rows: readonly Row[], run: Run) => Value;
}

/** The type of a value that is one or the other. @throws SqlError 1235 where MySQL would make a third of the two */
export function commonType(expressions: readonly Expression[]): Pick<Expression, 'type' | 'collation'> {
  const types = new Set(expressions.map(({ type }) => type).filter((type) => type !== 'null'));
  if (types.has('text') && (types.has('integer') || types.has('unsigned'))) throw unsupported('a text or a number');
  return { type: types.size === 1 ? [...types][0] : undefined, collation: commonCollation(expressions) };
}

/** A text that is made of others compares as the column among them does. */
export function commonCollation(expressions: readonly Expression[]): string | undefined {
  return expressions.find(({ collation }) => collation !== undefined)?.collation;
}
