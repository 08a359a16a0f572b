import { inGroups, type JournaledState, type StateModule } from 'template-runtime/journal';
import { compiledModule } from 'template-runtime/worker';
import { Database } from './database';
import { SqlError } from './errors';
import { Session } from './session';
import type { Row, Table } from './table';
import type { Value } from './value';

/** A value in JSON. A number that isn't exact there is a text. */
type Stored = null | string | number | { readonly integer: string };

/** A row's number and its values; the number alone where the row is gone. */
type RowRecord = readonly [number: number, ...values: Stored[]];

/** Rows of a table. */
interface TableRecord {
  readonly table: readonly [database: string, name: string];
  readonly rows: readonly RowRecord[];
}

/** As earlier versions kept a row. */
type EarlierRowRecord = readonly [database: string, table: string, row: number, values: readonly Stored[] | null];

/** What a transaction has written, or a statement that has changed the schema. */
export type CommitRecord =
  | { readonly tables: readonly TableRecord[] }
  | { readonly rows: readonly EarlierRowRecord[] }
  | { readonly sql: string; readonly database?: string | undefined };

/** Has everything told that changes the data from now on. */
export function recordChanges(database: Database, append: (record: CommitRecord) => void): void {
  database.onDefinition = (sql, current) => append({ sql, database: current });
  database.onCommit = (changes) => {
    const written = new Map<Table, Set<number>>();
    for (const { table, number } of changes) written.set(table, (written.get(table) ?? new Set()).add(number));
    append({ tables: [...written].map(([table, numbers]) => recordOf(table, [...numbers])) });
  };
}

/** Does again what a record tells. @throws Error for one of another form */
export function replayCommit(database: Database, record: CommitRecord): void {
  if (!('sql' in record)) return replayRows(rowsOf(database, record));
  const session = new Session(database);
  try {
    if (record.database !== undefined) session.use(record.database);
    void session.execute(session.prepare(record.sql), []);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error; // it ended the same way when it was carried out first
  }
}

/** A row as it was put, undefined where it is gone. */
interface PutRow {
  readonly table: Table;
  readonly number: number;
  readonly row: Row | undefined;
}

function rowsOf({ catalog }: Database, record: Exclude<CommitRecord, { readonly sql: string }>): readonly PutRow[] {
  if ('tables' in record) {
    return record.tables.flatMap(({ table: [database, name], rows }) => {
      const table = catalog.table({ database, name });
      return rows.map(([number, ...values]) => ({
        table,
        number,
        row: values.length === 0 ? undefined : values.map(revived),
      }));
    });
  }
  if (!('rows' in record) || !record.rows.every(([, , number]) => typeof number === 'number')) {
    throw new Error('tidb.journal is of an earlier version: move it away to start without it');
  }
  return record.rows.map(([database, name, number, values]) => ({
    table: catalog.table({ database, name }),
    number,
    row: values?.map(revived),
  }));
}

function replayRows(rows: readonly PutRow[]): void {
  if (rows.length > 1) for (const { table, number, row } of rows) table.vacate(number, row); // they may have exchanged keys
  for (const { table, number, row } of rows) table.put(number, row);
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
      for (const numbers of inGroups(table.rows.keys())) yield { tables: [recordOf(table, numbers)] };
    }
  }
}

function recordOf(table: Table, numbers: readonly number[]): TableRecord {
  const { database, name, rows } = table;
  return {
    table: [database, name],
    rows: numbers.map((number) => [number, ...(rows.get(number) ?? []).map(stored)]),
  };
}

function stored(value: Value): Stored {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : { integer: value.toString() };
}

function revived(value: Stored): Value {
  if (value === null || typeof value === 'string') return value;
  return BigInt(typeof value === 'number' ? value : value.integer);
}
