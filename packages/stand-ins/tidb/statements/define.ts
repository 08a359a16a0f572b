import { INFORMATION_SCHEMA } from '../catalog';
import { BINARY, type Column, columnType } from '../column';
import { SqlError, unsupported } from '../errors';
import type { Cursor } from '../sql/cursor';
import { Table } from '../table';
import { type Context, DONE, type Plan, type Result, tableName } from './plan';

const UNKNOWN_TABLE = 1051;

/** By the words that they begin with. Each reads its statement to the end before it changes anything. */
const DEFINITIONS = new Map<string, (cursor: Cursor, context: Context) => void>([
  ['ALTER TABLE', addColumn],
  ['CREATE DATABASE', createDatabase],
  ['CREATE TABLE', createTable],
  ['DROP DATABASE', dropDatabase],
  ['DROP TABLE', dropTables],
  ['TRUNCATE TABLE', truncate],
]);

/** Changes the schema, when it is run. @throws SqlError 1235 for what isn't carried out here */
export function planDefinition(cursor: Cursor, context: Context): Plan {
  const { database, current } = context;
  const [, define] = [...DEFINITIONS].find(([words]) => cursor.accepts(...words.split(' '))) ?? [];
  const start = define === undefined ? 1 : cursor.position;
  const changed = (): void => {
    database.catalog.version += 1;
    database.onDefinition?.(cursor.sql, current);
  };
  const run = (): Result => {
    cursor.position = start;
    try {
      define?.(cursor, context);
    } catch (error) {
      if (error instanceof SqlError && error.code === UNKNOWN_TABLE) changed(); // the other tables are dropped
      throw error;
    }
    changed();
    return DONE;
  };
  cursor.position = start;
  if (define === undefined) throw cursor.refusal();
  return { run };
}

function createDatabase(cursor: Cursor, { database: { catalog } }: Context): void {
  const isOptional = cursor.accepts('IF', 'NOT', 'EXISTS');
  const name = cursor.name();
  readOptions(cursor);
  cursor.end();
  const isThere = name.toLowerCase() === INFORMATION_SCHEMA || catalog.schemas.has(name.toLowerCase());
  if (isThere && !isOptional) throw new SqlError(1007, `Can't create database '${name}'; database exists`);
  if (!isThere) catalog.schemas.set(name.toLowerCase(), { name, tables: new Map() });
}

function dropDatabase(cursor: Cursor, { database: { catalog } }: Context): void {
  const isOptional = cursor.accepts('IF', 'EXISTS');
  const name = cursor.name();
  cursor.end();
  if (catalog.schemas.delete(name.toLowerCase()) || isOptional) return;
  throw new SqlError(1008, `Can't drop database '${name}'; database doesn't exist`);
}

/** @throws SqlError 1051 after the others are dropped */
function dropTables(cursor: Cursor, context: Context): void {
  const isOptional = cursor.accepts('IF', 'EXISTS');
  const names = cursor.list(() => tableName(cursor, context));
  cursor.end();
  const { catalog } = context.database;
  const missing = names.filter(({ database, name }) => !catalog.schema(database).tables.delete(name.toLowerCase()));
  if (missing.length === 0 || isOptional) return;
  throw new SqlError(UNKNOWN_TABLE, `Unknown table '${missing.map(({ name }) => name).join(',')}'`);
}

function truncate(cursor: Cursor, context: Context): void {
  const table = context.database.catalog.writable(tableName(cursor, context));
  cursor.end();
  for (const number of [...table.rows.keys()]) table.put(number, undefined);
}

const OPTIONS = ['CHARSET', 'COLLATE', 'ENGINE', 'COMMENT'];

/** The collation that options of a database, a table or a column name; ENGINE and COMMENT change no answer here. */
function readOptions(cursor: Cursor): string | undefined {
  let collation: string | undefined;
  for (;;) {
    const { position } = cursor;
    cursor.accepts('DEFAULT');
    const option = cursor.accepts('CHARACTER', 'SET') ? 'CHARSET' : cursor.acceptsOneOf(...OPTIONS);
    if (option === undefined) {
      cursor.position = position;
      return collation;
    }
    cursor.accepts('=');
    const value = cursor.nameOrText().toLowerCase();
    if (option === 'COLLATE') collation = value;
    if (option === 'CHARSET') collation ??= `${value}_bin`;
  }
}

