/** Who can hold locks: a transaction. Its id is all that a slot needs to know. */
export interface LockOwner {
  readonly id: number;
}

/** The table to which an index belongs. */
export interface IndexOwner {
  readonly database: string;
  readonly name: string;
}

interface Version<V> {
  readonly timestamp: number;
  readonly value: V | undefined;
}

/**
 * One key of an index: what is committed under it, what its lock's owner has written, and older versions for the
 * snapshots that still need them. `undefined` means that there is nothing under the key.
 */
export class Slot<V> {
  committed: V | undefined;
  /** When `committed` was committed. */
  timestamp = 0;
  owner: LockOwner | undefined;
  /** What the owner has written, if `isWritten`. */
  pending: V | undefined;
  isWritten = false;
  /** Older versions, oldest first. */
  versions: Version<V>[] = [];
  /** Called, first come first served, when the lock becomes free. */
  readonly waiters: (() => void)[] = [];

  constructor(
    readonly key: string,
    private readonly index: Map<string, Slot<V>>,
    readonly table: IndexOwner | undefined,
  ) {}

  /** What `reader` sees now: its own writes, otherwise what is committed. */
  current(reader: LockOwner): V | undefined {
    return this.isWritten && this.owner === reader ? this.pending : this.committed;
  }

  /** What `reader` sees in a snapshot: its own writes, otherwise the last version up to `timestamp`. */
  asOf(timestamp: number, reader: LockOwner): V | undefined {
    if (this.isWritten && this.owner === reader) return this.pending;
    if (this.timestamp <= timestamp) return this.committed;
    return this.versions.findLast((version) => version.timestamp <= timestamp)?.value;
  }

  /** @param keepOld whether a snapshot may still ask for the version before */
  commit(timestamp: number, keepOld: boolean): void {
    if (!this.isWritten) return;
    if (keepOld) this.versions.push({ timestamp: this.timestamp, value: this.committed });
    this.committed = this.pending;
    this.timestamp = timestamp;
    this.discard();
  }

  discard(): void {
    this.pending = undefined;
    this.isWritten = false;
  }

  /** Leaves the index when nothing is left to remember. */
  forgetIfEmpty(): void {
    if (
      this.committed === undefined &&
      this.owner === undefined &&
      this.versions.length === 0 &&
      this.waiters.length === 0
    ) {
      if (this.index.get(this.key) === this) this.index.delete(this.key);
    }
  }
}

/** A unique index: the primary one maps a key to its row, a secondary one to the row's primary key. */
export class Index<V> {
  private readonly slots = new Map<string, Slot<V>>();

  /** @param table whose rows these are; undefined for a secondary index, which follows from them */
  constructor(private readonly table?: IndexOwner) {}

  find(key: string): Slot<V> | undefined {
    return this.slots.get(key);
  }

  /** The slot of `key`, made where there is none: also a missing key can be locked. */
  at(key: string): Slot<V> {
    let slot = this.slots.get(key);
    if (slot === undefined) {
      slot = new Slot(key, this.slots, this.table);
      this.slots.set(key, slot);
    }
    return slot;
  }

  all(): Iterable<Slot<V>> {
    return this.slots.values();
  }
}
