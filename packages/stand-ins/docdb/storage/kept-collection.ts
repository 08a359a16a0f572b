import { LargeMap } from '../../large-map';
import { fromText } from '../values/document';
import { valueKey } from '../values/order';
import type { IndexSpecification } from './collection-index';
import { Entry } from './entry';

/** What a journal tells of a collection: its documents, unread, and what its indexes are to be. */
export class KeptCollection {
  /** In the order of insertion. */
  readonly entries = LargeMap.byNumber<Entry>();
  readonly indexes = new Map<string, IndexSpecification>();
  lastNumber = 0;
  /** Those with the keys of their `_id`, while the journal is one of an earlier version, which tells no numbers. */
  private byId: LargeMap<string, Entry> | undefined;

  put(text: string, number: number | undefined): void {
    if (number === undefined) return this.putById(text);
    const entry = this.entries.get(number);
    if (entry) entry.document = text;
    else this.insert(number, text);
  }

  remove(id: unknown, number: number | undefined): void {
    if (number === undefined) return this.removeById(id);
    this.entries.delete(number);
    this.byId = undefined;
  }

  private insert(number: number, text: string): Entry {
    const entry = new Entry(number, text);
    this.entries.set(number, entry);
    this.lastNumber = Math.max(this.lastNumber, number);
    this.byId = undefined;
    return entry;
  }

  private putById(text: string): void {
    const key = valueKey(fromText(text)._id);
    const byId = this.withIds();
    const entry = byId.get(key);
    if (entry) entry.document = text;
    else byId.set(key, this.insert(this.lastNumber + 1, text));
    this.byId = byId;
  }

  private removeById(id: unknown): void {
    const key = valueKey(id);
    const byId = this.withIds();
    const entry = byId.get(key);
    if (!entry) return;
    this.entries.delete(entry.number);
    byId.delete(key);
  }

  private withIds(): LargeMap<string, Entry> {
    if (this.byId) return this.byId;
    this.byId = LargeMap.byText<Entry>();
    for (const entry of this.entries.values()) this.byId.set(valueKey(entry.document._id), entry);
    return this.byId;
  }
}
