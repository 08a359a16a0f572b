import type { Column, Table } from '../table';
import type { Database } from '../database';
import { sqliteCollation } from '../sql/collation';
import { converted } from '../sql/column-type';
import { SqlError, unsupported } from '../sql/errors';
import { asNumber, quoteName } from '../sql/expression';
import { isNode, type LibraryNode, node, nodes, onlyTable, refuseOthers, text } from '../sql/parser';
import { type Scope, type Surroundings, Translation } from '../sql/translation';
import { bind, type Plan, type Run } from './plan';
import { whereOf } from './select';

/** A column and what goes into it, in SQLite's SQL. */
type Assignment = readonly [column: Column, sql: string];

function assignment(column: Column, from: unknown, translation: Translation): Assignment {
  const value = node(from, 'this value');
  if (value['type'] === 'param' && value['value'] === 'default') return [column, fallbackOf(column)];
  return [column, converted(translation.expression(value), column.type, column.name)];
}

/** @throws SqlError 1364 for a column that must have a value and has no default */
function fallbackOf({ name, notNull, fallback }: Column): string {
  if (fallback === undefined && notNull) throw new SqlError(1364, `Field '${name}' doesn't have a default value`);
  return fallback ?? 'NULL';
}

/** Assignments, and WHERE they change anything, byte by byte. */
function setClause(assignments: readonly Assignment[]): string {
  const set = assignments.map(([{ name }, sql]) => `${quoteName(name)} = ${sql}`);
  const changed = assignments.map(([{ name }, sql]) => `t.${quoteName(name)} COLLATE BINARY IS NOT (${sql})`);
  return `${set.join(', ')} WHERE (${changed.join(' OR ')})`;
}

/** @throws SqlError 1235 for what isn't carried out here, 1054, 1110, 1136, 1146, 1364 for what can't be */
export function planInsert(from: LibraryNode, { catalog }: Database, surroundings: Surroundings): Plan {
  refuseOthers(from, 'table columns values prefix on_duplicate_update', 'INSERT');
  if (from['type'] === 'replace' || /ignore/i.test(text(from['prefix']) ?? ''))
    throw unsupported('REPLACE and INSERT IGNORE');
  const named = onlyTable(from['table'], 'INSERT');
  const table = catalog.writable(named, surroundings.database);
  for (const { type } of table.columns) sqliteCollation(type.collation); // keys would not be unique by it
  const columns = insertedColumns(table, from['columns']);
  if (!isNode(from['values']) || from['values']['type'] !== 'values') throw unsupported('INSERT … SELECT');
  const statements = nodes(from['values']['values'], 'VALUES').map((row) => {
    // without a table: a column in VALUES would be an earlier one of the same row
    const translation = new Translation(surroundings, { place: 'field list', writes: true });
    const values = insertedValues(table, columns, nodes(row['value'], 'VALUES'), translation);
    const names = values.map(([{ name }]) => quoteName(name)).join(', ');
    const insert = `INSERT INTO ${table.storage} AS t (${names}) VALUES (${values.map(([, sql]) => sql).join(', ')})`;
    return bind(translation, insert + onDuplicate(from, { table, alias: named.alias }, translation));
  });
  const affectedRows = (run: Run): number =>
    statements.reduce((affected, insert) => {
      const { inserted, updated } = insert(run);
      return affected + (inserted > 0 ? 1 : updated > 0 ? 2 : run.foundRows ? 1 : 0);
    }, 0);
  return {
    kind: 'writes',
    isMultiple: statements.length > 1,
    run: (run) => ({ kind: 'done', affectedRows: affectedRows(run) }),
  };
}

function insertedColumns(table: Table, names: unknown): readonly Column[] {
  if (!Array.isArray(names)) return table.columns;
  return names.map((column, position) => {
    const name = text(column) ?? '';
    if (names.findIndex((other) => text(other) === name) < position)
      throw new SqlError(1110, `Column '${name}' specified twice`);
    const found = table.columns.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (found === undefined) throw new SqlError(1054, `Unknown column '${name}' in 'field list'`);
    return found;
  });
}

