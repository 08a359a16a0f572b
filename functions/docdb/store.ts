import { type CounterStore, MAX_COUNTER, type Operation } from '../counter-store';
import type { SharedClient } from '../shared-client';
import { giveUpAfter, type Patience } from '../give-up';
import { COMMAND_TIMEOUT_MS } from '../timeouts';
import type { DocdbClient } from './client';
import { docdbErrors, isClientDoubtful, translateDocdbError } from './errors';
import { increment } from './increment';
import { findCounter } from './read';

/** Counters in DocumentDB, each a document `{counter_id, atomic_counter}`. */
export function docdbCounterStore(client: SharedClient<DocdbClient>): CounterStore {
  const send = <Answer>(operation: Operation, command: (client: DocdbClient) => Promise<Answer>): Promise<Answer> =>
    client.use(async (connected) => {
      try {
        return await inTime(command(connected), operation);
      } catch (error) {
        if (isClientDoubtful(error)) client.retire(connected);
        throw translateDocdbError(error, operation);
      }
    });

  return {
    increment: (id, { max = String(MAX_COUNTER) } = {}) =>
      send('increment', (connected) => increment(connected, id, max)),
    read: (id) => send('read', async (connected) => (await findCounter(connected, id)) ?? 0),
    close: () => client.close(),
  };
}

/**
 * Limits the wait for a command: if the server goes away while it runs, neither the server nor the driver may ever
 * answer.
 *
 * @throws UnknownOutcomeError when there is no answer in time
 */
async function inTime<Answer>(command: Promise<Answer>, operation: Operation): Promise<Answer> {
  let patience: Patience | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    const error = docdbErrors.unansweredInTime(operation);
    patience = giveUpAfter(COMMAND_TIMEOUT_MS, () => reject(error));
  });
  try {
    return await Promise.race([command, silence]);
  } finally {
    patience?.end();
  }
}
