import { SqlError } from '../sql-error';
import type { LockOwner, Slot } from './slot';

/** What transactions share: the clock of commits and which snapshots are open. */
export class TransactionLog {
  timestamp = 0;
  readonly open = new Set<Transaction>();
  /** Slots with versions that only open snapshots need. */
  readonly versioned = new Set<Slot<unknown>>();
  /** Told of the slots that a transaction has written, when it commits. */
  onCommit: ((written: readonly Slot<unknown>[]) => void) | undefined;
  private nextId = 1;

  /** @param keepSnapshot whether later reads of the transaction see the state of now */
  begin(keepSnapshot: boolean): Transaction {
    const transaction = new Transaction(this.nextId++, this, keepSnapshot ? this.timestamp : undefined);
    if (keepSnapshot) this.open.add(transaction);
    return transaction;
  }
}

/** A statement needs a lock that another transaction holds: undo the statement, wait, and carry it out anew. */
export class LockConflict extends Error {
  override readonly name = 'LockConflict';

  constructor(readonly slot: Slot<unknown>) {
    super(`the row '${slot.key}' is locked`);
  }
}

interface Undo {
  readonly slot: Slot<unknown>;
  readonly pending: unknown;
  readonly isWritten: boolean;
}

/**
 * Locks and writes that end together, as TiDB's pessimistic transactions do: writes and FOR UPDATE lock keys and act on
 * the latest committed data, other reads see the snapshot of the begin.
 *
 * @see https://docs.pingcap.com/tidb/stable/pessimistic-transaction
 */
export class Transaction implements LockOwner {
  /** The lock that it waits for. */
  waitingFor: Slot<unknown> | undefined;
  private readonly locks: Slot<unknown>[] = [];
  private readonly undo: Undo[] = [];

  /** @param snapshot undefined where reads see the latest committed data */
  constructor(
    readonly id: number,
    private readonly log: TransactionLog,
    readonly snapshot: number | undefined,
  ) {}

  /** What a plain SELECT sees. */
  read<V>(slot: Slot<V>): V | undefined {
    return this.snapshot === undefined ? slot.current(this) : slot.asOf(this.snapshot, this);
  }

  /** @throws LockConflict when another transaction holds the lock */
  lock<V>(slot: Slot<V>): void {
    if (slot.owner === this) return;
    if (slot.owner !== undefined) throw new LockConflict(slot);
    slot.owner = this;
    this.locks.push(slot);
  }

  /** Writes under the lock; `undefined` deletes. @throws LockConflict */
  write<V>(slot: Slot<V>, value: V | undefined): void {
    this.lock(slot);
    this.undo.push({ slot: slot, pending: slot.pending, isWritten: slot.isWritten });
    slot.pending = value;
    slot.isWritten = true;
  }

  /** A point to which `undoTo` returns. */
  mark(): number {
    return this.undo.length;
  }

  /** Takes back the writes since `mark`; the locks stay. */
  undoTo(mark: number): void {
    while (this.undo.length > mark) {
      const entry = this.undo.pop();
      if (entry === undefined) return;
      entry.slot.pending = entry.pending;
      entry.slot.isWritten = entry.isWritten;
    }
  }

  commit(): void {
    this.log.open.delete(this);
    this.log.onCommit?.(this.locks.filter(({ isWritten }) => isWritten));
    const timestamp = ++this.log.timestamp;
    const keepOld = this.log.open.size > 0;
    for (const slot of this.locks) {
      slot.commit(timestamp, keepOld);
      if (keepOld && slot.versions.length > 0) this.log.versioned.add(slot);
    }
    this.release();
  }

  rollback(): void {
    this.log.open.delete(this);
    for (const slot of this.locks) slot.discard();
    this.release();
  }

  private release(): void {
    this.undo.length = 0;
    if (this.log.open.size === 0 && this.log.versioned.size > 0) {
      for (const slot of this.log.versioned) {
        slot.versions = [];
        slot.forgetIfEmpty();
      }
      this.log.versioned.clear();
    }
    for (const slot of this.locks.splice(0)) {
      slot.owner = undefined;
      wakeNext(slot);
      slot.forgetIfEmpty();
    }
  }

  /**
   * Waits for a lock.
   *
   * @param deadlineMs how long at most, in milliseconds
   * @param cancelled aborted when the client goes away
   * @throws SqlError 1213 for a deadlock (the caller rolls back), 1205 when the time is over
   */
  async waitFor(slot: Slot<unknown>, deadlineMs: number, cancelled: AbortSignal): Promise<void> {
    if (slot.owner === undefined) return;
    if (this.isAwaitedBy(slot.owner)) {
      throw new SqlError(1213, 'Deadlock found when trying to get lock; try restarting transaction');
    }
    this.waitingFor = slot;
    try {
      await lockFreed(slot, deadlineMs, cancelled);
    } finally {
      this.waitingFor = undefined;
    }
  }

  private isAwaitedBy(owner: LockOwner): boolean {
    let holder: LockOwner | undefined = owner;
    while (holder instanceof Transaction && holder.waitingFor !== undefined) {
      holder = holder.waitingFor.owner;
      if (holder === this) return true;
    }
    return false;
  }
}

/** Lets the next one in the queue try, if the lock is free. */
export function wakeNext(slot: Slot<unknown>): void {
  if (slot.owner === undefined) slot.waiters.shift()?.();
}

function lockFreed(slot: Slot<unknown>, deadlineMs: number, cancelled: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      clearTimeout(timer);
      cancelled.removeEventListener('abort', giveUp);
      const place = slot.waiters.indexOf(wake);
      if (place >= 0) slot.waiters.splice(place, 1);
      slot.forgetIfEmpty();
    };
    const wake = () => {
      leave();
      resolve();
    };
    const giveUp = () => {
      leave();
      reject(new SqlError(1317, 'Query execution was interrupted'));
    };
    const timer = setTimeout(() => {
      leave();
      reject(new SqlError(1205, 'Lock wait timeout exceeded; try restarting transaction'));
    }, deadlineMs);
    slot.waiters.push(wake);
    cancelled.addEventListener('abort', giveUp);
  });
}
