import { type CounterStore, MAX_COUNTER, type Operation } from '../counter-store';
import type { SharedClient } from '../shared-client';
import type { DocdbClient } from './client';
import { type InTime, startDeadline } from './deadline';
import { isClientDoubtful, translateDocdbError } from './errors';
import { increment } from './increment';
import { incrementKeyed } from './keyed';
import { findCounter } from './read';

/** Counters in DocumentDB, each a document `{counter_id, atomic_counter}`, with idempotency keys beside it in `keys`. */
export function docdbCounterStore(client: SharedClient<DocdbClient>): CounterStore {
  const send = <Answer>(
    operation: Operation,
    command: (client: DocdbClient, inTime: InTime) => Promise<Answer>,
  ): Promise<Answer> =>
    client.use(async (connected) => {
      try {
        return await command(connected, startDeadline(operation));
      } catch (error) {
        if (isClientDoubtful(error)) client.retire(connected);
        throw translateDocdbError(error, operation);
      }
    });

  return {
    increment: (id, { max = String(MAX_COUNTER) } = {}) =>
      send('increment', (connected, inTime) => increment(connected, id, max, inTime)),
    incrementKeyed: (id, keyed) =>
      send('increment', (connected, inTime) => incrementKeyed(connected, id, keyed, inTime)),
    read: (id) => send('read', async (connected, inTime) => (await inTime(findCounter(connected, id))) ?? 0),
    close: () => client.close(),
  };
}
