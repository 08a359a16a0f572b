import { inGroups, type JournaledState, type StateModule } from 'template-runtime/journal';
import { compiledModule } from 'template-runtime/worker';
import { type Document, fromText, toText } from '../values/document';
import type { CatalogChange } from './catalog';
import { type CommandRecord, type PutRecord, toRecord } from './change-record';
import type { CollectionChange } from './collection';
import type { IndexSpecification } from './collection-index';
import { KeptCollection } from './kept-collection';

/** What a journal tells of a catalog. The documents stay unread: of most puts a later one makes nothing. */
export class KeptCatalog implements JournaledState<CommandRecord> {
  private readonly databases = new Map<string, Map<string, KeptCollection>>();

  *collections(): Generator<[database: string, name: string, collection: KeptCollection]> {
    for (const [database, collections] of this.databases) {
      for (const [name, collection] of collections) yield [database, name, collection];
    }
  }

  /** Takes notice of what a command changed. Earlier versions kept what was put as they did other changes. */
  replay(record: CommandRecord): void {
    for (const told of record) {
      if (typeof told === 'string') this.change(fromText(told) as unknown as CatalogChange);
      else this.put(told);
    }
  }

  /** Records that make everything out of nothing. */
  *snapshot(): Generator<CommandRecord> {
    yield* inGroups(this.all());
  }

  private *all(): Generator<PutRecord | string> {
    for (const [database, name, { indexes, entries }] of this.collections()) {
      yield toRecord({ type: 'createCollection', database, name });
      for (const specification of indexes.values()) {
        yield toRecord({ database, name, change: { type: 'createIndex', specification } });
      }
      for (const { text, number } of entries.values()) yield [database, name, text, number];
    }
  }

  private change(change: CatalogChange): void {
    if ('change' in change) this.changeCollection(change.database, change.name, change.change);
    else if (change.type === 'createCollection') this.getOrCreate(change.database, change.name);
    else if (change.type === 'dropCollection') this.drop(change.database, change.name);
    else this.databases.delete(change.database);
  }

  private changeCollection(database: string, name: string, change: CollectionChange): void {
    const collection = this.getOrCreate(database, name);
    switch (change.type) {
      case 'put':
        return collection.put(toText(change.document), change.number);
      case 'remove':
        return collection.remove(change.document._id, change.number);
      case 'createIndex':
        return void collection.indexes.set(change.specification.name, plain(change.specification));
      case 'dropIndex':
        return void collection.indexes.delete(change.name);
    }
  }

  private put([database, name, document, number]: PutRecord): void {
    this.getOrCreate(database, name).put(document, number);
  }

  private getOrCreate(database: string, name: string): KeptCollection {
    const existing = this.databases.get(database)?.get(name);
    if (existing) return existing;
    const collections = this.databases.get(database) ?? new Map<string, KeptCollection>();
    const collection = new KeptCollection();
    this.databases.set(database, collections);
    collections.set(name, collection);
    return collection;
  }

  private drop(database: string, name: string): void {
    const collections = this.databases.get(database);
    collections?.delete(name);
    if (collections?.size === 0) this.databases.delete(database);
  }
}

/** @throws Error for an index that an earlier version could make */
function plain(specification: IndexSpecification): IndexSpecification {
  const { name, key, unique, ...others } = specification as IndexSpecification & Document;
  if (Object.values(others).some(Boolean)) {
    throw new Error(
      `the journal of DocumentDB has an index ${name} that isn't plain: drop it by the version that made it`,
    );
  }
  return { name, key, unique };
}

/** For the thread that rewrites the journal. */
export const KEPT_STATE: StateModule = {
  module: compiledModule('docdb/storage/kept-catalog.js', __dirname),
  make: 'emptyCatalog',
};

/** A catalog without databases. */
export const emptyCatalog = (): KeptCatalog => new KeptCatalog();
