import { inGroups, type Journal, type JournaledState, type StateModule } from 'template-runtime/journal';
import { compiledModule } from 'template-runtime/worker';
import { Cache } from './cache';

/**
 * A change, as the journal keeps it. Keys and values have one character per byte; an item without a value is gone. A snapshot
 * tells of several items at once.
 */
export type CacheRecord =
  | { readonly change: 'create' | 'delete' | 'clear'; readonly cache: string }
  | { readonly cache: string; readonly key: string; readonly value?: string; readonly expiresAt?: number }
  | { readonly cache: string; readonly items: readonly (readonly [key: string, value: string, expiresAt: number])[] };

/** The caches of the account, by name. */
export class Caches {
  /** Where changes are kept. @default - nowhere */
  journal: Journal<CacheRecord> | undefined;
  private readonly byName = new Map<string, Cache>();

  constructor(private readonly now: () => number) {}

  get(name: string): Cache | undefined {
    return this.byName.get(name);
  }

  names(): string[] {
    return [...this.byName.keys()];
  }

  /** @returns whether it was made; false where there is one of that name */
  create(name: string): boolean {
    if (this.byName.has(name)) return false;
    const cache = new Cache(this.now, (key, item) =>
      this.journal?.append({
        cache: name,
        key,
        ...(item && { value: item.value, expiresAt: item.expiresAt }),
      }),
    );
    this.byName.set(name, cache);
    this.journal?.append({ change: 'create', cache: name });
    return true;
  }

  /** @returns whether there was one */
  delete(name: string): boolean {
    const deleted = this.byName.delete(name);
    if (deleted) this.journal?.append({ change: 'delete', cache: name });
    return deleted;
  }

  /** @returns whether there is one */
  clear(name: string): boolean {
    const cache = this.byName.get(name);
    cache?.clear();
    if (cache) this.journal?.append({ change: 'clear', cache: name });
    return cache !== undefined;
  }

  /** Does a change again. */
  replay(record: CacheRecord): void {
    if ('change' in record) {
      if (record.change === 'create') this.create(record.cache);
      else if (record.change === 'delete') this.delete(record.cache);
      else this.clear(record.cache);
      return;
    }
    const cache = this.get(record.cache);
    if ('items' in record) {
      for (const [key, value, expiresAt] of record.items) cache?.restore(key, { value, expiresAt });
      return;
    }
    const { key, value, expiresAt = 0 } = record;
    cache?.restore(key, value === undefined ? undefined : { value, expiresAt });
  }

  /** Changes that make the present caches out of nothing. */
  *snapshot(): Generator<CacheRecord> {
    for (const [name, cache] of this.byName) {
      yield { change: 'create', cache: name };
      for (const items of inGroups(cache.liveItems())) {
        yield {
          cache: name,
          items: items.map(([key, { value, expiresAt }]) => [key, value, expiresAt]),
        };
      }
    }
  }
}

/** For the thread that rewrites the journal. */
export const KEPT_STATE: StateModule = { module: compiledModule('momento/caches.js', __dirname), make: 'emptyCaches' };

/** An account without caches, at a time in milliseconds since 1970. */
export function emptyCaches(nowMs: number): JournaledState<CacheRecord> {
  return new Caches(() => nowMs);
}
