/** The time, as the client sees it. */
export interface Clock {
  /** Starts to measure; gives the milliseconds since, also those that the machine slept. */
  stopwatch(): () => number;
  /** Milliseconds since 1970, for dates in headers. */
  date(): number;
  /** Resolves after `ms`, or as soon as `signal` aborts. */
  wait(ms: number, signal: AbortSignal | undefined): Promise<void>;
  /** Calls `expire` after `ms`, unless cancelled by what it returns. */
  timeout(ms: number, expire: () => void): () => void;
}

/**
 * The machine's clocks. `performance.now()` stands still while most machines sleep, and `Date.now()` can be set back: the
 * later of the two is never too early, so that no attempt is sent after the deadline.
 *
 * Source: https://developer.mozilla.org/en-US/docs/Web/API/Performance/now#ticking_during_sleep
 */
export const systemClock: Clock = {
  stopwatch() {
    const [steady, date] = [performance.now(), Date.now()];
    return () => Math.max(performance.now() - steady, Date.now() - date);
  },
  date: () => Date.now(),
  wait: (ms, signal) =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal?.addEventListener('abort', end);
    }),
  timeout(ms, expire) {
    const timer = setTimeout(expire, ms);
    return () => clearTimeout(timer);
  },
};
