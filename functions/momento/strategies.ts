import { compareAndSet, type Timing, type Write } from '../compare-and-set';
import { hasRoom, type Outcome } from '../counter-store';
import { youngKeys } from '../keyed-counter';
import { clockSeconds } from '../keyed-increment';
import { type Counters, counterText, type Found } from './counter-items';
import { momentoErrors } from './errors';

/** The strategies for incrementing below a limit. */
export const MOMENTO_STRATEGIES = ['compare-and-set', 'set-if-not-equal'] as const;

/**
 * `compare-and-set` is exact. `set-if-not-equal` is the textbook version: it increments on the client and stores the
 * result unless the counter is at the limit; calls at the same time overwrite each other's values, so it loses updates.
 */
export type MomentoStrategy = (typeof MOMENTO_STRATEGIES)[number];

/**
 * Adds `by` to a counter if there is room for it up to `max`.
 *
 * @throws NotAppliedError when other calls were faster until time ran out
 */
export function incrementBelow(
  counters: Counters,
  { max, by }: { readonly max: number; readonly by: number },
  strategy: MomentoStrategy,
  timing?: Timing,
): Promise<Outcome> {
  const read = async (): Promise<Outcome | Write> => {
    const found = await counters.read();
    if (found !== undefined && !hasRoom(found.counter, by, max)) return limitReached(found);
    const counter = (found?.counter ?? 0) + by;
    return { counter, store: () => store(counters, strategy, counter, found, String(max)) };
  };
  return compareAndSet(momentoErrors, read, timing);
}

/** A value beyond 2^53−1 isn't returned: no counter gets there. */
function limitReached({ text, counter }: Found): Outcome {
  return Number.parseInt(text, 10) > counter ? { status: 'limit-reached' } : { status: 'limit-reached', counter };
}

function store(
  counters: Counters,
  strategy: MomentoStrategy,
  counter: number,
  found: Found | undefined,
  max: string,
): Promise<boolean> {
  if (found === undefined) return counters.setIfAbsent(String(counter));
  // No strategy overwrites idempotency keys: their calls have been promised to count once.
  if (strategy === 'compare-and-set' || found.keys.length > 0) {
    const text = counterText({ counter, keys: youngKeys(found.keys, clockSeconds()) });
    return counters.setIfEqual(text, found.text);
  }
  return counters.setIfPresentAndNotEqual(String(counter), max);
}
