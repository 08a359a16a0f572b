import { type CounterStore, MAX_COUNTER, type Outcome } from './counter-store';
import { startDeadline } from './deadline';
import type { KeyedIncrement, KeyedOutcome } from './keyed-increment';
import type { StoreErrors } from './store-errors';

/**
 * Makes a store tell what a counter holds that had no room for a step: there may be room for a shorter one, except after
 * a step of one, which is passed on as it is.
 *
 * A step above the limit is refused whatever the counter holds. Without a key it isn't even sent: the counter is read.
 *
 * @param store its increments without a key are only asked for steps up to the limit
 */
export function withSteps(store: CounterStore, errors: StoreErrors): CounterStore {
  /** Reads the counter after a refusal, in what is left of the call's time: if that fails, the refusal stands. */
  const tellCounter = async <Ended extends KeyedOutcome>(
    id: string,
    increment: () => Promise<Ended>,
  ): Promise<Ended | Outcome> => {
    const inTime = startDeadline(errors, 'increment');
    const ended = await increment();
    if (ended.status !== 'limit-reached' || ended.counter !== undefined) return ended;
    const counter = await inTime(store.read(id)).catch(() => undefined);
    return counter === undefined ? ended : { status: 'limit-reached', counter };
  };
  const readAlone = (id: string): Promise<number> =>
    store.read(id).catch((error: unknown) => {
      throw errors.unwritten(error);
    });

  return {
    ...store,
    increment: async (id, options = {}) => {
      const { max, by = 1 } = options;
      if (by === 1) return store.increment(id, options);
      if (by > Number(max ?? MAX_COUNTER)) return { status: 'limit-reached', counter: await readAlone(id) };
      return tellCounter(id, () => store.increment(id, options));
    },
    incrementKeyed: (id, increment: KeyedIncrement) =>
      (increment.by ?? 1) === 1
        ? store.incrementKeyed(id, increment)
        : tellCounter(id, () => store.incrementKeyed(id, increment)),
  };
}
