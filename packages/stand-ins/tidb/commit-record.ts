import { Session } from './session';
import { SqlError } from './sql-error';
import type { Catalog } from './storage/catalog';
import type { Slot } from './storage/slot';
import type { Definition, Row, Table } from './storage/table';
import { fromValueText, toValueText, type ValueText } from './storage/value-text';
import { DEFAULT_COLLATION } from './values/collation';

/** A row under its key in the primary index; null where it is gone. */
type RowRecord = readonly [database: string, table: string, key: string, row: readonly ValueText[] | null];

/** What a transaction has written, a statement that changes a schema, or how far a table has counted. */
export type CommitRecord =
  | { readonly rows: readonly RowRecord[] }
  | { readonly sql: string; readonly database?: string; readonly parameters: readonly ValueText[] }
  | { readonly table: readonly [database: string, table: string]; readonly counters: readonly [number, string] };

/** Has everything told that changes the catalog from now on. */
export function recordChanges(catalog: Catalog, append: (record: CommitRecord) => void): void {
  catalog.onDefinition = (definition) => append(definitionRecord(definition));
  catalog.log.onCommit = (written) => {
    const rows = written.flatMap((slot): RowRecord[] => {
      const { table } = slot;
      // What is committed to a table that was dropped meanwhile goes with it.
      if (table === undefined || !catalog.holds(table)) return [];
      return [rowRecord(table, slot as Slot<Row>, slot.pending as Row | undefined)];
    });
    if (rows.length > 0) append({ rows });
  };
}

/** Does again what a record tells. */
export function replayCommit(catalog: Catalog, record: CommitRecord): void {
  if ('rows' in record) {
    for (const [database, table, key, row] of record.rows) {
      catalog.table(database, table).restore(key, row?.map(fromValueText));
    }
  } else if ('table' in record) {
    const [rowId, autoIncrement] = record.counters;
    catalog.table(...record.table).restoreCounters([rowId, BigInt(autoIncrement)]);
  } else {
    replayDefinition(catalog, record);
  }
}

function replayDefinition(
  catalog: Catalog,
  { sql, database, parameters }: Extract<CommitRecord, { readonly sql: string }>,
): void {
  const session = new Session(catalog, {
    connectionId: 0,
    user: 'root',
    collation: DEFAULT_COLLATION,
    foundRows: false,
  });
  try {
    if (database !== undefined) session.use(database);
    void session.execute(session.prepare(sql), parameters.map(fromValueText));
  } catch (error) {
    if (!(error instanceof SqlError)) throw error; // it ended the same way when it was carried out first
  }
}

/** Records that make what is committed out of a new catalog. */
export function* recordsOf(catalog: Catalog): Generator<CommitRecord> {
  yield { sql: 'DROP DATABASE IF EXISTS test', parameters: [] }; // a new catalog has one
  for (const { name, tables } of catalog.databases.values()) {
    yield { sql: `CREATE DATABASE \`${name.replaceAll('`', '``')}\``, parameters: [] };
    for (const table of tables.values()) yield* recordsOfTable(table);
  }
}

function* recordsOfTable(table: Table): Generator<CommitRecord> {
  const { definition, database, name } = table;
  if (definition) yield definitionRecord(definition);
  const [rowId, autoIncrement] = table.counters;
  yield { table: [database, name], counters: [rowId, String(autoIncrement)] };
  for (const slot of table.rows.all()) {
    if (slot.committed !== undefined) yield { rows: [rowRecord(table, slot, slot.committed)] };
  }
}

function definitionRecord({ sql, database, parameters }: Definition): CommitRecord {
  return { sql, ...(database !== undefined && { database }), parameters: parameters.map(toValueText) };
}

function rowRecord(
  { database, name }: { readonly database: string; readonly name: string },
  { key }: Slot<Row>,
  row: Row | undefined,
): RowRecord {
  return [database, name, key, row?.map(toValueText) ?? null];
}
