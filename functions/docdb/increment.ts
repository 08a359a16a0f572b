import { Long } from 'mongodb';
import { NotAppliedError, type Outcome } from '../counter-store';
import { type DocdbClient, NO_SOCKET_TIMEOUT } from './client';
import { incrementable } from './counter-value';
import type { InTime } from './deadline';
import { docdbErrors, isDuplicateKey, unwritten } from './errors';
import { findCounter } from './read';
import { withHint } from './unique-index';

/**
 * Increments a counter while it is below `max`, decimal digits.
 *
 * One upserting findOneAndUpdate whose filter matches only counters below the limit. Where it matches none it inserts,
 * and the unique index refuses that if there is a document after all: another call has just created it, it is at the
 * limit, or it holds no counter. That refusal proves that nothing was written, so the document is read to find out
 * which. If it is below the limit, the same update runs once more without inserting: a document means incremented, none
 * means that other calls have reached the limit in between.
 */
export async function increment(client: DocdbClient, id: string, max: string, inTime: InTime): Promise<Outcome> {
  const inserted = await inTime(update(client, id, max, true)).catch((error: unknown) => {
    if (isDuplicateKey(error)) return undefined;
    throw error;
  });
  return inserted ?? incrementExisting(client, id, max, inTime);
}

async function incrementExisting(client: DocdbClient, id: string, max: string, inTime: InTime): Promise<Outcome> {
  const found = await unwritten(inTime(findCounter(client, id)));
  if (found === undefined) throw new NotAppliedError('docdb lost the document of this counter id during the increment');
  if (found >= Number(max)) return { status: 'limit-reached', counter: found };
  const updated = await inTime(update(client, id, max, false));
  return updated?.status === 'incremented' ? { ...updated, conflicts: 1 } : { status: 'limit-reached' };
}

/** @returns undefined when no document matched, and none was inserted */
async function update(client: DocdbClient, id: string, max: string, upsert: boolean): Promise<Outcome | undefined> {
  const document = await withHint(client, (hint) =>
    client.counters.findOneAndUpdate(
      { counter_id: id, $or: incrementable(max) },
      { $inc: { atomic_counter: Long.ONE } }, // 64 bits from the start
      { ...NO_SOCKET_TIMEOUT, upsert, returnDocument: 'after', projection: { _id: 0, atomic_counter: 1 }, ...hint },
    ),
  );
  if (document === null) return undefined;
  const counter = Number(document.atomic_counter);
  if (!Number.isSafeInteger(counter)) {
    throw docdbErrors.noCounterValue();
  }
  return { status: 'incremented', counter };
}
