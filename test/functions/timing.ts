import type { Timing } from '../../functions/compare-and-set';

/** A clock that pauses and reads move on, and no chance. */
export function startTiming(readMs = 0): Timing & { readonly pauses: number[]; read(): void } {
  const pauses: number[] = [];
  let ms = 0;
  return {
    pauses,
    read: () => (ms += readMs),
    now: () => ms,
    pause: (pauseMs) => {
      pauses.push(pauseMs);
      ms += pauseMs;
      return Promise.resolve();
    },
    random: () => 1,
  };
}
