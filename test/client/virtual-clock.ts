import type { Clock } from '../../client/src/clock';

export interface VirtualClock extends Clock {
  /** Milliseconds since it began. */
  readonly now: number;
  /** The pauses that were asked for. */
  readonly pauses: readonly number[];
  advance(ms: number): void;
  /** Lets the attempt under way run out of time. */
  expire(): void;
}

/** When it begins. */
export const BEGIN = Date.parse('2026-01-01T00:00:00Z');

/** A clock on which pauses take no time, and an attempt runs out when a test says so. */
export function virtualClock(): VirtualClock {
  let now = 0;
  let attempt: { ms: number; expire: () => void } | undefined;
  const pauses: number[] = [];
  return {
    get now() {
      return now;
    },
    pauses,
    advance: (ms) => void (now += ms),
    expire() {
      now += attempt?.ms ?? 0;
      attempt?.expire();
    },
    stopwatch() {
      const begin = now;
      return () => now - begin;
    },
    date: () => BEGIN + now,
    wait(ms) {
      pauses.push(ms);
      now += ms;
      return Promise.resolve();
    },
    timeout(ms, expire) {
      attempt = { ms, expire };
      return () => (attempt = undefined);
    },
  };
}
