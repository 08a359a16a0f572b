import type { LargeMap } from '../../large-map';
import { CommandError } from '../errors';
import { equalitiesOf } from '../query/equalities';
import { compileFilter } from '../query/filter';
import { compileSort } from '../query/sort';
import { type Document, documentBytes, isDocument, MAX_DOCUMENT_BYTES } from '../values/document';
import { FieldKeys } from '../values/field-keys';
import { identicalValues, typeName } from '../values/order';
import { CollectionIndex, type IndexSpecification } from './collection-index';
import { Entry } from './entry';
import { KeptCollection } from './kept-collection';

export interface FindOptions {
  readonly sort?: Document;
  readonly skip?: number;
  /** 0 for no limit. */
  readonly limit?: number;
}

/** A change of a collection. Documents are told apart by their numbers. */
export type CollectionChange =
  | { readonly type: 'put' | 'remove'; readonly document: Document; readonly number: number }
  | { readonly type: 'createIndex'; readonly specification: IndexSpecification }
  | { readonly type: 'dropIndex'; readonly name: string };

const ID_INDEX: IndexSpecification = { name: '_id_', key: { _id: 1 }, unique: true };

/**
 * Documents and their indexes. Every method runs to its end before another begins, and checks everything that may fail
 * before it changes anything: each is atomic. Stored documents are never changed, only replaced.
 */
export class Collection {
  /** In the order of insertion, which is the order without a sort. */
  private readonly entries: LargeMap<number, Entry>;
  private lastNumber: number;
  private readonly indexByName = new Map<string, CollectionIndex>();

  /**
   * @param changed told of each change
   * @param kept what the journal has of it, which is the collection's own from here on
   * @throws CommandError E11000 when documents have the same value in a unique index
   */
  constructor(
    readonly namespace: string,
    private readonly changed: (change: CollectionChange) => void = () => undefined,
    kept: KeptCollection = new KeptCollection(),
  ) {
    this.entries = kept.entries;
    this.lastNumber = kept.lastNumber;
    for (const specification of [ID_INDEX, ...kept.indexes.values()]) {
      this.indexByName.set(specification.name, new CollectionIndex(specification, namespace));
    }
    const keys = new FieldKeys();
    for (const entry of this.entries.values()) {
      keys.read(entry.text);
      for (const index of this.indexByName.values()) index.include(entry, keys);
    }
  }

  get indexes(): readonly IndexSpecification[] {
    return [...this.indexByName.values()].map(({ specification }) => specification);
  }

  /** The entries that match, found by an index where one covers equalities of the filter. */
  find(filter: Document, { sort, skip = 0, limit = 0 }: FindOptions = {}): Entry[] {
    const matches = compileFilter(filter);
    const compare = sort && Object.keys(sort).length > 0 ? compileSort(sort) : undefined;
    const end = limit === 0 ? Infinity : skip + limit;
    const found: Entry[] = [];
    for (const entry of this.candidates(filter)) {
      if (!matches(entry.document)) continue;
      found.push(entry);
      if (!compare && found.length === end) break;
    }
    if (compare) found.sort((a, b) => compare(a.document, b.document));
    return skip === 0 && found.length <= end ? found : found.slice(skip, end);
  }

  /** @throws CommandError for an unfit `_id`, a document that is too large and a duplicate key */
  insert(document: Document): void {
    checkId(document);
    checkSize(document);
    this.put(document, undefined);
  }

  /**
   * Puts another document in an entry's place.
   *
   * @returns whether it differs from the old one
   * @throws CommandError when it is too large or has a duplicate key
   */
  replace(entry: Entry, document: Document): boolean {
    if (identicalValues(entry.document, document)) return false;
    checkSize(document);
    this.put(document, entry);
    return true;
  }

  delete(entry: Entry): void {
    this.entries.delete(entry.number);
    for (const index of this.indexByName.values()) index.delete(index.keysOf(entry.document), entry);
    this.changed({ type: 'remove', document: entry.document, number: entry.number });
  }

  /**
   * Builds indexes: all of them, or none when one fails.
   *
   * @throws CommandError E11000 when documents have the same value in a unique one
   */
  createIndexes(specifications: readonly IndexSpecification[]): void {
    const built = specifications.map((specification) => {
      const index = new CollectionIndex(specification, this.namespace);
      for (const entry of this.entries.values()) index.include(entry);
      return index;
    });
    for (const index of built) {
      this.indexByName.set(index.specification.name, index);
      this.changed({ type: 'createIndex', specification: index.specification });
    }
  }

  dropIndex(name: string): void {
    if (this.indexByName.delete(name)) this.changed({ type: 'dropIndex', name });
  }

  private candidates(filter: Document): Iterable<Entry> {
    const equalities = equalitiesOf(filter);
    if (equalities.length > 0) {
      for (const index of this.indexByName.values()) {
        const found = index.find(equalities);
        if (found) return found;
      }
    }
    return this.entries.values();
  }

  /**
   * Puts a document in the place of an entry's, or behind all others.
   *
   * @throws CommandError when it has a duplicate key, nothing done
   */
  private put(document: Document, before: Entry | undefined): void {
    const moves: (readonly [index: CollectionIndex, from: readonly string[], to: readonly string[]])[] = [];
    for (const index of this.indexByName.values()) {
      const from = before ? index.keysOf(before.document) : [];
      const to = index.keysOf(document);
      if (sameKeys(from, to)) continue;
      index.checkUnique(to, document, before);
      moves.push([index, from, to]);
    }
    const entry = before ?? new Entry((this.lastNumber += 1), document);
    for (const [index, from, to] of moves) {
      index.delete(from, entry);
      index.add(to, entry);
    }
    entry.document = document;
    this.entries.set(entry.number, entry);
    this.changed({ type: 'put', document, number: entry.number });
  }
}

function checkId({ _id }: Document): void {
  const type = typeName(_id);
  if (type === 'array' || type === 'regex' || type === 'missing') {
    throw new CommandError(53, `The '_id' value cannot be of type ${type}`);
  }
  const dollar = dollarFieldOf(_id);
  if (dollar !== undefined) {
    throw new CommandError(52, `_id fields may not contain '$'-prefixed fields: ${dollar} is not valid for storage.`);
  }
}

/** A field, however deep, whose name begins with a dollar sign. */
function dollarFieldOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !(isDocument(value) || Array.isArray(value))) return undefined;
  for (const [field, inside] of Object.entries(value)) {
    const dollar = field.startsWith('$') ? field : dollarFieldOf(inside);
    if (dollar !== undefined) return dollar;
  }
  return undefined;
}

function checkSize(document: Document): void {
  const bytes = documentBytes(document);
  if (bytes > MAX_DOCUMENT_BYTES) {
    throw new CommandError(
      10334,
      `BSONObj size: ${bytes} is invalid. Size must be between 0 and ${MAX_DOCUMENT_BYTES}`,
    );
  }
}

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key, index) => key === b[index]);
}
