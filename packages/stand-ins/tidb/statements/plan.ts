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
export function readWhere(cursor: Cursor, reader: ExpressionReader): (run: Run) => readonly number[] {
  const { scope } = reader;
  const { rows } = scope.table;
  scope.place = 'where clause';
  const where = cursor.accepts('WHERE') ? reader.expression() : undefined;
  if (where === undefined) return () => [...rows.keys()];
  return (run) => {
    const candidates = byKey(where, scope.table, run) ?? [...rows.keys()];
    return candidates.filter((number) => holds(where, rows.get(number) ?? [], run));
  };
}

/** The rows that can equal what the condition wants of a column that is a key; undefined for another condition. */
function byKey({ equality }: Expression, table: Table, run: Run): readonly number[] | undefined {
  const value = equality?.value(run);
  const isText = table.columns[equality?.position ?? -1]?.type.type === 'text';
  return typeof value === (isText ? 'string' : 'bigint') ? table.lookUp(equality?.position, value) : undefined;
}

function holds({ evaluate }: Expression, row: Row, run: Run): boolean {
  run.row = row;
  return truth(evaluate(run)) === true;
}
