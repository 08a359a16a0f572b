import { NotAppliedError, StoreUnavailableError } from '../counter-store';
import { SetupRefusedError } from '../setup-refused-error';
import type { SharedClient } from '../shared-client';
import type { DocdbClient } from './client';
import { findUniqueIndex } from './unique-index';

/**
 * Creates the unique index on `counter_id`, and with it the collection. It may run again, or twice at once.
 *
 * @throws SetupRefusedError when the credentials are refused, or an index of that name exists that isn't unique
 * @throws StoreUnavailableError when the server can't be reached
 * @throws NotAppliedError when the server didn't create it, for a passing reason
 */
export async function setUpDocdb(client: SharedClient<DocdbClient>): Promise<void> {
  try {
    await client.use(makeUniqueIndex);
  } catch (error) {
    if (error instanceof StoreUnavailableError && codeOf(error.cause) === AUTHENTICATION_FAILED) {
      throw new SetupRefusedError('docdb refuses the credentials in its secret', { cause: error.cause });
    }
    throw error;
  }
}

async function makeUniqueIndex(connected: DocdbClient): Promise<void> {
  if ((await findUniqueIndex(connected)) !== undefined) return;
  try {
    await connected.counters.createIndex({ counter_id: 1 }, { unique: true, name: 'counter_id_unique' });
  } catch (error) {
    // Another setup may have created it in the meantime: only what exists in the end counts.
    if ((await findUniqueIndex(connected)) !== undefined) return;
    throw CONFLICTS.includes(codeOf(error) ?? NaN)
      ? new SetupRefusedError('docdb has another index on counter_id: drop it', { cause: error })
      : new NotAppliedError('docdb did not create the unique index on counter_id', { cause: error });
  }
}

// https://www.mongodb.com/docs/manual/reference/error-codes/
const AUTHENTICATION_FAILED = 18;
/** IndexOptionsConflict, IndexKeySpecsConflict, DuplicateKey. */
const CONFLICTS = [85, 86, 11_000];

function codeOf(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error ? Number(error.code) : undefined;
}
