import { INFORMATION_SCHEMA } from '../catalog';
import type { Database } from '../database';
import { type Collation, collationNamed, DEFAULT_COLLATION } from '../sql/collation';
import { check, columnType, converted } from '../sql/column-type';
import { SqlError, unsupported } from '../sql/errors';
import { quoteName, quoteText } from '../sql/expression';
import { isNode, type LibraryNode, node, nodes, onlyTable, readTable, refuseOthers, text } from '../sql/parser';
import type { Column, Definition, Table } from '../table';
import { toText, typeOfValue, type Value } from '../value';

/** What a definition is carried out with. */
export interface Context {
  readonly database: Database;
  readonly current: string | undefined;
  /** The literals of the statement, by slot. */
  readonly values: readonly Value[];
  /** The statement itself. */
  readonly definition: Definition;
}

/** Carries out a statement that changes the schema. @throws SqlError 1235 for what isn't carried out here */
export function define(from: LibraryNode, context: Context): void {
  const { database, current } = context;
  const what = `${String(from['type'])} ${text(from['keyword']) ?? 'table'}`
    .toUpperCase()
    .replace('SCHEMA', 'DATABASE');
  switch (what) {
    case 'CREATE TABLE':
      return createTable(from, context);
    case 'CREATE DATABASE':
      return createDatabase(from, database);
    case 'DROP TABLE':
      return dropTables(from, context);
    case 'DROP DATABASE':
      return dropDatabase(from, database);
    case 'ALTER TABLE':
      return addColumns(from, context);
    case 'TRUNCATE TABLE':
      return database.exec(
        `DELETE FROM ${database.catalog.writable(onlyTable(from['name'], what), current).storage} WHERE true`,
      );
    default:
      throw unsupported(what);
  }
}

function createDatabase(from: LibraryNode, { catalog: { schemas } }: Database): void {
  const named = node(from['database'] ?? from['schema'], 'CREATE DATABASE');
  const name = nodes(named['schema'], 'CREATE DATABASE').map(text).join('.');
  readOptions(from['create_definitions']);
  if (name.toLowerCase() !== INFORMATION_SCHEMA && !schemas.has(name.toLowerCase())) {
    schemas.set(name.toLowerCase(), { name, tables: new Map() });
  } else if (!from['if_not_exists']) {
    throw new SqlError(1007, `Can't create database '${name}'; database exists`);
  }
}

function dropDatabase(from: LibraryNode, database: Database): void {
  const name = text(from['name']) ?? '';
  const schema = database.catalog.schemas.get(name.toLowerCase());
  if (schema === undefined && !from['prefix'])
    throw new SqlError(1008, `Can't drop database '${name}'; database doesn't exist`);
  for (const { storage } of schema?.tables.values() ?? []) database.exec(`DROP TABLE ${storage}`);
  database.catalog.schemas.delete(name.toLowerCase());
}

/** @throws SqlError 1051 after the others are dropped */
function dropTables(from: LibraryNode, { database, current }: Context): void {
  refuseOthers(from, 'keyword prefix name', 'DROP TABLE');
  const missing = nodes(from['name'], 'DROP TABLE')
    .map(readTable)
    .filter(({ database: owner, name }) => {
      const { tables } = database.catalog.schema(owner ?? current);
      const table = tables.get(name.toLowerCase());
      if (table !== undefined) database.exec(`DROP TABLE ${table.storage}`);
      return !tables.delete(name.toLowerCase());
    });
  if (missing.length > 0 && !from['prefix'])
    throw new SqlError(1051, `Unknown table '${missing.map(({ name }) => name).join(',')}'`);
}

/** The collation; options that change no answer here are left aside. */
function readOptions(from: unknown): Collation {
  let collation: string | undefined;
  for (const { keyword, value } of Array.isArray(from) ? nodes(from, 'options') : []) {
    const option = String(keyword).toLowerCase();
    if (/collate/.test(option)) collation = text(value);
    else if (/charset|character set/.test(option)) collation ??= `${text(value) ?? ''}_bin`;
    else if (option !== 'engine' && option !== 'comment') throw unsupported(`the option ${option}`);
  }
  return collation === undefined ? DEFAULT_COLLATION : collationNamed(collation);
}

