import { Collection, type CollectionChange } from './collection';

/** A change of what the catalog holds. */
export type CatalogChange =
  | { readonly type: 'createCollection' | 'dropCollection'; readonly database: string; readonly name: string }
  | { readonly type: 'dropDatabase'; readonly database: string }
  | { readonly database: string; readonly name: string; readonly change: CollectionChange };

/** The databases and their collections. Both come into being with the first write to them. */
export class Catalog {
  private readonly databases = new Map<string, Map<string, Collection>>();

  /** @param changed told of each change */
  constructor(private readonly changed: (change: CatalogChange) => void = () => undefined) {}

  databaseNames(): string[] {
    return [...this.databases.keys()].sort();
  }

  collections(database: string): ReadonlyMap<string, Collection> {
    return this.databases.get(database) ?? new Map<string, Collection>();
  }

  get(database: string, name: string): Collection | undefined {
    return this.databases.get(database)?.get(name);
  }

  getOrCreate(database: string, name: string): Collection {
    const existing = this.get(database, name);
    if (existing) return existing;
    const collections = this.databases.get(database) ?? new Map<string, Collection>();
    this.databases.set(database, collections);
    const collection = new Collection(`${database}.${name}`, (change) => this.changed({ database, name, change }));
    collections.set(name, collection);
    this.changed({ type: 'createCollection', database, name });
    return collection;
  }

  drop(database: string, name: string): void {
    const collections = this.databases.get(database);
    if (collections?.delete(name)) this.changed({ type: 'dropCollection', database, name });
    if (collections?.size === 0) this.databases.delete(database);
  }

  dropDatabase(database: string): void {
    if (this.databases.delete(database)) this.changed({ type: 'dropDatabase', database });
  }

  /** Makes a change again. */
  replay(change: CatalogChange): void {
    if ('change' in change) this.getOrCreate(change.database, change.name).replay(change.change);
    else if (change.type === 'createCollection') this.getOrCreate(change.database, change.name);
    else if (change.type === 'dropCollection') this.drop(change.database, change.name);
    else this.dropDatabase(change.database);
  }

  /** Changes that make everything out of nothing. */
  *snapshot(): Generator<CatalogChange> {
    for (const [database, collections] of this.databases) {
      for (const [name, collection] of collections) {
        yield { type: 'createCollection', database, name };
        for (const change of collection.snapshot()) yield { database, name, change };
      }
    }
  }
}
