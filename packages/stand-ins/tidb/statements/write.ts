import { type Column, intoColumn } from '../column';
import type { Database } from '../database';
import { SqlError } from '../errors';
import type { Cursor } from '../sql/cursor';
import type { Evaluate, Run } from '../sql/expression';
import { ExpressionReader } from '../sql/expression-reader';
import { refuseCollation } from '../sql/operators';
import type { Row, Table } from '../table';
import type { Value } from '../value';
import { type Context, type Plan, readWhere, tableName } from './plan';

/** A column and what goes into it. */
interface Assignment {
  readonly position: number;
  readonly column: Column;
  readonly evaluate: Evaluate;
}

function readValue(reader: ExpressionReader, column: Column): Evaluate {
  const { evaluate } = reader.expression();
  return (run) => intoColumn(evaluate(run), column);
}

/** `column = value`, one or more. */
function readAssignments(cursor: Cursor, reader: ExpressionReader): readonly Assignment[] {
  return cursor.list(() => {
    const { position, column } = reader.find();
    cursor.expect('=');
    return { position, column, evaluate: readValue(reader, column) };
  });
}

function isSame(row: Row, other: Row): boolean {
  return row.every((value, position) => value === other[position]);
}

/** INSERT … VALUES, with ON DUPLICATE KEY UPDATE. @throws SqlError 1235 for what isn't carried out here, 1054, 1110, 1136, 1146, 1364 */
export function planInsert(cursor: Cursor, context: Context): Plan {
  cursor.accepts('INTO');
  const { database } = context;
  const table = database.catalog.writable(tableName(cursor, context));
  for (const { type } of table.columns) refuseCollation(type.collation); // keys would not be unique by it
  const names = cursor.sees('(') ? cursor.parenthesized(() => cursor.name()) : table.columns.map(({ name }) => name);
  const positions = insertedPositions(table, names);
  if (cursor.acceptsOneOf('VALUES', 'VALUE') === undefined) throw cursor.refusal();
  // without a table: a column in VALUES would be an earlier one of the same row
  const reader = new ExpressionReader(cursor, { table, place: 'field list', columns: 'none' });
  const rows = cursor.list(() => readRow(cursor, reader, table, positions));
  const assignments = readOnDuplicate(cursor, table);
  cursor.end();
  return {
    run: (run) => {
      let affectedRows = 0;
      for (const row of rows) affectedRows += insert(row(run), run, table, assignments, database);
      return { kind: 'done', affectedRows };
    },
  };
}

/** @throws SqlError 1054, 1110, and 1364 for a column that must have a value and gets none */
function insertedPositions(table: Table, names: readonly string[]): readonly number[] {
  const positions = names.map((name) => table.position(name));
  positions.forEach((position, index) => {
    if (position < 0) throw new SqlError(1054, `Unknown column '${names[index]}' in 'field list'`);
    if (positions.indexOf(position) < index) throw new SqlError(1110, `Column '${names[index]}' specified twice`);
  });
  const missing = table.columns.find(({ notNull }, position) => notNull && !positions.includes(position));
  if (missing !== undefined) throw new SqlError(1364, `Field '${missing.name}' doesn't have a default value`);
  return positions;
}

/** Reads one row of VALUES: what makes all of the table's columns. */
function readRow(
  cursor: Cursor,
  reader: ExpressionReader,
  { columns }: Table,
  positions: readonly number[],
): (run: Run) => Row {
  const makers = columns.map((): Evaluate => () => null);
  let read = 0;
  cursor.parenthesized(() => {
    const position = positions[read++];
    const column = columns[position ?? -1];
    if (position === undefined || column === undefined) throw wrongCount();
    makers[position] = readValue(reader, column);
  });
  if (read !== positions.length) throw wrongCount();
  return (run) => makers.map((make) => make(run));
}

function wrongCount(): SqlError {
  return new SqlError(1136, "Column count doesn't match value count at row 1");
}

/** @returns undefined where the statement has none */
function readOnDuplicate(cursor: Cursor, table: Table): readonly Assignment[] | undefined {
  if (!cursor.accepts('ON')) return undefined;
  cursor.expect('DUPLICATE', 'KEY', 'UPDATE');
  const scope = { table, place: 'field list', columns: 'proposed too' } as const;
  return readAssignments(cursor, new ExpressionReader(cursor, scope));
}

/**
 * Inserts a row, or assigns to the one that has its key: from left to right, each assignment seeing what those before have made.
 *
 * @returns the affected rows: 1 inserted, 2 updated, 0 left as it was
 * @see https://dev.mysql.com/doc/refman/8.4/en/insert-on-duplicate.html
 */
function insert(
  proposed: Row,
  run: Run,
  table: Table,
  assignments: readonly Assignment[] | undefined,
  database: Database,
): number {
  const holder = assignments === undefined ? undefined : table.duplicateOf(proposed);
  if (holder === undefined || assignments === undefined) {
    database.write(table, table.nextNumber(), proposed);
    return 1;
  }
  const before = table.rows.get(holder) ?? [];
  const row: Value[] = [...before];
  run.row = row;
  run.proposed = proposed;
  for (const { position, evaluate } of assignments) row[position] = evaluate(run);
  if (isSame(row, before)) return run.foundRows ? 1 : 0;
  database.write(table, holder, row);
  return 2;
}

/** UPDATE … WHERE. In TiDB, unlike MySQL, all assignments see the old row. @throws SqlError as for planInsert */
export function planUpdate(cursor: Cursor, context: Context): Plan {
  const { database } = context;
  const table = database.catalog.writable(tableName(cursor, context));
  const reader = new ExpressionReader(cursor, { table, alias: cursor.alias(), place: 'field list' });
  cursor.expect('SET');
  const assignments = readAssignments(cursor, reader);
  const where = readWhere(cursor, reader);
  cursor.end();
  return {
    run: (run) => {
      const found = where(run);
      let changed = 0;
      for (const number of found) {
        const before = (run.row = table.rows.get(number) ?? []);
        const row: Value[] = [...before];
        for (const { position, evaluate } of assignments) row[position] = evaluate(run);
        if (isSame(row, before)) continue;
        database.write(table, number, row);
        changed += 1;
      }
      const message = `Rows matched: ${found.length}  Changed: ${changed}  Warnings: 0`;
      return { kind: 'done', affectedRows: run.foundRows ? found.length : changed, message };
    },
  };
}

/** DELETE … WHERE. @throws SqlError as for planInsert */
export function planDelete(cursor: Cursor, context: Context): Plan {
  cursor.expect('FROM');
  const { database } = context;
  const table = database.catalog.writable(tableName(cursor, context));
  const where = readWhere(cursor, new ExpressionReader(cursor, { table, place: 'where clause' }));
  cursor.end();
  return {
    run: (run) => {
      const found = where(run);
      for (const number of found) database.write(table, number, undefined);
      return { kind: 'done', affectedRows: found.length };
    },
  };
}
