import type { JournaledState, StateModule } from 'template-runtime/journal';
import { compiledModule } from 'template-runtime/worker';
import { Database } from './database';
import { SqlError } from './errors';
import { Session } from './session';
import type { Row, Table } from './table';
import type { Value } from './value';

/** A value in JSON, which has no exact numbers. */
type Stored = null | string | { readonly integer: string };

/** A row under its number; null where it is gone. */
type RowRecord = readonly [database: string, table: string, row: number, values: readonly Stored[] | null];

/** What a transaction has written, or a statement that has changed the schema. */
export type CommitRecord =
  { readonly rows: readonly RowRecord[] } | { readonly sql: string; readonly database?: string | undefined };

/** Has everything told that changes the data from now on. */
export function recordChanges(database: Database, append: (record: CommitRecord) => void): void {
  database.onDefinition = (sql, current) => append({ sql, database: current });
  database.onCommit = (changes) => {
    const written = new Map<Table, Set<number>>();
    for (const { table, number } of changes) written.set(table, (written.get(table) ?? new Set()).add(number));
    const rows = [...written].flatMap(([table, numbers]) =>
      [...numbers].map((number) => recordOf(table, number, table.rows.get(number))),
    );
    append({ rows });
  };
}

/** Does again what a record tells. @throws Error for one of another form */
export function replayCommit(database: Database, record: CommitRecord): void {
  const isKnown = 'rows' in record ? record.rows.every(([, , row]) => typeof row === 'number') : 'sql' in record;
  if (!isKnown) throw new Error('tidb.journal is of an earlier version: move it away to start without it');
  if ('rows' in record) {
    const tableOf = ([owner, name]: RowRecord): Table => database.catalog.table({ database: owner, name });
    for (const row of record.rows) tableOf(row).put(row[2], undefined); // rows may have taken each other's keys
    for (const row of record.rows) tableOf(row).put(row[2], row[3]?.map(revived));
    return;
  }
  const session = new Session(database);
  try {
    if (record.database !== undefined) session.use(record.database);
    void session.execute(session.prepare(record.sql), []);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error; // it ended the same way when it was carried out first
  }
}

/** For the thread that rewrites the journal. */
export const KEPT_STATE: StateModule = { module: compiledModule('tidb/records.js', __dirname), make: 'emptyDatabase' };

/** A database without tables. */
export function emptyDatabase(): JournaledState<CommitRecord> {
  const database = new Database();
  return { replay: (record) => replayCommit(database, record), snapshot: () => recordsOf(database) };
}

/** Records that make what is committed out of a new database. */
function* recordsOf(database: Database): Generator<CommitRecord> {
  yield { sql: 'DROP DATABASE IF EXISTS test' }; // a new one has it
  for (const { name, tables } of database.catalog.schemas.values()) {
    yield { sql: `CREATE DATABASE \`${name.replaceAll('`', '``')}\`` };
    for (const table of tables.values()) {
      yield* table.definitions;
      for (const [number, row] of table.rows) yield { rows: [recordOf(table, number, row)] };
    }
  }
}

function recordOf({ database, name }: Table, number: number, row: Row | undefined): RowRecord {
  return [database, name, number, row?.map(stored) ?? null];
}

function stored(value: Value): Stored {
  return typeof value === 'bigint' ? { integer: value.toString() } : value;
}

function revived(value: Stored): Value {
  return value === null || typeof value === 'string' ? value : BigInt(value.integer);
}
