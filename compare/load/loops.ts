import { setTimeout as sleep } from 'node:timers/promises';

/** What a loop sends, and until when. */
export interface Calls {
  /** Whether another call may be sent. */
  mayBegin(plannedAt: number): boolean;
  /** Sends one. @returns when it has been answered */
  make(client: number, plannedAt?: number): Promise<void>;
}

/** Each of so many callers waits for its answer before it calls again. */
export async function closedLoop(calls: Calls, concurrency: number): Promise<void> {
  await Promise.all(
    Array.from({ length: concurrency }, async (_, client) => {
      while (calls.mayBegin(performance.now())) await calls.make(client);
    }),
  );
}

/**
 * Sends calls at planned times, evenly spaced: whatever is due, however many are still open.
 *
 * @throws TooManyOpenError instead of sending one more than `maxOpen`
 */
export async function openLoop(calls: Calls, ratePerSecond: number, maxOpen: number): Promise<void> {
  const open = new Set<Promise<void>>();
  const idle: number[] = [];
  const began = performance.now();
  const plannedAt = (call: number): number => began + (call * 1000) / ratePerSecond;

  for (let call = 0; calls.mayBegin(plannedAt(call));) {
    const now = performance.now();
    for (; plannedAt(call) <= now && calls.mayBegin(plannedAt(call)); call += 1) {
      if (open.size === maxOpen) throw new TooManyOpenError(maxOpen, ratePerSecond);
      const client = idle.pop() ?? open.size;
      const made = calls.make(client, plannedAt(call)).then(() => {
        open.delete(made);
        idle.push(client);
      });
      open.add(made);
    }
    await sleep(Math.max(0, plannedAt(call) - performance.now()));
  }
  await Promise.all(open);
}

/** The system is further behind than a generator can follow. */
export class TooManyOpenError extends Error {
  override readonly name = 'TooManyOpenError';

  constructor(maxOpen: number, ratePerSecond: number) {
    super(`${maxOpen} calls were open at once: the system doesn't keep up with ${ratePerSecond} a second`);
  }
}
