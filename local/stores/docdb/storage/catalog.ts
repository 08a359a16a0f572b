import { CommandError } from '../errors';
import { Collection } from './collection';

/** MongoDB's limit to a database's name. */
const MAX_DATABASE_NAME = 63;

/** The databases and their collections. Both come into being with the first write to them. */
export class Catalog {
  private readonly databases = new Map<string, Map<string, Collection>>();

  databaseNames(): string[] {
    return [...this.databases.keys()].sort();
  }

  collections(database: string): ReadonlyMap<string, Collection> {
    return this.databases.get(database) ?? new Map<string, Collection>();
  }

  get(database: string, name: string): Collection | undefined {
    return this.databases.get(database)?.get(name);
  }

  /** @throws CommandError for a name that MongoDB doesn't allow */
  getOrCreate(database: string, name: string): Collection {
    const existing = this.get(database, name);
    if (existing) return existing;
    checkNames(database, name);
    const collections = this.databases.get(database) ?? new Map<string, Collection>();
    this.databases.set(database, collections);
    const collection = new Collection(`${database}.${name}`);
    collections.set(name, collection);
    return collection;
  }

  drop(database: string, name: string): void {
    const collections = this.databases.get(database);
    collections?.delete(name);
    if (collections?.size === 0) this.databases.delete(database);
  }

  dropDatabase(database: string): void {
    this.databases.delete(database);
  }
}

/** mongodb.com, "MongoDB Limits and Thresholds: Naming Restrictions". */
function checkNames(database: string, collection: string): void {
  if (database === '' || database.length > MAX_DATABASE_NAME || /[/\\. "$\0]/.test(database)) {
    throw new CommandError(73, `Invalid database name: '${database}'`);
  }
  if (collection === '' || /[$\0]/.test(collection) || /^\.|\.$|^system\./.test(collection)) {
    throw new CommandError(73, `Invalid collection name: ${collection}`);
  }
}