/** A column, or a key, of CREATE TABLE. */
interface Part {
  /** By the collation of the table, which comes after the columns. */
  readonly column?: (collation: string) => Column;
  readonly key?: { readonly isPrimary: boolean; readonly names: readonly string[] } | undefined;
}

function createTable(cursor: Cursor, context: Context): void {
  const { database, current } = context;
  const isOptional = cursor.accepts('IF', 'NOT', 'EXISTS');
  const { database: owner, name } = tableName(cursor, context);
  const parts = cursor.parenthesized(() => readKey(cursor) ?? readColumn(cursor));
  const collation = readOptions(cursor) ?? BINARY;
  cursor.end();
  const keys = parts.flatMap(({ key }) => key ?? []);
  const primary = keys.find(({ isPrimary }) => isPrimary)?.names ?? [];
  const unique = [primary, ...keys.filter(({ isPrimary }) => !isPrimary).map(({ names }) => names)];
  const columns = parts
    .flatMap(({ column }) => column?.(collation) ?? [])
    .map((column) => (primary.includes(column.name) ? { ...column, notNull: true } : column));
  const { tables, name: schema } = database.catalog.schema(owner);
  if (!tables.has(name.toLowerCase())) {
    const definition = { sql: cursor.sql, database: current };
    tables.set(name.toLowerCase(), new Table(schema, name, columns, unique, [definition], collation));
  } else if (!isOptional) {
    throw new SqlError(1050, `Table '${name}' already exists`);
  }
}

/** ALTER TABLE … ADD COLUMN. @throws SqlError 1060 for a column that is there, 1235 for what else can be altered */
function addColumn(cursor: Cursor, context: Context): void {
  const { database, current } = context;
  const table = database.catalog.writable(tableName(cursor, context));
  if (!cursor.accepts('ADD')) throw unsupported('ALTER TABLE other than ADD COLUMN');
  cursor.accepts('COLUMN');
  const { column: make, key } = readColumn(cursor);
  cursor.end();
  const column = make(table.collation);
  if (key !== undefined || column.notNull) throw unsupported('ADD COLUMN of a key, or NOT NULL');
  if (table.position(column.name) >= 0) throw new SqlError(1060, `Duplicate column name '${column.name}'`);
  const { tables } = database.catalog.schema(table.database);
  tables.set(table.name.toLowerCase(), table.withColumn(column, { sql: cursor.sql, database: current }));
}

/** @returns undefined where a column comes */
function readKey(cursor: Cursor): Part | undefined {
  const kind = cursor.acceptsOneOf('PRIMARY', 'UNIQUE', 'KEY', 'INDEX');
  if (kind === undefined) return undefined;
  if (kind === 'PRIMARY') cursor.expect('KEY');
  else if (kind === 'UNIQUE') cursor.acceptsOneOf('KEY', 'INDEX');
  if (!cursor.sees('(')) cursor.name();
  const names = cursor.parenthesized(() => {
    const name = cursor.name();
    if (cursor.sees('(')) throw unsupported('a key on part of a column');
    return name;
  });
  const isUnique = kind === 'PRIMARY' || kind === 'UNIQUE'; // a plain index changes no answer
  return isUnique ? { key: { isPrimary: kind === 'PRIMARY', names } } : {};
}

function readColumn(cursor: Cursor): Part & { readonly column: (collation: string) => Column } {
  const name = cursor.name();
  const typeName = cursor.name().toUpperCase();
  const [length] = cursor.sees('(') ? cursor.parenthesized(() => Number(cursor.literal())) : [];
  let [notNull, isPrimary, isUnique] = [false, false, false];
  let collation: string | undefined;
  for (;;) {
    collation = readOptions(cursor) ?? collation;
    if (cursor.accepts('NOT', 'NULL')) notNull = true;
    else if (cursor.accepts('PRIMARY', 'KEY')) isPrimary = true;
    else if (cursor.accepts('UNIQUE')) isUnique = true;
    else if (!cursor.accepts('NULL')) break;
  }
  const column = (ofTable: string): Column => ({
    name,
    type: columnType(typeName, length, collation ?? ofTable),
    notNull,
  });
  return { column, key: isPrimary || isUnique ? { isPrimary, names: [name] } : undefined };
}
