import { SqlError, unknownColumn, unsupported } from '../sql-error';
import type { ColumnDefinition, CreateTable, ParsedStatement, TableReference } from '../sql/ast';
import { compile } from '../sql/compile';
import type { Session } from '../session';
import type { Catalog } from '../storage/catalog';
import { columnType } from '../storage/column-type';
import { Table, type Column, type Key } from '../storage/table';
import { collationNamed, collationOf, DEFAULT_COLLATION } from '../values/collation';
import { DateTime, toText, type Value } from '../values/value';
import { DONE, type Plan, type Result, type Run } from './plan';
import { tableScope } from './row-source';

type DefiningStatement = Exclude<ParsedStatement, { kind: 'select' | 'insert' | 'update' | 'delete' }>;

/** CREATE, DROP and TRUNCATE. Each commits the transaction before it, as in MySQL ("Implicit Commit"). */
export function planDefinition(statement: DefiningStatement, catalog: Catalog): Plan {
  return { columns: [], run: (run) => define(statement, catalog, run) };
}

function define(statement: DefiningStatement, catalog: Catalog, run: Run): Result {
  const { session } = run;
  switch (statement.kind) {
    case 'create-database':
      if (statement.collation !== undefined) collationNamed(statement.collation);
      return { ...DONE, affectedRows: catalog.createDatabase(statement.name, statement.ifNotExists) ? 1 : 0 };
    case 'drop-database': {
      const dropped = catalog.dropDatabase(statement.name, statement.ifExists);
      if (session.state.database?.toLowerCase() === statement.name.toLowerCase()) session.state.database = undefined;
      return { ...DONE, affectedRows: dropped };
    }
    case 'create-table':
      createTable(statement, catalog, run);
      return DONE;
    case 'drop-table':
      dropTables(statement.tables, statement.ifExists, catalog, session);
      return DONE;
    case 'truncate': {
      const old = catalog.table(statement.table.database ?? session.state.database, statement.table.name);
      const keys = old.unique.map(({ key }) => key);
      catalog.addTable(
        new Table(old.database, old.name, old.columns, old.primary, keys, old.collation, old.definition),
      );
      return DONE;
    }
  }
}

function dropTables(tables: readonly TableReference[], ifExists: boolean, catalog: Catalog, session: Session): void {
  const missing = tables.filter(({ database, name }) => !catalog.dropTable(database ?? session.state.database, name));
  if (missing.length > 0 && !ifExists) {
    const names = missing.map(({ database, name }) => `${database ?? session.state.database}.${name}`);
    throw new SqlError(1051, `Unknown table '${names.join(',')}'`);
  }
}

function createTable(statement: CreateTable, catalog: Catalog, { session, values, definition }: Run): void {
  const database = catalog.database(statement.table.database ?? session.state.database);
  const { name } = statement.table;
  if (database.tables.has(name.toLowerCase())) {
    if (statement.ifNotExists) return;
    throw new SqlError(1050, `Table '${database.name}.${name}' already exists`);
  }
  const collation =
    statement.collation !== undefined
      ? collationNamed(statement.collation)
      : statement.charset === undefined
        ? DEFAULT_COLLATION
        : collationOf(statement.charset);
  const names = statement.columns.map((column) => column.name.toLowerCase());
  const twice = names.find((column, index) => names.indexOf(column) !== index);
  if (twice !== undefined) throw new SqlError(1060, `Duplicate column name '${twice}'`);
  const positions = (columns: readonly string[]) => columns.map((column) => positionOf(column, names));
  const primary =
    statement.primaryKey.length > 0 ? { name: 'PRIMARY', columns: positions(statement.primaryKey) } : undefined;
  const columns = statement.columns.map((definition, position) => {
    const inPrimary = primary?.columns.includes(position) === true;
    const type = columnType(definition, collation);
    if (inPrimary && type.result === 'json')
      throw new SqlError(3152, `JSON column '${definition.name}' cannot be used in key specification.`);
    return {
      ...defaults(definition, type, session, values),
      name: definition.name,
      type,
      notNull: definition.notNull || inPrimary,
    };
  });
  const unique: Key[] = statement.uniqueKeys.map((key, index) => ({
    name: key.name ?? uniqueName(key.columns[0] ?? '', statement, index),
    columns: positions(key.columns),
  }));
  catalog.addTable(new Table(database.name, name, columns, primary, unique, collation.name, definition));
}

function positionOf(column: string, names: readonly string[]): number {
  const position = names.indexOf(column.toLowerCase());
  if (position < 0) throw new SqlError(1072, `Key column '${column}' doesn't exist in table`);
  return position;
}

/** A key without a name bears its first column's, with a number from the second on. */
function uniqueName(column: string, statement: CreateTable, index: number): string {
  const before = statement.uniqueKeys
    .slice(0, index)
    .filter((key) => key.name === undefined && key.columns[0] === column);
  return before.length === 0 ? column : `${column}_${before.length + 1}`;
}

function defaults(
  definition: ColumnDefinition,
  type: Column['type'],
  session: Session,
  values: readonly Value[],
): Pick<Column, 'default' | 'defaultText' | 'onUpdate' | 'autoIncrement'> {
  const isTime = definition.default?.kind === 'call';
  const now = () =>
    type.convert(new DateTime(new Date().toISOString().slice(0, 23).replace('T', ' ')), definition.name);
  const onUpdate = definition.onUpdateNow ? now : undefined;
  const rest = { onUpdate, autoIncrement: definition.autoIncrement };
  if (definition.default === undefined) return { ...rest, default: undefined, defaultText: undefined };
  if (isTime) {
    if (type.result !== 'datetime') throw new SqlError(1067, `Invalid default value for '${definition.name}'`);
    return { ...rest, default: now, defaultText: 'CURRENT_TIMESTAMP' };
  }
  if (/text|blob|json/.test(type.sql) && definition.default.kind !== 'null') {
    throw new SqlError(1101, `BLOB/TEXT/JSON column '${definition.name}' can't have a default value`);
  }
  const compiled = compile(definition.default, noColumns(definition.name));
  const raw = compiled.evaluate({
    session: session.state,
    values,
    row: [],
    proposed: undefined,
    aggregates: [],
    writes: true,
  });
  if (raw === null && definition.notNull) throw new SqlError(1067, `Invalid default value for '${definition.name}'`);
  const value = raw === null ? null : type.convert(raw, definition.name);
  return {
    ...rest,
    default: () => value,
    defaultText: value === null ? 'NULL' : `'${toText(value).replaceAll("'", "''")}'`,
  };
}

function noColumns(column: string) {
  return {
    ...tableScope(undefined, undefined, 'default'),
    column(_: string | undefined, name: string): never {
      throw column === name ? unsupported('DEFAULT of a column') : unknownColumn(name, 'default');
    },
  };
}
