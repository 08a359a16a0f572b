import { compareAndSet, type Timing, type Write } from '../compare-and-set';
import type { KeyedIncrement, KeyedOutcome } from '../keyed-increment';
import { applyKeyed } from '../keyed-counter';
import { type Counters, counterText } from './counter-items';
import { momentoErrors } from './errors';

/**
 * Increments a counter with an idempotency key, by compare-and-set: the counter is written with its keys if the item is
 * still, byte by byte, the one that was read. Each increment changes it, so the comparison detects a write that comes
 * late, a copy of one, and whatever others have counted meanwhile.
 *
 * A key lives no longer than the item, which Momento may evict.
 *
 * @throws NotAppliedError when other calls were faster until time ran out
 */
export function incrementKeyed(counters: Counters, increment: KeyedIncrement, timing?: Timing): Promise<KeyedOutcome> {
  const read = async (): Promise<KeyedOutcome | Write> => {
    const found = await counters.read();
    const next = applyKeyed(found ?? { counter: 0, keys: [] }, increment);
    if ('status' in next) return next;
    const text = counterText(next);
    const store = (): Promise<boolean> => (found ? counters.setIfEqual(text, found.text) : counters.setIfAbsent(text));
    return { counter: next.counter, store };
  };
  return compareAndSet(momentoErrors, read, timing);
}
