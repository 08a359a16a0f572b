/** States of models and what they are made of never change: the text of each object is made once. */
const texts = new WeakMap<object, string>();

/** JSON, by which two values are the same. */
export function jsonOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  const known = texts.get(value) ?? JSON.stringify(value);
  texts.set(value, known);
  return known;
}

export function isSame(one: unknown, other: unknown): boolean {
  return one === other || jsonOf(one) === jsonOf(other);
}

/** Calls and writes are told apart by what they are, not by their place. */
export function sorted<Item>(items: readonly Item[]): Item[] {
  return [...items].sort((a, b) => (jsonOf(a) < jsonOf(b) ? -1 : 1));
}

export function distinct<Item>(items: readonly Item[]): Item[] {
  return [...new Map(items.map((item) => [jsonOf(item), item])).values()];
}
