/** How long executions may keep the event loop to themselves before sockets and timers get their turn. */
const LONGEST_TURN_MS = 5;

/**
 * Lets the event loop breathe: states that wait for nothing follow each other without ever leaving the loop's current
 * turn, and a loop of them would stall every socket.
 */
export class Turn {
  #startedMs: number | undefined;

  /** A promise to wait for when this turn has lasted long enough, else undefined. */
  pause(): Promise<void> | undefined {
    if (this.#startedMs === undefined) {
      this.#startedMs = performance.now();
      setImmediate(() => (this.#startedMs = undefined));
      return undefined;
    }
    if (performance.now() - this.#startedMs < LONGEST_TURN_MS) return undefined;
    return new Promise((resolve) => setImmediate(resolve));
  }
}
