import { INFORMATION_SCHEMA } from '../catalog';
import { BINARY, type Column, columnType } from '../column';
import { SqlError, unsupported } from '../errors';
import type { Cursor } from '../sql/cursor';
import { Table } from '../table';
import { type Context, DONE, type Plan, type Result, tableName } from './plan';

/** A change of the schema, ready to be made. @throws SqlError */
type Change = () => void;

/** By the words that they begin with. */
const DEFINITIONS = new Map<string, (cursor: Cursor, context: Context, sql: string) => Change>([
  ['CREATE DATABASE', createDatabase],
  ['CREATE TABLE', createTable],
  ['DROP DATABASE', dropDatabase],
  ['DROP TABLE', dropTables],
  ['TRUNCATE TABLE', truncate],
]);

/** Reads a statement that changes the schema. @throws SqlError 1235 for what isn't carried out here */
export function planDefinition(cursor: Cursor, context: Context, sql: string): Plan {
  const [, read] = [...DEFINITIONS].find(([words]) => cursor.accepts(...words.split(' '))) ?? [];
  if (read === undefined) cursor.position = 1;
  const change = read?.(cursor, context, sql);
  if (change === undefined) throw cursor.refusal();
  cursor.end();
  const { database, current } = context;
  const run = (): Result => {
    try {
      change();
    } finally {
      database.catalog.version += 1; // a DROP TABLE that fails has dropped a part
      database.onDefinition?.(sql, current);
    }
    return DONE;
  };
  return { run };
}

function createDatabase(cursor: Cursor, { database: { catalog } }: Context): Change {
  const isOptional = cursor.accepts('IF', 'NOT', 'EXISTS');
  const name = cursor.name();
  readOptions(cursor);
  return () => {
    const isThere = name.toLowerCase() === INFORMATION_SCHEMA || catalog.schemas.has(name.toLowerCase());
    if (isThere && !isOptional) throw new SqlError(1007, `Can't create database '${name}'; database exists`);
    if (!isThere) catalog.schemas.set(name.toLowerCase(), { name, tables: new Map() });
  };
}

function dropDatabase(cursor: Cursor, { database: { catalog } }: Context): Change {
  const isOptional = cursor.accepts('IF', 'EXISTS');
  const name = cursor.name();
  return () => {
    if (catalog.schemas.delete(name.toLowerCase()) || isOptional) return;
    throw new SqlError(1008, `Can't drop database '${name}'; database doesn't exist`);
  };
}

/** The change throws SqlError 1051 after the others are dropped. */
function dropTables(cursor: Cursor, context: Context): Change {
  const isOptional = cursor.accepts('IF', 'EXISTS');
  const names = cursor.list(() => tableName(cursor, context));
  return () => {
    const { catalog } = context.database;
    const missing = names.filter(({ database, name }) => !catalog.schema(database).tables.delete(name.toLowerCase()));
    if (missing.length === 0 || isOptional) return;
    throw new SqlError(1051, `Unknown table '${missing.map(({ name }) => name).join(',')}'`);
  };
}

function truncate(cursor: Cursor, context: Context): Change {
  const name = tableName(cursor, context);
  return () => {
    const table = context.database.catalog.writable(name);
    for (const number of [...table.rows.keys()]) table.put(number, undefined);
  };
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

function createTable(cursor: Cursor, context: Context, sql: string): Change {
  const isOptional = cursor.accepts('IF', 'NOT', 'EXISTS');
  const named = tableName(cursor, context);
  const parts = cursor.parenthesized(() => readKey(cursor) ?? readColumn(cursor));
  const collation = readOptions(cursor) ?? BINARY;
  const keys = parts.flatMap(({ key }) => key ?? []);
  const primary = keys.find(({ isPrimary }) => isPrimary)?.names ?? [];
  const unique = keys.filter(({ isPrimary }) => !isPrimary).map(({ names }) => names);
  const columns = parts
    .flatMap(({ column }) => column?.(collation) ?? [])
    .map((column) => (primary.includes(column.name) ? { ...column, notNull: true } : column));
  return () => {
    const { tables, name: schema } = context.database.catalog.schema(named.database);
    if (!tables.has(named.name.toLowerCase())) {
      tables.set(
        named.name.toLowerCase(),
        new Table(schema, named.name, columns, [primary, ...unique], { sql, database: context.current }),
      );
    } else if (!isOptional) {
      throw new SqlError(1050, `Table '${named.name}' already exists`);
    }
  };
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

function readColumn(cursor: Cursor): Part {
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
