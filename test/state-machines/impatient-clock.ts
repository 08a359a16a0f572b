import { type Clock, systemClock } from 'template-runtime/clock';

/** A clock by which the pauses before repetitions are over at once; the timeouts of tasks and executions never are. */
export const impatientClock: Clock = {
  ...systemClock,
  after(delayMs, callback) {
    if (delayMs >= 4000) return () => undefined;
    const soon = setImmediate(callback);
    return () => clearImmediate(soon);
  },
};
