import { MAX_COUNTER, NotAppliedError } from '../counter-store';
import {
  clockSeconds,
  type KeyedIncrement,
  type KeyedOutcome,
  keptSeconds,
  keyHash,
  slackSeconds,
} from '../keyed-increment';
import { type Counters, counterText } from './counter-items';
import { ATTEMPTS_MS, FIRST_PAUSE_MS, LONGEST_PAUSE_MS, REAL_TIMING, type Timing, youngKeys } from './strategies';

/**
 * Increments a counter with an idempotency key, by compare-and-set: the item is read, and the counter is written with its
 * keys if the item is still, byte by byte, the one that was read. Each increment changes it, so a write that comes late, a
 * copy of one, and all that others have counted meanwhile are seen by the comparison.
 *
 * The clock is looked at after reading, so that a call that was stopped in between can't take a forgotten key for a new one.
 * What Momento itself forgets, by eviction or after 24 hours, the counter among it, no key outlives.
 *
 * @throws NotAppliedError when other calls were faster until the time was up
 */
export async function incrementKeyed(
  counters: Counters,
  increment: KeyedIncrement,
  { now: milliseconds, pause, random }: Timing = REAL_TIMING,
): Promise<KeyedOutcome> {
  const { max = String(MAX_COUNTER), sentAt, windowSeconds, cap, now = clockSeconds } = increment;
  const hash = keyHash(increment.key);
  const end = milliseconds() + ATTEMPTS_MS;
  let conflicts = 0;
  for (let bound = FIRST_PAUSE_MS; ; bound = Math.min(2 * bound, LONGEST_PAUSE_MS)) {
    const found = await counters.read();
    const clock = now();
    const known = found?.keys.find((key) => key.hash === hash);
    if (known) return { status: 'replayed', counter: known.value };
    if (sentAt < clock - slackSeconds(windowSeconds)) return { status: 'late' };
    const before = found?.counter ?? 0;
    if (before >= Number(max)) return { status: 'limit-reached', counter: before };
    const young = found ? youngKeys(found, clock) : [];
    if (young.length >= cap) return { status: 'full' };
    if (milliseconds() > end) break;
    const counter = before + 1;
    const text = counterText(counter, [...young, { hash, until: clock + keptSeconds(windowSeconds), value: counter }]);
    if (await (found ? counters.setIfEqual(text, found.text) : counters.setIfAbsent(text))) {
      return { status: 'incremented', counter, ...(conflicts > 0 && { conflicts }) };
    }
    conflicts += 1;
    await pause(random() * bound);
  }
  throw new NotAppliedError('momento: other increments of this counter were faster');
}
