import { type Column, columnType, OF_NAMES } from './column';
import { SqlError, unsupported } from './errors';
import { type Row, Table } from './table';

export interface Schema {
  readonly name: string;
  readonly tables: Map<string, Table>;
}

/** A table as a statement names it. */
export interface TableName {
  readonly database: string | undefined;
  readonly name: string;
}

export const INFORMATION_SCHEMA = 'information_schema';

const COLUMNS =
  'TABLE_SCHEMA TABLE_NAME COLUMN_NAME ORDINAL_POSITION IS_NULLABLE DATA_TYPE CHARACTER_MAXIMUM_LENGTH COLUMN_TYPE COLUMN_KEY COLLATION_NAME';

/** The databases and tables that there are. */
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
  table({ database, name }: TableName): Table {
    if (database === undefined) throw new SqlError(1046, 'No database selected');
    if (database.toLowerCase() === INFORMATION_SCHEMA) {
      if (name.toLowerCase() !== 'columns') throw unsupported(`${INFORMATION_SCHEMA}.${name}`);
      return this.describeColumns();
    }
    const table = this.schemas.get(database.toLowerCase())?.tables.get(name.toLowerCase());
    if (table === undefined) throw new SqlError(1146, `Table '${database}.${name}' doesn't exist`);
    return table;
  }

  /** @throws SqlError 1044 for a table that describes the schema, and as `table` */
  writable(name: TableName): Table {
    if (name.database?.toLowerCase() === INFORMATION_SCHEMA) {
      throw new SqlError(1044, 'Access denied to information_schema');
    }
    return this.table(name);
  }

  tables(): readonly Table[] {
    return [...this.schemas.values()].flatMap(({ tables }) => [...tables.values()]);
  }

  /** information_schema.columns, as of now. */
  private describeColumns(): Table {
    const columns = COLUMNS.split(' ').map((name): Column => {
      const type = columnType(/_LENGTH|_POSITION/.test(name) ? 'BIGINT' : 'VARCHAR', 512, OF_NAMES);
      return { name, type, notNull: false };
    });
    const described = new Table(INFORMATION_SCHEMA, 'columns', columns, []);
    for (const row of this.tables().flatMap(columnRows)) described.put(described.nextNumber(), row);
    return described;
  }
}

function columnRows({ database, name: table, columns, unique: [primary, ...unique] }: Table): readonly Row[] {
  return columns.map(({ name, type: { sql, type, maximumLength, collation }, notNull }, index) => {
    const isUnique = unique.some((key) => key.length === 1 && key[0] === name);
    const key = primary?.includes(name) === true ? 'PRI' : isUnique ? 'UNI' : '';
    const length = maximumLength === undefined ? null : BigInt(maximumLength);
    const dataType = sql.replace(/\(.*/, '');
    const collationName = type === 'text' ? collation : null;
    const nullable = notNull ? 'NO' : 'YES';
    return [database, table, name, BigInt(index + 1), nullable, dataType, length, sql, key, collationName];
  });
}
