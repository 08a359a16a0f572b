import type { Column } from '../column';
import type { Database } from '../database';
import type { Cursor } from '../sql/cursor';
import type { Expression, Run } from '../sql/expression';
import type { ExpressionReader } from '../sql/expression-reader';
import type { Row, Table } from '../table';
import { truth, type ValueType } from '../value';

export interface ResultColumn {
  readonly name: string;
  readonly type: ValueType;
  /** The column of a table that it shows. */
  readonly source?: { readonly table: Table; readonly column: Column; readonly alias: string } | undefined;
}

export type Result =
  | { readonly kind: 'rows'; readonly columns: readonly ResultColumn[]; readonly rows: readonly Row[] }
  | { readonly kind: 'done'; readonly affectedRows: number; readonly insertId?: bigint; readonly message?: string };

export const DONE: Result = { kind: 'done', affectedRows: 0 };

/** A statement that is ready to be run: for one version of the schema. */
export interface Plan {
  /** Of the rows that it gives. */
  readonly columns?: readonly ResultColumn[];
  /** @throws SqlError */
  run(run: Run): Result;
}

/** What statements are planned with. */
export interface Context {
  readonly database: Database;
  /** Where tables without a database are looked for. */
  readonly current: string | undefined;
}

/** Reads a table's name. */
export function tableName(cursor: Cursor, { current }: Context): { database: string | undefined; name: string } {
  const name = cursor.name();
  return cursor.accepts('.') ? { database: name, name: cursor.name() } : { database: current, name };
}

/** Reads WHERE, if it is there. @returns the numbers of the rows for which it holds */
export function readWhere(cursor: Cursor, reader: ExpressionReader, table: Table): (run: Run) => readonly number[] {
  reader.scope.place = 'where clause';
  const where = cursor.accepts('WHERE') ? reader.expression() : undefined;
  return (run) => {
    const candidates = where === undefined ? undefined : byKey(where, table, run);
    const numbers = candidates ?? [...table.rows.keys()];
    return where === undefined ? numbers : numbers.filter((number) => holds(where, table.rows.get(number) ?? [], run));
  };
}

function byKey({ equality }: Expression, table: Table, run: Run): readonly number[] | undefined {
  if (equality === undefined) return undefined;
  const value = equality.value(run);
  const isText = table.columns[equality.position]?.type.type === 'text';
  return typeof value === (isText ? 'string' : 'bigint') ? table.lookUp(equality.position, value) : undefined;
}

function holds({ evaluate }: Expression, row: Row, run: Run): boolean {
  run.row = row;
  return truth(evaluate(run)) === true;
}
