import type { Load } from '../report/comparison';
import { startMetronome } from './metronome';

/** What a loop sends, and until when. */
export interface Calls {
  /** Whether another call may be sent. */
  mayBegin(plannedAt: number): boolean;
  /** Sends one. @returns when it has been answered */
  make(client: number, plannedAt: number): Promise<void>;
}

/** A loop that is ready to begin. */
export interface Loop {
  /**
   * Sends calls as long as they may begin, and waits for their answers.
   *
   * @throws TooManyOpenError where an open loop has more calls open than it may
   */
  run(calls: Calls): Promise<void>;
  close(): Promise<void>;
}

export function prepareLoop(load: Load, maxOpen: number): Promise<Loop> {
  return load.kind === 'closed'
    ? Promise.resolve(closedLoop(load.concurrency))
    : prepareOpenLoop(load.ratePerSecond, maxOpen);
}

/** Each of so many callers waits for its answer before it calls again. */
function closedLoop(concurrency: number): Loop {
  const caller = async ({ mayBegin, make }: Calls, client: number): Promise<void> => {
    for (let now = performance.now(); mayBegin(now); now = performance.now()) await make(client, now);
  };
  return {
    async run(calls) {
      await Promise.all(Array.from({ length: concurrency }, (_, client) => caller(calls, client)));
    },
    close: () => Promise.resolve(),
  };
}

/** Sends calls at planned times, evenly spaced: whatever is due, however many are still open. */
async function prepareOpenLoop(ratePerSecond: number, maxOpen: number): Promise<Loop> {
  const metronome = await startMetronome(ratePerSecond);
  return {
    async run({ mayBegin, make }) {
      const open = new Set<Promise<void>>();
      const idle: number[] = [];
      const began = metronome.start();
      const plannedAt = (call: number): number => began + (call * 1000) / ratePerSecond;

      for (let call = 0; mayBegin(plannedAt(call)); await metronome.next()) {
        const now = performance.now();
        for (; plannedAt(call) <= now && mayBegin(plannedAt(call)); call += 1) {
          if (open.size === maxOpen) throw new TooManyOpenError(maxOpen, ratePerSecond);
          const client = idle.pop() ?? open.size;
          const made = make(client, plannedAt(call)).then(() => {
            open.delete(made);
            idle.push(client);
          });
          open.add(made);
        }
      }
      await Promise.all(open);
    },
    close: () => metronome.close(),
  };
}

/** The system is further behind than a generator can follow. */
export class TooManyOpenError extends Error {
  override readonly name = 'TooManyOpenError';

  constructor(maxOpen: number, ratePerSecond: number) {
    super(`${maxOpen} calls were open at once: the system doesn't keep up with ${ratePerSecond} a second`);
  }
}
