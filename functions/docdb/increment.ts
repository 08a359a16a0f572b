import { Long } from 'mongodb';
import {
  type CounterStore,
  MAX_COUNTER,
  NotAppliedError,
  type Operation,
  type Outcome,
  UnknownOutcomeError,
} from '../counter-store';
import type { SharedClient } from '../shared-client';
import { giveUpAfter, type Patience } from '../give-up';
import { COMMAND_TIMEOUT_MS } from '../timeouts';
import { type DocdbClient, findUniqueIndex, NO_SOCKET_TIMEOUT } from './client';
import { incrementable } from './counter-value';
import { isClientDoubtful, isDuplicateKey, isHintRefused, notSetUp, translateDocdbError } from './errors';
import { findCounter } from './read';

/**
 * Refuses a client whose database isn't set up.
 *
 * @throws StoreUnavailableError when the unique index is missing
 */
export async function requireUniqueIndex(client: DocdbClient): Promise<void> {
  client.uniqueIndex = await findUniqueIndex(client);
  if (client.uniqueIndex === undefined) throw notSetUp();
}

/**
 * Counters in DocumentDB, a document `{counter_id, atomic_counter}` each.
 *
 * One upserting findOneAndUpdate whose filter takes counters below the limit only. Where it finds none it inserts, and the
 * unique index refuses that if there is a document after all: another call has just made it, it is at the limit, or it holds
 * no counter. That answer proves that nothing was written, so the document is read to tell which, and, if it is below the
 * limit, the same update runs once more without inserting: a document means incremented, none means that other calls have
 * carried it to the limit meanwhile.
 *
 * The index was there when the client connected. Each update names it as its hint, at no cost, so that the server writes
 * nothing once it has been dropped.
 * Source: https://www.mongodb.com/docs/manual/reference/command/findAndModify/ (hint: errors where no such index exists)
 */
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
 * Waits for a command no longer than a command may take: one that is under way while its server goes away may be answered
 * by neither the server nor the driver.
 *
 * @throws UnknownOutcomeError when there is no answer by then
 */
async function inTime<Answer>(command: Promise<Answer>, operation: Operation): Promise<Answer> {
  let patience: Patience | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    const error = new UnknownOutcomeError(`docdb did not answer the ${operation} in time`);
    patience = giveUpAfter(COMMAND_TIMEOUT_MS, () => reject(error));
  });
  try {
    return await Promise.race([command, silence]);
  } finally {
    patience?.end();
  }
}

async function increment(client: DocdbClient, id: string, max: string): Promise<Outcome> {
  try {
    return await incrementOrInsert(client, id, max);
  } catch (error) {
    // Amazon's documentation lists neither findAndModify's options nor their absence.
    if (client.uniqueIndex === undefined || !isHintRefused(error)) throw error;
    client.uniqueIndex = undefined;
    return incrementOrInsert(client, id, max);
  }
}

async function incrementOrInsert(client: DocdbClient, id: string, max: string): Promise<Outcome> {
  const inserted = await update(client, id, max, true).catch((error: unknown) => {
    if (isDuplicateKey(error)) return undefined;
    throw error;
  });
  return inserted ?? incrementExisting(client, id, max);
}

async function incrementExisting(client: DocdbClient, id: string, max: string): Promise<Outcome> {
  const found = await findCounter(client, id);
  if (found === undefined) throw new NotAppliedError('docdb lost the document of this counter id meanwhile');
  if (found >= Number(max)) return { status: 'limit-reached', counter: found };
  return (await update(client, id, max, false)) ?? { status: 'limit-reached' };
}

/** @returns undefined when no document matched, and none was inserted */
async function update(
  { counters, uniqueIndex }: DocdbClient,
  id: string,
  max: string,
  upsert: boolean,
): Promise<Outcome | undefined> {
  const document = await counters.findOneAndUpdate(
    { counter_id: id, $or: incrementable(max) },
    { $inc: { atomic_counter: Long.ONE } }, // 64 bits from the start
    {
      ...NO_SOCKET_TIMEOUT,
      upsert,
      returnDocument: 'after',
      projection: { _id: 0, atomic_counter: 1 },
      ...(uniqueIndex === undefined ? {} : { hint: uniqueIndex }),
    },
  );
  if (document === null) return undefined;
  const counter = Number(document.atomic_counter);
  if (!Number.isSafeInteger(counter)) {
    throw new UnknownOutcomeError('docdb answered with no counter value');
  }
  return { status: 'incremented', counter };
}
