import { Collection, type CollectionChange } from './collection';
import type { KeptCatalog } from './kept-catalog';
import type { KeptCollection } from './kept-collection';

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
    const collection = this.add(database, name);
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

  /** Has what a journal tells. @throws CommandError E11000 when documents have the same value in a unique index */
  load(kept: KeptCatalog): void {
    for (const [database, name, collection] of kept.collections()) this.add(database, name, collection);
  }

  private add(database: string, name: string, kept?: KeptCollection): Collection {
    const collections = this.databases.get(database) ?? new Map<string, Collection>();
    const changed = (change: CollectionChange): void => this.changed({ database, name, change });
    const collection = new Collection(`${database}.${name}`, changed, kept);
    this.databases.set(database, collections);
    collections.set(name, collection);
    return collection;
  }
}
