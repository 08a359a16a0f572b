import type { Document } from 'mongodb';
import { NotAppliedError } from '../counter-store';
import type { DocdbClient } from './client';
import { isHintRefused, notSetUp } from './errors';

// https://www.mongodb.com/docs/manual/reference/error-codes/
const NAMESPACE_NOT_FOUND = 26;

/**
 * Finds the unique index on `counter_id`. Without it two first increments could make two documents.
 *
 * @returns its key; undefined where there is none
 * @throws NotAppliedError when the server doesn't list them
 */
export async function findUniqueIndex({ counters }: DocdbClient): Promise<Document | undefined> {
  try {
    const indexes = await counters.indexes();
    return indexes.find(({ key, unique }) => unique === true && Object.keys(key).join() === 'counter_id')?.key;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === NAMESPACE_NOT_FOUND) return undefined;
    throw new NotAppliedError('docdb did not list its indexes', { cause: error });
  }
}

/**
 * Rejects a client whose database isn't set up.
 *
 * @throws StoreUnavailableError when the unique index is missing
 */
export async function requireUniqueIndex(client: DocdbClient): Promise<void> {
  client.uniqueIndex = await findUniqueIndex(client);
  if (client.uniqueIndex === undefined) throw notSetUp();
}

/**
 * Sends an update with the unique index as its hint, at no cost, so that the server writes nothing once the index has
 * been dropped; without where it doesn't support hints: Amazon's documentation lists neither findAndModify's options
 * nor their absence.
 * Source: https://www.mongodb.com/docs/manual/reference/command/findAndModify/ (hint: errors where no such index exists)
 */
export async function withHint<Answer>(
  client: DocdbClient,
  update: (options: { hint?: Document }) => Promise<Answer>,
): Promise<Answer> {
  const { uniqueIndex } = client;
  if (uniqueIndex === undefined) return update({});
  try {
    return await update({ hint: uniqueIndex });
  } catch (error) {
    if (!isHintRefused(error)) throw error;
    client.uniqueIndex = undefined;
    return update({});
  }
}
