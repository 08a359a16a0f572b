import type { Column, Table } from '../table';
import type { Database } from '../database';
import type { Value, ValueType } from '../value';

/** A column of a result. */
export interface ResultColumn {
  /** Undefined for an expression without an alias, which bears its text. */
  readonly name: string | undefined;
  /** Where in the select list it is. */
  readonly item: number;
  readonly type: ValueType;
  /** The table's column that it is. */
  readonly source: { readonly table: Table; readonly alias: string; readonly column: Column } | undefined;
}

export type Result =
  | { readonly kind: 'rows'; readonly columns: readonly ResultColumn[]; readonly rows: readonly (readonly Value[])[] }
  | {
      readonly kind: 'done';
      readonly affectedRows: number;
      readonly insertId?: number | bigint;
      readonly message?: string;
    };

/** What a statement is carried out with. */
export interface Run {
  readonly database: Database;
  /** By slot. */
  readonly values: readonly Value[];
  /** Whether rows count as affected that were found and stay as they were (CLIENT_FOUND_ROWS). */
  readonly foundRows: boolean;
}

/** A statement, translated for the schema as it is, and for the types of its parameters. */
export interface Plan {
  readonly kind: 'reads' | 'writes' | 'defines';
  /** Of a SELECT. */
  readonly columns?: readonly ResultColumn[];
  /** Whether it writes by more than one statement of SQLite's, each of which undoes by itself what it can't finish. */
  readonly isMultiple?: boolean;
  /** @throws SqlError */
  run(run: Run): Result;
}

/** A statement of SQLite's, and by slot the values of its parameters. */
export function bind(
  { slots }: { readonly slots: readonly number[] },
  sql: string,
): (run: Run) => ReturnType<Database['run']> {
  return ({ database, values }) =>
    database.run(
      sql,
      slots.map((slot) => values[slot] ?? null),
    );
}
