/** Time, as an execution sees it: tests pass their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once after `delayMs`; the returned function cancels. */
  after(delayMs: number, callback: () => void): () => void;
}

/** Node's timers count in 32 bits: a longer delay would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's own time. Timers don't keep the process alive: an open server does. */
export const systemClock: Clock = {
  now: Date.now,
  after(delayMs, callback) {
    let timer: NodeJS.Timeout;
    const arm = (leftMs: number): void => {
      const next = leftMs > LONGEST_TIMER_MS ? () => arm(leftMs - LONGEST_TIMER_MS) : callback;
      timer = setTimeout(next, Math.min(leftMs, LONGEST_TIMER_MS)).unref();
    };
    arm(Math.max(0, delayMs)); // Node warns of less
    return () => clearTimeout(timer);
  },
};
