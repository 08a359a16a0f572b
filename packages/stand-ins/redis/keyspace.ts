import { LargeMap, Rounds } from '../large-map';
import type { Int64 } from './numbers';
import { CommandError } from './reply';

/** What a key holds. */
export type Value = string | Map<string, string>;

/** How many keys are looked at in one step of the eviction. */
const EVICTION_STEP = 1000;

/** One database: keys, their values and when they expire. */
export class Keyspace {
  private readonly values = LargeMap.byText<Value>();
  private readonly expiries = LargeMap.byText<Int64>();
  private readonly eviction = new Rounds(this.expiries);
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
   * @throws CommandError when the key holds a hash
   */
  text(key: string): string | undefined {
    const value = this.get(key);
    if (value !== undefined && typeof value !== 'string') throw wrongType();
    return value;
  }

  /**
   * @throws CommandError when the key holds a string
   */
  hash(key: string): Map<string, string> | undefined {
    const value = this.get(key);
    if (typeof value === 'string') throw wrongType();
    return value;
  }

  /** Writes a value and leaves the key's expiry as it is. An empty hash doesn't exist. */
  update(key: string, value: Value): void {
    if (typeof value !== 'string' && value.size === 0) {
      this.remove(key);
    } else {
      this.revision += 1;
      this.values.set(key, value);
    }
  }

  /** Writes a value to a key that doesn't expire, whatever it was before. */
  replace(key: string, value: Value): void {
    this.expiries.delete(key);
    this.update(key, value);
  }

  /** Removes a key; tells whether there was one. */
  delete(key: string): boolean {
    return this.has(key) && this.remove(key);
  }

  /** When the key expires, in milliseconds since 1970. */
  expiry(key: string): Int64 | undefined {
    return this.has(key) ? this.expiries.get(key) : undefined;
  }

  /** Sets when an existing key expires; undefined: never. A time in the past removes the key. */
  setExpiry(key: string, at: Int64 | undefined): void {
    this.revision += 1;
    if (at === undefined) this.expiries.delete(key);
    else if (at <= this.now()) this.remove(key);
    else this.expiries.set(key, at);
  }

  /** All keys that exist now. */
  keys(): string[] {
    for (const key of this.expiries.keys()) this.evictIfExpired(key);
    return [...this.values.keys()];
  }

  clear(): void {
    this.revision += 1;
    this.values.clear();
    this.expiries.clear();
  }

  /** Frees expired keys that are no longer read, of some that have an expiry: going through all would take long. */
  evictExpired(): void {
    for (const [key] of this.eviction.next(EVICTION_STEP)) this.evictIfExpired(key);
  }

  private evictIfExpired(key: string): void {
    const expiry = this.expiries.get(key);
    if (expiry !== undefined && expiry <= this.now()) this.remove(key);
  }

  private remove(key: string): boolean {
    this.revision += 1;
    this.expiries.delete(key);
    return this.values.delete(key);
  }
}

function wrongType(): CommandError {
  return new CommandError('WRONGTYPE Operation against a key holding the wrong kind of value');
}
