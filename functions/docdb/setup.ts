import { NotAppliedError, StoreUnavailableError } from '../counter-store';
import type { SharedClient } from '../shared-client';
import { type DocdbClient, findUniqueIndex } from './client';

/**
 * Makes the unique index on `counter_id`, and with it the collection. It may run again, or twice at once.
 *
 * @throws StoreUnavailableError when an index of that name exists that isn't unique
 * @throws NotAppliedError when the server didn't make it, for now
 */
export async function setUpDocdb(client: SharedClient<DocdbClient>): Promise<void> {
  await client.use(async (connected) => {
    if ((await findUniqueIndex(connected)) !== undefined) return;
    try {
      await connected.counters.createIndex({ counter_id: 1 }, { unique: true, name: 'counter_id_unique' });
    } catch (error) {
      // Another setup may have made it meanwhile: only what is there in the end counts.
      if ((await findUniqueIndex(connected)) !== undefined) return;
      throw isConflict(error)
        ? new StoreUnavailableError('docdb has another index on counter_id: drop it', { cause: error })
        : new NotAppliedError('docdb did not make the unique index on counter_id', { cause: error });
    }
  });
}

/** IndexOptionsConflict, IndexKeySpecsConflict, DuplicateKey: https://www.mongodb.com/docs/manual/reference/error-codes/ */
const CONFLICTS = [85, 86, 11_000];

function isConflict(error: unknown): boolean {
  return error instanceof Error && 'code' in error && CONFLICTS.includes(Number(error.code));
}
