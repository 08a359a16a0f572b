import type { Clock } from '../../step-functions';

/** The time that an Express execution has, which every one of them is given. */
const EXPRESS_LIMIT_MS = 300_000;

/**
 * A clock on which every delay passes at once, but the limit of an Express execution never. `delays` tells what was asked for,
 * in milliseconds.
 */
export function instantClock(): Clock & { readonly delays: number[] } {
  const delays: number[] = [];
  let now = Date.UTC(2026, 0, 1);
  return {
    delays,
    now: () => now,
    after(delayMs, callback) {
      // Any other limit on an execution's or a task's time is a delay too: it must not pass before the work is done.
      delays.push(delayMs);
      if (delayMs === EXPRESS_LIMIT_MS) return () => undefined;
      const handle = setImmediate(() => {
        now += delayMs;
        callback();
      });
      return () => clearImmediate(handle);
    },
  };
}
