import { LargeMap, Rounds } from '../large-map';

/** The longest time that Momento keeps an item, in milliseconds (docs.momentohq.com, "Momento Cache limits": 24 hours). */
export const MAX_TTL_MS = 24 * 60 * 60 * 1000;

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

/** So many items are looked at with each write: more than one, so that the search for expired ones overtakes the writes. */
const SWEPT_PER_WRITE = 2;

export interface Item {
  /** With one character per byte: a collection takes longer for buffers, of which each has an object outside of the heap. */
  readonly value: string;
  /** Milliseconds on the cache's clock. */
  readonly expiresAt: number;
}

/** Told of each item that a write has changed, by its key with one character per byte; undefined where it is gone. */
export type ItemChanged = (key: string, item: Item | undefined) => void;

/** When `setIf` stores; `value` is what the stored bytes are compared with. */
export type Condition =
  | { readonly if: 'present' | 'absent' }
  | {
      readonly if: 'equal' | 'not_equal' | 'present_and_not_equal' | 'absent_or_equal';
      readonly value: Uint8Array;
    };

/** How `updateTtl` changes an item's remaining time. */
export type TtlChange = 'overwrite' | 'increase' | 'decrease';

/** The item under the key isn't a number that fits, so that it can't be incremented. */
export class NotANumberError extends Error {
  override readonly name = 'NotANumberError';
}

/** The items of one cache, of which each expires. Every operation is atomic: it runs to its end before the next one. */
export class Cache {
  private readonly items = LargeMap.byText<Item>();
  private readonly sweeping = new Rounds(this.items);

  /** @param now the clock, in milliseconds */
  constructor(
    private readonly now: () => number,
    private readonly changed: ItemChanged = () => undefined,
  ) {}

  /** How many items memory holds, expired ones that weren't swept yet included. */
  get heldItems(): number {
    return this.items.size;
  }

  get(key: Uint8Array): Buffer | undefined {
    const item = this.live(textOf(key));
    return item && Buffer.from(item.value, 'latin1');
  }

  has(key: Uint8Array): boolean {
    return this.live(textOf(key)) !== undefined;
  }

  set(key: Uint8Array, value: Uint8Array, ttlMs: number): void {
    this.store(textOf(key), textOf(value), ttlMs);
  }

  /**
   * Stores the value if the condition holds for what is there now.
   *
   * @returns whether it was stored
   */
  setIf(key: Uint8Array, value: Uint8Array, ttlMs: number, condition: Condition): boolean {
    const name = textOf(key);
    if (!holds(condition, this.live(name)?.value)) return false;
    this.store(name, textOf(value), ttlMs);
    return true;
  }

  /**
   * Adds to the decimal number under the key, or stores the amount where there is no item. The item's time starts anew,
   * as with every other write; Momento's documentation doesn't say otherwise.
   *
   * @returns the value stored
   * @throws NotANumberError when the item isn't a decimal 64-bit integer, or the sum isn't one
   */
  increment(key: Uint8Array, amount: bigint, ttlMs: number): bigint {
    const name = textOf(key);
    const item = this.live(name);
    const sum = (item === undefined ? 0n : parseInt64(item.value)) + amount;
    if (sum > MAX_INT64 || sum < MIN_INT64) throw new NotANumberError('the sum does not fit into a long');
    this.store(name, sum.toString(), ttlMs);
    return sum;
  }

  delete(key: Uint8Array): void {
    const name = textOf(key);
    if (this.items.delete(name)) this.changed(name, undefined);
  }

  /** The items that have not expired, by their keys with one character per byte. */
  *liveItems(): Generator<readonly [string, Item]> {
    const now = this.now();
    for (const entry of this.items) if (entry[1].expiresAt > now) yield entry;
  }

  /** Puts an item back as it was, or away. */
  restore(name: string, item: Item | undefined): void {
    if (item) this.items.set(name, item);
    else this.items.delete(name);
  }

  /** @returns milliseconds until the item expires, or undefined where there is none */
  remainingTtlMs(key: Uint8Array): number | undefined {
    const item = this.live(textOf(key));
    return item && item.expiresAt - this.now();
  }

  /**
   * Changes an item's remaining time: `increase` only to a longer one, `decrease` only to a shorter one.
   *
   * @returns `missing` where there is no item, `not_set` where the change goes the other way
   */
  updateTtl(key: Uint8Array, change: TtlChange, ttlMs: number): 'set' | 'not_set' | 'missing' {
    const name = textOf(key);
    const item = this.live(name);
    if (item === undefined) return 'missing';
    const remainingMs = item.expiresAt - this.now();
    if (change === 'increase' && ttlMs <= remainingMs) return 'not_set';
    if (change === 'decrease' && ttlMs >= remainingMs) return 'not_set';
    this.store(name, item.value, ttlMs);
    return 'set';
  }

  clear(): void {
    this.items.clear();
  }

  private live(name: string): Item | undefined {
    const item = this.items.get(name);
    if (item === undefined || item.expiresAt > this.now()) return item;
    this.items.delete(name);
    return undefined;
  }

  private store(name: string, value: string, ttlMs: number): void {
    const item = { value, expiresAt: this.now() + ttlMs };
    this.items.set(name, item);
    this.changed(name, item);
    this.sweep();
  }

  /** Forgets expired items, a few with each write. */
  private sweep(): void {
    const now = this.now();
    for (const [name, { expiresAt }] of this.sweeping.next(SWEPT_PER_WRITE)) {
      if (expiresAt <= now) this.items.delete(name);
    }
  }
}

/** One character per byte makes of keys and values a text that a map can hold. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function holds(condition: Condition, stored: string | undefined): boolean {
  switch (condition.if) {
    case 'present':
      return stored !== undefined;
    case 'absent':
      return stored === undefined;
    case 'equal':
      return stored === textOf(condition.value);
    case 'not_equal':
      return stored !== textOf(condition.value);
    case 'present_and_not_equal':
      return stored !== undefined && stored !== textOf(condition.value);
    case 'absent_or_equal':
      return stored === undefined || stored === textOf(condition.value);
  }
}

function parseInt64(text: string): bigint {
  const number = /^[+-]?\d{1,20}$/.test(text) ? BigInt(text.replace('+', '')) : undefined;
  if (number === undefined || number > MAX_INT64 || number < MIN_INT64) {
    throw new NotANumberError('failed to parse value into long'); // Momento's own words
  }
  return number;
}
