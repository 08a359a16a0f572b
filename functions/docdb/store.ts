import { type CounterStore, MAX_COUNTER, type Operation } from '../counter-store';
import { type InTime, startDeadline } from '../deadline';
import type { SharedClient } from '../shared-client';
import { withSteps } from '../steps';
import type { DocdbClient } from './client';
import { docdbErrors, isClientDoubtful, translateDocdbError } from './errors';
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
        return await command(connected, startDeadline(docdbErrors, operation));
      } catch (error) {
        if (isClientDoubtful(error)) client.retire(connected);
        throw translateDocdbError(error, operation);
      }
    });

  const store: CounterStore = {
    increment: (id, { max = String(MAX_COUNTER), by = 1 } = {}) =>
      send('increment', (connected, inTime) => increment(connected, id, { by, max: Number(max) }, inTime)),
    incrementKeyed: (id, keyed) =>
      send('increment', (connected, inTime) => incrementKeyed(connected, id, keyed, inTime)),
    read: (id) => send('read', async (connected, inTime) => (await inTime(findCounter(connected, id))) ?? 0),
    close: () => client.close(),
  };
  return withSteps(store, docdbErrors);
}
