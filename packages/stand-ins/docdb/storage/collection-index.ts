import { CommandError } from '../errors';
import type { Equality } from '../query/equalities';
import { valuesAt } from '../query/path';
import type { Document } from '../values/document';
import { valueKey } from '../values/order';
import { shown } from '../values/shown';
import { IndexEntries } from './index-entries';

/** A stored document. Indexes hold this object; an update puts another document into it. */
export interface Entry {
  /** Its place in the order of insertion. */
  readonly number: number;
  document: Document;
}

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
