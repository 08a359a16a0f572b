import { SqlError, noSuchTable, unknownDatabase } from '../sql-error';
import type { IndexOwner } from './slot';
import type { Definition, Table } from './table';
import { TransactionLog } from './transaction';

export interface Database {
  readonly name: string;
  readonly tables: Map<string, Table>;
}

/** All databases of a server. Names keep their case and are found without it, as in TiDB (lower_case_table_names = 2). */
export class Catalog {
  readonly databases = new Map<string, Database>();
  readonly log = new TransactionLog();
  /** Grows with every change of a schema: plans made before are outdated. */
  version = 0;
  /** Told of each statement that may have changed a schema, once it has ended. */
  onDefinition: ((definition: Definition) => void) | undefined;

  constructor() {
    this.createDatabase('test', true);
  }

  /** @throws SqlError 1007 */
  createDatabase(name: string, ifNotExists: boolean): boolean {
    if (this.databases.has(name.toLowerCase())) {
      if (ifNotExists) return false;
      throw new SqlError(1007, `Can't create database '${name}'; database exists`);
    }
    this.databases.set(name.toLowerCase(), { name, tables: new Map() });
    this.version += 1;
    return true;
  }

  /** @throws SqlError 1008 */
  dropDatabase(name: string, ifExists: boolean): number {
    const database = this.databases.get(name.toLowerCase());
    if (database === undefined) {
      if (ifExists) return 0;
      throw new SqlError(1008, `Can't drop database '${name}'; database doesn't exist`);
    }
    this.databases.delete(name.toLowerCase());
    this.version += 1;
    return database.tables.size;
  }

  /** @throws SqlError 1049, or 1046 where none is named and none is in use */
  database(name: string | undefined): Database {
    if (name === undefined) throw new SqlError(1046, 'No database selected');
    const database = this.databases.get(name.toLowerCase());
    if (database === undefined) throw unknownDatabase(name);
    return database;
  }

  /** Whether a table is there and hasn't been dropped, or replaced by one of its name. */
  holds(table: IndexOwner): boolean {
    return this.databases.get(table.database.toLowerCase())?.tables.get(table.name.toLowerCase()) === table;
  }

  /** @throws SqlError 1146 and 1046 */
  table(database: string | undefined, name: string): Table {
    if (database === undefined) throw new SqlError(1046, 'No database selected');
    const table = this.databases.get(database.toLowerCase())?.tables.get(name.toLowerCase());
    if (table === undefined) throw noSuchTable(database, name);
    return table;
  }

  /** Puts a table in the place of one of its name, if there is one. */
  addTable(table: Table): void {
    this.database(table.database).tables.set(table.name.toLowerCase(), table);
    this.version += 1;
  }

  /** @returns whether there was one */
  dropTable(database: string | undefined, name: string): boolean {
    const dropped = this.database(database).tables.delete(name.toLowerCase());
    if (dropped) this.version += 1;
    return dropped;
  }
}
