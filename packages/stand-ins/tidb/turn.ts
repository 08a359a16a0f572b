import { SqlError } from './errors';

/**
 * Whose transaction is open. There is one at a time: from its first statement that reads or writes a table to its end, all
 * others' statements wait.
 */
export class Turn {
  holder: object | undefined;
  private waiters: (() => void)[] = [];

  isFreeFor(owner: object): boolean {
    return this.holder === undefined || this.holder === owner;
  }

  /** Ends a transaction's turn: all that wait try again, in the order in which they came. */
  release(owner: object): void {
    if (this.holder !== owner) return;
    this.holder = undefined;
    for (const wake of this.waiters.splice(0)) wake();
  }

  /**
   * Waits until a transaction ends.
   *
   * @param timeoutMs how long at most, in milliseconds
   * @param cancelled aborted when the client goes away
   * @throws SqlError 1205 when the time is over, 1317 when cancelled
   */
  async freed(timeoutMs: number, cancelled: AbortSignal): Promise<void> {
    const timeout = AbortSignal.any([cancelled, AbortSignal.timeout(timeoutMs)]);
    await new Promise<void>((resolve) => {
      this.waiters.push(resolve);
      timeout.addEventListener('abort', () => resolve());
    });
    if (cancelled.aborted) throw new SqlError(1317, 'Query execution was interrupted');
    if (timeout.aborted) throw new SqlError(1205, 'Lock wait timeout exceeded; try restarting transaction');
  }
}
