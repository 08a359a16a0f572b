import type { Clock } from '../../step-functions';

export interface ManualClock extends Clock {
  /** Delays that somebody waits for, in milliseconds from now, the next one first. */
  readonly pending: number[];
  /** Resolves once so many things are waited for. @default - one */
  waiting(count?: number): Promise<void>;
  /** Lets time pass, and whatever it lets happen happen. */
  advance(ms: number): Promise<void>;
}

/** A clock that stands until it is advanced. */
export function manualClock(): ManualClock {
  let now = Date.UTC(2026, 0, 1);
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    now: () => now,
    get pending() {
      return Array.from(timers, ({ at }) => at - now).sort((a, b) => a - b);
    },
    after(delayMs, callback) {
      const timer = { at: now + delayMs, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async waiting(count = 1) {
      do await turn();
      while (timers.size < count);
    },
    async advance(ms) {
      now += ms;
      for (const timer of [...timers].sort((a, b) => a.at - b.at)) {
        if (timer.at > now || !timers.delete(timer)) continue;
        timer.callback();
      }
      await turn();
    },
  };
}
