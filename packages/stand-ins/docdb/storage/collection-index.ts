import { CommandError } from '../errors';
import type { Equality } from '../query/equalities';
import { valuesAt } from '../query/path';
import type { Document } from '../values/document';
import type { FieldKeys } from '../values/field-keys';
import { valueKey } from '../values/order';
import { shown } from '../values/shown';
import type { Entry } from './entry';
import { IndexEntries } from './index-entries';

export interface IndexSpecification {
  readonly name: string;
  /** Fields and directions, such as `{ counter_id: 1 }`. */
  readonly key: Document;
  readonly unique: boolean;
}

/** An index: finds documents by equality, and keeps the values of a unique one apart. */
export class CollectionIndex {
  private readonly entries = new IndexEntries<Entry>();
  private readonly paths: readonly string[];

  constructor(
    readonly specification: IndexSpecification,
    private readonly namespace: string,
  ) {
    this.paths = Object.keys(specification.key);
  }

  /**
   * The keys of a document: several where a field is an array.
   *
   * @throws CommandError when two of the fields are arrays
   */
  keysOf(document: Document): readonly string[] {
    const perField = this.paths.map((path) => fieldKeys(document, path));
    if (perField.filter((keys) => keys.length > 1).length > 1) {
      throw new CommandError(171, `cannot index parallel arrays [${this.paths.join('] [')}]`);
    }
    return perField.reduce((keys, more) => keys.flatMap((key) => more.map((other) => joined(key, other))));
  }

  /**
   * Checks a unique index before a write.
   *
   * @param own the entry that the write changes, which is no duplicate of itself
   * @throws CommandError E11000 with `keyPattern` and `keyValue`
   */
  checkUnique(keys: readonly string[], document: Document, own: Entry | undefined): void {
    if (!this.specification.unique) return;
    if (keys.some((key) => this.entries.other(key, own))) throw this.duplicate(document);
  }

  /** Adds an entry, which `checkUnique` has let pass. */
  add(keys: readonly string[], entry: Entry): void {
    for (const key of keys) {
      if (this.specification.unique) this.entries.addOnly(key, entry);
      else this.entries.add(key, entry);
    }
  }

  /**
   * Adds an entry to an index that is being built, and of no use where this fails.
   *
   * @param fields of the document, where it is still to be read
   * @throws CommandError E11000
   */
  include(entry: Entry, fields?: FieldKeys): void {
    const key = fields && this.keyIn(fields);
    const keys = key === undefined ? this.keysOf(entry.document) : [key];
    if (!this.specification.unique) this.add(keys, entry);
    else if (!keys.every((own) => this.entries.addOnly(own, entry))) throw this.duplicate(entry.document);
  }

  delete(keys: readonly string[], entry: Entry): void {
    for (const key of keys) this.entries.delete(key, entry);
  }

  /** The documents that may fulfil the equalities, or undefined when the index can't tell. */
  find(equalities: readonly Equality[]): Iterable<Entry> | undefined {
    const keys: string[] = [];
    for (const path of this.paths) {
      const equality = equalities.find((candidate) => candidate.path === path);
      if (!equality || Array.isArray(equality.value)) return undefined;
      keys.push(valueKey(equality.value));
    }
    return this.entries.get(keys.reduce(joined));
  }

  /** The only key of a document; undefined where they can't be told before it is read. */
  private keyIn(fields: FieldKeys): string | undefined {
    let key: string | undefined;
    for (const path of this.paths) {
      const fieldKey = fields.keyAt(path);
      if (fieldKey === undefined) return undefined;
      key = key === undefined ? fieldKey : joined(key, fieldKey);
    }
    return key;
  }

  private duplicate(document: Document): CommandError {
    const { key, name } = this.specification;
    const keyValue = Object.fromEntries(this.paths.map((path) => [path, valuesAt(document, path)[0] ?? null]));
    return new CommandError(
      11000,
      `E11000 duplicate key error collection: ${this.namespace} index: ${name} dup key: ${shown(keyValue)}`,
      { keyPattern: key, keyValue },
    );
  }
}

/** An array is indexed by its items, a missing field as null; an empty array has a key that no equality looks for. */
function fieldKeys(document: Document, path: string): readonly string[] {
  const values = valuesAt(document, path);
  if (values.length === 1 && !Array.isArray(values[0])) return [valueKey(values[0])];
  const keys = values.flatMap((value) => {
    if (!Array.isArray(value)) return valueKey(value);
    return value.length === 0 ? '[]' : (value as unknown[]).map(valueKey);
  });
  return keys.length < 2 ? keys : [...new Set(keys)];
}

function joined(key: string, fieldKey: string): string {
  return `${key}${fieldKey.length}:${fieldKey}`;
}
