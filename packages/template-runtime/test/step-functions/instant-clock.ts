import type { Clock } from '../../step-functions';

/** A clock on which every delay passes at once; `delays` tells what was asked for, in milliseconds. */
export function instantClock(): Clock & { readonly delays: number[] } {
  const delays: number[] = [];
  let now = Date.UTC(2026, 0, 1);
  return {
    delays,
    now: () => now,
    after(delayMs, callback) {
      // A limit on an execution's or a task's time is a delay too: it must not pass before the work is done.
      delays.push(delayMs);
      const handle = setImmediate(() => {
        now += delayMs;
        callback();
      });
      return () => clearImmediate(handle);
    },
  };
}
