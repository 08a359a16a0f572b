import { LargeMap } from '../../large-map';

/** The items under each key. Most keys have one, which then costs no set. */
export class IndexEntries<Item extends object> {
  private readonly byKey = LargeMap.byText<Item | Set<Item>>();

  get(key: string): Iterable<Item> {
    const found = this.byKey.get(key);
    return found === undefined ? [] : found instanceof Set ? found : [found];
  }

  /** @returns an item under the key other than the given one */
  other(key: string, item: Item | undefined): Item | undefined {
    for (const found of this.get(key)) if (found !== item) return found;
    return undefined;
  }

  /** Adds the only item of a key. @returns whether there was none before */
  addOnly(key: string, item: Item): boolean {
    return this.byKey.set(key, item);
  }

  add(key: string, item: Item): void {
    const found = this.byKey.get(key);
    if (found === undefined) this.byKey.set(key, item);
    else if (found instanceof Set) found.add(item);
    else this.byKey.set(key, new Set([found, item]));
  }

  delete(key: string, item: Item): void {
    const found = this.byKey.get(key);
    if (found === item) this.byKey.delete(key);
    else if (found instanceof Set && found.delete(item) && found.size === 0) this.byKey.delete(key);
  }
}
