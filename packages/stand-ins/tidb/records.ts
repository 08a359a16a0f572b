import type { Database } from './database';
import { Session } from './session';
import { DEFAULT_COLLATION } from './sql/collation';
import { SqlError } from './sql/errors';
import { quoteName } from './sql/expression';
import type { Table } from './table';
import type { Value } from './value';

/** A value in JSON, which has no exact numbers. */
type Stored = null | string | { readonly integer: string } | { readonly double: number };

/** A row under SQLite's number of it; null where it is gone. */
type RowRecord = readonly [database: string, table: string, row: number, values: readonly Stored[] | null];

/** What a transaction has written, or a statement that has changed the schema. */
export type CommitRecord =
  { readonly rows: readonly RowRecord[] } | { readonly sql: string; readonly database?: string | undefined };

/** Has everything told that changes the data from now on. */
export function recordChanges(database: Database, append: (record: CommitRecord) => void): void {
  database.onDefinition = (sql, current) => append({ sql, database: current });
  database.onCommit = (written) => {
    // rows of a table that was dropped since are gone with it
    const rows = database.catalog.tables().flatMap((table) => {
      const numbers = [...(written.get(table.storage.slice('m.'.length)) ?? [])];
      return numbers.map((number): RowRecord => {
        const [row] = database.run(`SELECT * FROM ${table.storage} WHERE rowid = ?1`, [number]).rows;
        return [table.database, table.name, number, row?.map(stored) ?? null];
      });
    });
    if (rows.length > 0) append({ rows });
  };
}

/** Does again what a record tells. @throws Error for one of another form */
export function replayCommit(database: Database, record: CommitRecord): void {
  const isKnown = 'rows' in record ? record.rows.every(([, , row]) => typeof row === 'number') : 'sql' in record;
  if (!isKnown) throw new Error('tidb.journal is of an earlier version: move it away to start without it');
  if ('rows' in record) {
    for (const row of record.rows) restore(database, row);
    return;
  }
  const options = { connectionId: 0, user: 'root', collation: DEFAULT_COLLATION, foundRows: false };
  const session = new Session(database, options);
  try {
    if (record.database !== undefined) session.use(record.database);
    void session.execute(session.prepare(record.sql), []);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error; // it ended the same way when it was carried out first
  }
}

function restore(database: Database, [owner, name, number, values]: RowRecord): void {
  const { storage, columns } = database.catalog.table({ database: owner, name });
  database.run(`DELETE FROM ${storage} WHERE rowid = ?1`, [number]);
  if (values === null) return;
  const names = ['rowid', ...columns.map((column) => quoteName(column.name))];
  const places = names.map((_, position) => `?${position + 1}`).join(', ');
  const row = [number, ...values.map(revived)];
  database.run(`INSERT INTO ${storage} (${names.join(', ')}) VALUES (${places})`, row);
}

/** Records that make what is committed out of a new database. */
export function* recordsOf(database: Database): Generator<CommitRecord> {
  yield { sql: 'DROP DATABASE IF EXISTS test' }; // a new one has it
  for (const { name, tables } of database.catalog.schemas.values()) {
    yield { sql: `CREATE DATABASE \`${name}\`` };
    for (const table of tables.values()) yield* recordsOfTable(database, table);
  }
}

function* recordsOfTable(database: Database, table: Table): Generator<CommitRecord> {
  yield* table.definitions;
  for (const [number, ...values] of database.run(`SELECT rowid, * FROM ${table.storage}`).rows) {
    yield { rows: [[table.database, table.name, Number(number), values.map(stored)]] };
  }
}

function stored(value: Value): Stored {
  if (typeof value === 'bigint') return { integer: value.toString() };
  return typeof value === 'number' ? { double: value } : value;
}

function revived(value: Stored): Value {
  if (value === null || typeof value === 'string') return value;
  return 'integer' in value ? BigInt(value.integer) : value.double;
}
