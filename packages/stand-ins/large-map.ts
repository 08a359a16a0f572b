/** How many parts a map by text has; how many numbers in a row are in one part of a map by number. */
const PARTS = 1024;

/** Characters of a key that tell its part: the last ones, as clients count at the end of their keys. */
const HASHED = 128;

/**
 * A map that stays quick while it gets large. A `Map` that is full moves all that it has into one of twice the size before it
 * takes another key: with a million keys everybody waits for tens of milliseconds. Here the keys are in many small ones, which
 * grow one at a time.
 */
export class LargeMap<Key, Value> {
  /** By their numbers; those that are empty aren't there, so that going round a few entries is short. */
  readonly #parts = new Map<number, Map<Key, Value>>();
  #size = 0;

  private constructor(private readonly partOf: (key: Key) => number) {}

  /** A map in no particular order. */
  static byText<Value>(): LargeMap<string, Value> {
    return new LargeMap((key) => hash(key) % PARTS);
  }

  /** A map in the order of its numbers, from 0 on, where they are first put in that order. */
  static byNumber<Value>(): LargeMap<number, Value> {
    return new LargeMap((key) => Math.floor(key / PARTS));
  }

  get size(): number {
    return this.#size;
  }

  get(key: Key): Value | undefined {
    return this.#parts.get(this.partOf(key))?.get(key);
  }

  has(key: Key): boolean {
    return this.#parts.get(this.partOf(key))?.has(key) ?? false;
  }

  /** @returns whether the key is new */
  set(key: Key, value: Value): boolean {
    const number = this.partOf(key);
    const known = this.#parts.get(number);
    const part = known ?? new Map<Key, Value>();
    if (!known) this.#parts.set(number, part);
    const before = part.size;
    part.set(key, value);
    const isNew = part.size > before;
    if (isNew) this.#size += 1;
    return isNew;
  }

  /** @returns whether it was there */
  delete(key: Key): boolean {
    const number = this.partOf(key);
    const part = this.#parts.get(number);
    if (part?.delete(key) !== true) return false;
    this.#size -= 1;
    if (part.size === 0) this.#parts.delete(number);
    return true;
  }

  clear(): void {
    this.#parts.clear();
    this.#size = 0;
  }

  *keys(): Generator<Key> {
    for (const part of this.#parts.values()) yield* part.keys();
  }

  *values(): Generator<Value> {
    for (const part of this.#parts.values()) yield* part.values();
  }

  *[Symbol.iterator](): Generator<[Key, Value]> {
    for (const part of this.#parts.values()) yield* part;
  }
}

/** FNV-1a. Source: https://datatracker.ietf.org/doc/html/draft-eastlake-fnv */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let at = Math.max(0, text.length - HASHED); at < text.length; at += 1) {
    sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  }
  return sum >>> 0;
}

/** Goes round a map, some entries at a time, for work that is not to be done at once. What is put in meanwhile is met as well. */
export class Rounds<Key, Value> {
  #entries: Generator<[Key, Value]> | undefined;

  constructor(private readonly map: LargeMap<Key, Value>) {}

  /** The next entries: at most so many, and none beyond the end of a round. */
  *next(most: number): Generator<[Key, Value]> {
    this.#entries ??= this.map[Symbol.iterator]();
    for (let count = 0; count < most; count += 1) {
      const { value, done } = this.#entries.next() as IteratorResult<[Key, Value], undefined>;
      if (done || value === undefined) {
        this.#entries = undefined;
        return;
      }
      yield value;
    }
  }
}