function insertedValues(
  { columns }: Table,
  named: readonly Column[],
  row: readonly LibraryNode[],
  translation: Translation,
): readonly Assignment[] {
  if (row.length !== named.length) throw new SqlError(1136, "Column count doesn't match value count at row 1");
  const given = named.map((column, position) => assignment(column, row[position], translation));
  const left = columns.filter((column) => !named.includes(column));
  return [...given, ...left.map((column): Assignment => [column, fallbackOf(column)])];
}

/**
 * SQLite's upsert. Its assignments see the old row, and MySQL's go from left to right, each seeing what those before have
 * made: so an assignment before stands for its column in those after. Rows that would stay as they are are left alone, which
 * tells the affected rows.
 *
 * @see https://dev.mysql.com/doc/refman/8.4/en/insert-on-duplicate.html
 */
function onDuplicate(
  from: LibraryNode,
  names: Pick<Scope, 'table' | 'alias'>,
  { surroundings, slots }: Translation,
): string {
  if (!isNode(from['on_duplicate_update'])) return '';
  const assigned: NonNullable<Scope['assigned']> = new Map();
  const upsert = new Translation(surroundings, { ...names, place: 'field list', writes: true, assigned }, slots);
  const assignments = assignmentsOf(from['on_duplicate_update']['set'], upsert, ([{ name, type }, sql]) => {
    const isInteger = type.type === 'integer'; // on its way into the column it may be digits
    const stored = { sql, type: isInteger ? 'unsigned' : type.type, collation: type.collation } as const;
    assigned.set(name, isInteger ? asNumber(stored) : stored);
  });
  return ` ON CONFLICT DO UPDATE SET ${setClause(assignments)}`;
}

/** The last assignment to each column. */
function assignmentsOf(
  list: unknown,
  translation: Translation,
  onAssigned?: (assigned: Assignment) => void,
): readonly Assignment[] {
  const assignments = new Map<Column, string>();
  for (const item of nodes(list, 'SET')) {
    const assigned = assignment(translation.find(item).column, item['value'], translation);
    onAssigned?.(assigned);
    assignments.set(...assigned);
  }
  return [...assignments];
}

/** @throws SqlError as for planInsert. In TiDB, unlike MySQL, all assignments of an UPDATE see the old row. */
export function planUpdate(from: LibraryNode, { catalog }: Database, surroundings: Surroundings): Plan {
  refuseOthers(from, 'table set where', 'UPDATE');
  const named = onlyTable(from['table'], 'UPDATE');
  const table = catalog.writable(named, surroundings.database);
  const names = { table, alias: named.alias, place: 'field list', writes: true };
  const counting = new Translation(surroundings, { ...names });
  const count = bind(counting, `SELECT count(*) FROM ${table.storage} AS t${whereOf(from, counting)}`);
  const translation = new Translation(surroundings, names);
  const set = setClause(assignmentsOf(from['set'], translation));
  const update = bind(
    translation,
    `UPDATE ${table.storage} AS t SET ${set}${whereOf(from, translation).replace('WHERE', 'AND')}`,
  );
  return {
    kind: 'writes',
    run: (run) => {
      const found = Number(count(run).rows[0]?.[0] ?? 0);
      const { updated } = update(run);
      const message = `Rows matched: ${found}  Changed: ${updated}  Warnings: 0`;
      return { kind: 'done', affectedRows: run.foundRows ? found : updated, message };
    },
  };
}

/** @throws SqlError as for planInsert */
export function planDelete(from: LibraryNode, { catalog }: Database, surroundings: Surroundings): Plan {
  refuseOthers(from, 'table from where', 'DELETE');
  const named = onlyTable(from['from'], 'DELETE');
  const table = catalog.writable(named, surroundings.database);
  const translation = new Translation(surroundings, { table, alias: named.alias, place: 'field list', writes: true });
  // with a WHERE always: SQLite would empty a table without telling of its rows
  const remove = bind(translation, `DELETE FROM ${table.storage} AS t${whereOf(from, translation) || ' WHERE true'}`);
  return { kind: 'writes', run: (run) => ({ kind: 'done', affectedRows: remove(run).deleted }) };
}
