import { DEFAULT_COLLATION, OF_NAMES } from './sql/collation';
import { SqlError, unsupported } from './sql/errors';
import type { TableName } from './sql/parser';
import type { ColumnType, Table } from './table';
import type { Value } from './value';

export interface Schema {
  readonly name: string;
  readonly tables: Map<string, Table>;
}

export const INFORMATION_SCHEMA = 'information_schema';

const TEXT: ColumnType = { sql: 'varchar(512)', type: 'text', storage: 'TEXT', collation: OF_NAMES };
const BIGINT: ColumnType = { sql: 'bigint', type: 'integer', storage: 'INT', collation: DEFAULT_COLLATION };
const NAMES =
  'TABLE_SCHEMA TABLE_NAME COLUMN_NAME ORDINAL_POSITION IS_NULLABLE DATA_TYPE CHARACTER_MAXIMUM_LENGTH COLUMN_TYPE COLUMN_KEY COLLATION_NAME';

/** The one table of information_schema that is here. */
export const COLUMNS_VIEW: Table = {
  database: INFORMATION_SCHEMA,
  name: 'columns',
  storage: 'temp.columns',
  columns: NAMES.split(' ').map((name) => ({
    name,
    type: /_LENGTH|_POSITION/.test(name) ? BIGINT : TEXT,
    notNull: false,
  })),
  primary: [],
  unique: [],
  collation: OF_NAMES,
  definitions: [],
};

/** The databases and tables that there are; names compare without case, as TiDB's do. */
export class Catalog {
  readonly schemas = new Map<string, Schema>([['test', { name: 'test', tables: new Map() }]]);
  /** One more with each change. */
  version = 0;

  /** @throws SqlError 1046, 1049 */
  schema(name: string | undefined): Schema {
    if (name === undefined) throw new SqlError(1046, 'No database selected');
    const schema = this.schemas.get(name.toLowerCase());
    if (schema === undefined) throw new SqlError(1049, `Unknown database '${name}'`);
    return schema;
  }

  /** @throws SqlError 1046, 1146, 1235 */
  table({ database, name }: TableName, current?: string): Table {
    const from = database ?? current;
    if (from === undefined) throw new SqlError(1046, 'No database selected');
    const isView = from.toLowerCase() === INFORMATION_SCHEMA;
    if (isView && name.toLowerCase() !== COLUMNS_VIEW.name) throw unsupported(`${INFORMATION_SCHEMA}.${name}`);
    const table = isView ? COLUMNS_VIEW : this.schemas.get(from.toLowerCase())?.tables.get(name.toLowerCase());
    if (table === undefined) throw new SqlError(1146, `Table '${from}.${name}' doesn't exist`);
    return table;
  }

  /** @throws SqlError 1044 for a table that describes the schema */
  writable(name: TableName, current: string | undefined): Table {
    const table = this.table(name, current);
    if (table === COLUMNS_VIEW) throw new SqlError(1044, 'Access denied to information_schema');
    return table;
  }

  tables(): readonly Table[] {
    return [...this.schemas.values()].flatMap(({ tables }) => [...tables.values()]);
  }

  /** The rows of information_schema.columns. */
  columnRows(): readonly (readonly Value[])[] {
    return this.tables().flatMap(({ database, name: table, columns, primary, unique }) =>
      columns.map(({ name, type: { sql, type, maximumLength, collation }, notNull }, index) => {
        const isUnique = unique.some((key) => key.length === 1 && key[0] === name);
        const key = primary.includes(name) ? 'PRI' : isUnique ? 'UNI' : '';
        const length = maximumLength ?? null;
        const dataType = sql.replace(/\(.*/, '');
        const collationName = type === 'text' ? collation.name : null;
        return [database, table, name, index + 1, notNull ? 'NO' : 'YES', dataType, length, sql, key, collationName];
      }),
    );
  }
}
