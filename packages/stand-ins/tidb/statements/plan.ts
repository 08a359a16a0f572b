import type { Session } from '../session';
import type { ResultType } from '../storage/column-type';
import type { Definition } from '../storage/table';
import type { Transaction } from '../storage/transaction';
import type { ColumnOf } from '../sql/environment';
import type { Value } from '../values/value';

/** A column of a result. */
export interface ResultColumn {
  readonly name: string;
  /** Undefined where only the values tell. */
  readonly type: ResultType | undefined;
  /** The table's column that it is. */
  readonly source: ColumnOf | undefined;
}

export type Result =
  | { readonly kind: 'rows'; readonly columns: readonly ResultColumn[]; readonly rows: readonly (readonly Value[])[] }
  | {
      readonly kind: 'done';
      readonly affectedRows: number;
      /** What the OK packet says; undefined for the statement's own LAST_INSERT_ID(expr). */
      readonly insertId?: bigint;
      readonly message?: string;
    };

/** What a statement is carried out with. */
export interface Run {
  readonly session: Session;
  readonly transaction: Transaction;
  /** By slot. */
  readonly values: readonly Value[];
  /** The statement itself, where it changes a schema. */
  readonly definition: Definition | undefined;
}

/** A statement, compiled for the schema as it is. */
export interface Plan {
  /** Of a SELECT; empty for others. The names of expressions without alias are the items' texts. */
  readonly columns: readonly ResultColumn[];
  /** @throws LockConflict to be run again when the lock is free, SqlError */
  run(run: Run): Result;
}

export const DONE = { kind: 'done', affectedRows: 0 } as const;
