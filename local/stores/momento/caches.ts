import { Cache } from './cache';

/** The caches of the account, by name. */
export class Caches {
  private readonly byName = new Map<string, Cache>();

  constructor(
    private readonly now: () => number,
    names: readonly string[],
  ) {
    for (const name of names) this.create(name);
  }

  get(name: string): Cache | undefined {
    return this.byName.get(name);
  }

  names(): string[] {
    return [...this.byName.keys()];
  }

  /** @returns whether it was made; false where there is one of that name */
  create(name: string): boolean {
    if (this.byName.has(name)) return false;
    this.byName.set(name, new Cache(this.now));
    return true;
  }

  /** @returns whether there was one */
  delete(name: string): boolean {
    return this.byName.delete(name);
  }
}
