import type { Collation } from './sql/collation';
import type { SqlError } from './sql/errors';
import type { ValueType } from './value';

/** A column's type: MySQL's for those who ask, SQLite's storage, and what a value must fulfil. */
export interface ColumnType {
  /** As information_schema has it, such as `varchar(128)`. */
  readonly sql: string;
  readonly type: ValueType;
  readonly storage: 'INT' | 'TEXT' | 'REAL';
  /** How texts compare. */
  readonly collation: Collation;
  readonly maximumLength?: number;
  /** The error of a value that doesn't fit, and SQLite's condition that it does. */
  readonly check?: (column: string, name: string) => readonly [error: SqlError, condition: string];
}

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly notNull: boolean;
  /** As SQLite's SQL; undefined where there is none. */
  readonly fallback?: string | undefined;
}

/** A statement that made a part of the schema, and the database in use. */
export interface Definition {
  readonly sql: string;
  readonly database: string | undefined;
}

export interface Table {
  readonly database: string;
  readonly name: string;
  /** Its name in SQLite. */
  readonly storage: string;
  readonly columns: readonly Column[];
  readonly primary: readonly string[];
  readonly unique: readonly (readonly string[])[];
  readonly collation: Collation;
  /** The statements that made it. */
  readonly definitions: readonly Definition[];
}