function createTable(from: LibraryNode, context: Context): void {
  refuseOthers(from, 'keyword if_not_exists table create_definitions table_options', 'CREATE TABLE');
  const { database, current, definition } = context;
  const { database: owner, name } = onlyTable(from['table'], 'CREATE TABLE');
  const { tables, name: schema } = database.catalog.schema(owner ?? current);
  if (tables.has(name.toLowerCase())) {
    if (from['if_not_exists']) return;
    throw new SqlError(1050, `Table '${name}' already exists`);
  }
  const collation = readOptions(from['table_options']);
  const unique: (readonly string[])[] = [];
  const read: Column[] = [];
  let primary: readonly string[] = [];
  for (const part of nodes(from['create_definitions'], 'CREATE TABLE without columns')) {
    const isColumn = part['resource'] === 'column';
    const type = (text(part['constraint_type']) ?? '').toLowerCase();
    if (!/^(|primary key|unique.*)$/.test(type)) throw unsupported(`${type.toUpperCase()} in CREATE TABLE`);
    const key = isColumn ? [text(node(part['column'], 'this column')['column']) ?? ''] : keyColumns(part);
    if (isColumn) read.push(readColumn(part, collation, context));
    if (part['primary_key'] !== undefined || type === 'primary key') primary = key;
    else if (part['unique'] !== undefined || type !== '') unique.push(key); // a plain index changes no answer
  }
  const columns = read.map((column) => ({ ...column, notNull: column.notNull || primary.includes(column.name) }));
  const keys = [['PRIMARY KEY', primary] as const, ...unique.map((key) => ['UNIQUE', key] as const)];
  const constraints = keys
    .filter(([, key]) => key.length > 0)
    .map(([kind, key]) => `${kind} (${key.map(quoteName).join(', ')})`);
  const storage = database.nextStorage();
  database.exec(`CREATE TABLE ${storage} (${[...columns.map(columnSql), ...constraints].join(', ')}) STRICT`);
  const table: Table = {
    database: schema,
    name,
    storage,
    columns,
    primary,
    unique,
    collation,
    definitions: [definition],
  };
  tables.set(name.toLowerCase(), table);
}

function keyColumns(from: LibraryNode): readonly string[] {
  return nodes(from['definition'], `${String(from['resource'])} in CREATE TABLE`).map(({ type, column, suffix }) => {
    if (type !== 'column_ref' || (suffix !== undefined && suffix !== null))
      throw unsupported('a key on part of a column');
    return text(column) ?? '';
  });
}

function readColumn(from: LibraryNode, collation: Collation, context: Context): Column {
  const fields = 'column definition resource character_set collate nullable primary_key unique default_val comment';
  refuseOthers(from, fields, 'a column definition');
  const name = text(node(from['column'], 'this column')['column']) ?? '';
  const type = columnType(from, collation);
  const notNull = isNode(from['nullable']) && from['nullable']['type'] === 'not null';
  const fallback = isNode(from['default_val']) ? node(from['default_val']['value'], 'DEFAULT') : undefined;
  return {
    name,
    type,
    notNull,
    fallback: fallback === undefined ? undefined : defaultOf(fallback, type, name, context),
  };
}

/** @throws SqlError 1235 for a default that isn't a literal */
function defaultOf(from: LibraryNode, type: Column['type'], name: string, { values, database }: Context): string {
  if (from['type'] === 'null') return 'NULL';
  const isNegative = from['type'] === 'unary_expr' && from['operator'] === '-';
  const literal = isNegative ? node(from['expr'], 'DEFAULT') : from;
  const slot = literal['type'] === 'param' ? /^l(\d+)$/.exec(String(literal['value']))?.[1] : undefined;
  const value = slot === undefined ? undefined : values[Number(slot)];
  if (value === undefined || value === null) throw unsupported('this DEFAULT');
  const digits = `${isNegative ? '-' : ''}${toText(value)}`;
  const expression = { sql: typeof value === 'string' ? quoteText(digits) : digits, type: typeOfValue(value) };
  return String(database.run(`SELECT quote(${converted(expression, type, name)})`).rows[0]?.[0]);
}

function columnSql({ name, type, notNull }: Column): string {
  const column = quoteName(name);
  const checks = type.check === undefined ? [] : [type.check(column, name)];
  if (notNull) checks.unshift([new SqlError(1048, `Column '${name}' cannot be null`), `${column} IS NOT NULL`]);
  const collate = type.storage === 'TEXT' ? ` COLLATE ${type.collation.sqlite ?? 'BINARY'}` : '';
  return `${column} ${type.storage}${collate} ${checks.map(check).join(' ')}`;
}

/** ALTER TABLE … ADD COLUMN, of one column or more. */
function addColumns(from: LibraryNode, context: Context): void {
  const { database, current, definition } = context;
  const { catalog } = database;
  const table = catalog.writable(onlyTable(from['table'], 'ALTER TABLE'), current);
  const columns = [...table.columns];
  for (const { action, suffix, keyword, ...column } of nodes(from['expr'], 'ALTER TABLE')) {
    const isPlain = action === 'add' && column['resource'] === 'column' && suffix === null;
    if (!isPlain || column['primary_key'] || column['unique'])
      throw unsupported(`ALTER TABLE … ${String(action)} ${String(keyword)}`);
    const added = readColumn(column, table.collation, context);
    if (columns.some(({ name }) => name.toLowerCase() === added.name.toLowerCase())) {
      throw new SqlError(1060, `Duplicate column name '${added.name}'`);
    }
    columns.push(added);
  }
  for (const column of columns.slice(table.columns.length)) {
    // what rows that are there already get; without a default, the type's own
    const fallback = column.fallback ?? (!column.notNull ? 'NULL' : column.type.storage === 'TEXT' ? "''" : '0');
    database.exec(`ALTER TABLE ${table.storage} ADD COLUMN ${columnSql(column)} DEFAULT ${fallback}`);
  }
  const definitions = [...table.definitions, definition];
  catalog.schema(table.database).tables.set(table.name.toLowerCase(), { ...table, columns, definitions });
}
