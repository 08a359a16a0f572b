import { CommandError } from './reply';
import { SortedSet } from './sorted-set';

/** What a key holds. */
export type Value = string | Map<string, string> | SortedSet;

/** Told when a key that it watches changes. */
export interface Watcher {
  changed: boolean;
}

/** One database: keys, their values, when they expire and who watches them. */
export class Keyspace {
  private readonly values = new Map<string, Value>();
  private readonly expiries = new Map<string, number>();
  private readonly watchers = new Map<string, Set<Watcher>>();
  /** Grows with every change. */
  revision = 0;

  /**
   * @param now the time in milliseconds since 1970
   */
  constructor(readonly now: () => number) {}

  /** How many keys there are, expired ones included until they are noticed, as in Redis. */
  get size(): number {
    return this.values.size;
  }

  /** How many keys have an expiry. */
  get volatileSize(): number {
    return this.expiries.size;
  }

  get(key: string): Value | undefined {
    if (this.expiries.size > 0) this.evictIfExpired(key);
    return this.values.get(key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  /**
   * @throws CommandError when the key holds another type; likewise `hash` and `sortedSet`
   */
  text(key: string): string | undefined {
    const value = this.get(key);
    if (value !== undefined && typeof value !== 'string') throw wrongType();
    return value;
  }

  hash(key: string): Map<string, string> | undefined {
    const value = this.get(key);
    if (value !== undefined && !(value instanceof Map)) throw wrongType();
    return value;
  }

  sortedSet(key: string): SortedSet | undefined {
    const value = this.get(key);
    if (value !== undefined && !(value instanceof SortedSet)) throw wrongType();
    return value;
  }

  /** Writes a value and leaves the key's expiry as it is. */
  update(key: string, value: Value): void {
    this.values.set(key, value);
    this.changed(key);
  }

  /** Writes a value to a key that doesn't expire, whatever it was before. */
  replace(key: string, value: Value): void {
    this.expiries.delete(key);
    this.update(key, value);
  }

  /** A hash or sorted set was changed in place; an empty one doesn't exist. */
  updated(key: string, value: Map<string, string> | SortedSet): void {
    if (value.size === 0) this.remove(key);
    else this.changed(key);
  }

  /** Removes a key; tells whether there was one. */
  delete(key: string): boolean {
    return this.has(key) && this.remove(key);
  }

  /** When the key expires, in milliseconds since 1970. */
  expiry(key: string): number | undefined {
    return this.has(key) ? this.expiries.get(key) : undefined;
  }

  /** Sets when an existing key expires; undefined: never. A time in the past removes the key. */
  setExpiry(key: string, at: number | undefined): void {
    if (at === undefined) {
      this.expiries.delete(key);
    } else if (at <= this.now()) {
      this.remove(key);
      return;
    } else {
      this.expiries.set(key, at);
    }
    this.changed(key);
  }

  /** All keys that exist now. */
  keys(): string[] {
    this.evictExpired();
    return [...this.values.keys()];
  }

  clear(): void {
    for (const key of this.watchers.keys()) if (this.values.has(key)) this.changed(key);
    this.revision += 1;
    this.values.clear();
    this.expiries.clear();
  }

  /** Frees what nobody asks for any more. */
  evictExpired(): void {
    for (const key of this.expiries.keys()) this.evictIfExpired(key);
  }

  watch(key: string, watcher: Watcher): void {
    this.evictIfExpired(key);
    const watchers = this.watchers.get(key) ?? new Set();
    this.watchers.set(key, watchers.add(watcher));
  }

  unwatch(key: string, watcher: Watcher): void {
    const watchers = this.watchers.get(key);
    watchers?.delete(watcher);
    if (watchers?.size === 0) this.watchers.delete(key);
  }

  private evictIfExpired(key: string): void {
    const expiry = this.expiries.get(key);
    if (expiry !== undefined && expiry <= this.now()) this.remove(key);
  }

  private remove(key: string): boolean {
    this.expiries.delete(key);
    this.changed(key);
    return this.values.delete(key);
  }

  private changed(key: string): void {
    this.revision += 1;
    if (this.watchers.size === 0) return;
    for (const watcher of this.watchers.get(key) ?? []) watcher.changed = true;
  }
}

function wrongType(): CommandError {
  return new CommandError('WRONGTYPE Operation against a key holding the wrong kind of value');
}
