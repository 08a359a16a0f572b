import type { ColumnDefinition } from '../sql/ast';
import type { Catalog } from '../storage/catalog';
import { columnType } from '../storage/column-type';
import { Table, type Column, type Row } from '../storage/table';
import { collationNamed, DEFAULT_COLLATION } from '../values/collation';

const CASELESS = collationNamed('utf8mb4_general_ci');

function column(name: string, type: 'VARCHAR' | 'BIGINT'): Column {
  const definition: ColumnDefinition = {
    name,
    type,
    length: 512,
    scale: undefined,
    unsigned: false,
    charset: undefined,
    collation: undefined,
    notNull: false,
    autoIncrement: false,
    default: undefined,
    onUpdateNow: false,
  };
  return {
    name,
    type: columnType(definition, CASELESS),
    notNull: false,
    autoIncrement: false,
    default: undefined,
    defaultText: undefined,
    onUpdate: undefined,
  };
}

interface View {
  readonly columns: readonly Column[];
  rows(catalog: Catalog): readonly Row[];
}

const VIEWS: Readonly<Record<string, View>> = {
  schemata: {
    columns: [column('SCHEMA_NAME', 'VARCHAR'), column('DEFAULT_COLLATION_NAME', 'VARCHAR')],
    rows: (catalog) => [...catalog.databases.values()].map(({ name }) => [name, DEFAULT_COLLATION.name]),
  },
  tables: {
    columns: [
      column('TABLE_SCHEMA', 'VARCHAR'),
      column('TABLE_NAME', 'VARCHAR'),
      column('TABLE_TYPE', 'VARCHAR'),
      column('ENGINE', 'VARCHAR'),
      column('TABLE_COLLATION', 'VARCHAR'),
    ],
    rows: (catalog) =>
      allTables(catalog).map(({ database, name, collation }) => [database, name, 'BASE TABLE', 'InnoDB', collation]),
  },
  columns: {
    columns: [
      column('TABLE_SCHEMA', 'VARCHAR'),
      column('TABLE_NAME', 'VARCHAR'),
      column('COLUMN_NAME', 'VARCHAR'),
      column('ORDINAL_POSITION', 'BIGINT'),
      column('COLUMN_DEFAULT', 'VARCHAR'),
      column('IS_NULLABLE', 'VARCHAR'),
      column('DATA_TYPE', 'VARCHAR'),
      column('CHARACTER_MAXIMUM_LENGTH', 'BIGINT'),
      column('COLUMN_TYPE', 'VARCHAR'),
      column('COLUMN_KEY', 'VARCHAR'),
      column('COLLATION_NAME', 'VARCHAR'),
    ],
    rows: (catalog) => allTables(catalog).flatMap(columnRows),
  },
};

function allTables(catalog: Catalog): readonly Table[] {
  return [...catalog.databases.values()].flatMap(({ tables }) => [...tables.values()]);
}

function columnRows(table: Table): readonly Row[] {
  return table.columns.map(({ name, type, notNull, defaultText }, position) => [
    table.database,
    table.name,
    name,
    BigInt(position + 1),
    defaultText === undefined || defaultText === 'NULL' ? null : defaultText.replace(/^'|'$/g, ''),
    notNull ? 'NO' : 'YES',
    type.sql.replace(/[( ].*/, ''),
    maximumLength(type.sql),
    type.sql,
    keyOf(table, position),
    type.result === 'text' ? type.collation.name : null,
  ]);
}

/** Of a text or bytes column with a length; null for others. @param sql such as `varchar(128)` */
function maximumLength(sql: string): bigint | null {
  const [, length] = /^(?:var)?(?:char|binary)\((\d+)\)/.exec(sql) ?? [];
  return length === undefined ? null : BigInt(length);
}

/** As in SHOW COLUMNS: PRI, UNI or nothing. */
export function keyOf(table: Table, position: number): string {
  if (table.primary?.columns.includes(position) === true) return 'PRI';
  return table.unique.some(({ key }) => key.columns.length === 1 && key.columns[0] === position) ? 'UNI' : '';
}

/** A table of information_schema, filled with what there is now; undefined for one that isn't there. */
export function informationTable(name: string, catalog: Catalog): Table | undefined {
  const view = Object.hasOwn(VIEWS, name.toLowerCase()) ? VIEWS[name.toLowerCase()] : undefined;
  if (view === undefined) return undefined;
  const table = new Table('information_schema', name.toLowerCase(), view.columns, undefined, [], CASELESS.name);
  for (const row of view.rows(catalog)) table.rows.at(table.primaryKeyOf(row)).committed = row;
  return table;
}
