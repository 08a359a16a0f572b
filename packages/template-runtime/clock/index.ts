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
    if (delayMs > LONGEST_TIMER_MS) return afterLong(delayMs, callback);
    const timer = setTimeout(callback, Math.max(0, delayMs)).unref(); // Node warns of less
    return () => clearTimeout(timer);
  },
};

function afterLong(delayMs: number, callback: () => void): () => void {
  let cancel = systemClock.after(LONGEST_TIMER_MS, () => {
    cancel = systemClock.after(delayMs - LONGEST_TIMER_MS, callback);
  });
  return () => cancel();
}
