import { Long } from 'mongodb';
import { hasRoom, NotAppliedError, type Outcome } from '../counter-store';
import type { InTime } from '../deadline';
import { type DocdbClient, NO_SOCKET_TIMEOUT } from './client';
import { incrementable } from './counter-value';
import { docdbErrors, isDuplicateKey, unwritten } from './errors';
import { findCounter } from './read';
import { withHint } from './unique-index';

/** How much is added to a counter, and what that must not pass. */
export interface Step {
  /** Not above `max`. */
  readonly by: number;
  readonly max: number;
}

/**
 * Adds a step to a counter if there is room for it.
 *
 * One upserting findOneAndUpdate whose filter matches only counters that leave room. Where it matches none it inserts,
 * and the unique index refuses that if there is a document after all: another call has just created it, it is too close
 * to the limit, or it holds no counter. That refusal proves that nothing was written, so the document is read to find
 * out which. If there is room, the same update runs once more without inserting: a document means incremented, none
 * means that other calls have taken the room in between.
 */
export async function increment(client: DocdbClient, id: string, step: Step, inTime: InTime): Promise<Outcome> {
  const inserted = await inTime(update(client, id, step, true)).catch((error: unknown) => {
    if (isDuplicateKey(error)) return undefined;
    throw error;
  });
  return inserted ?? incrementExisting(client, id, step, inTime);
}

async function incrementExisting(client: DocdbClient, id: string, step: Step, inTime: InTime): Promise<Outcome> {
  const found = await unwritten(inTime(findCounter(client, id)));
  if (found === undefined) throw new NotAppliedError('docdb lost the document of this counter id during the increment');
  if (!hasRoom(found, step.by, step.max)) return { status: 'limit-reached', counter: found };
  const updated = await inTime(update(client, id, step, false));
  return updated?.status === 'incremented' ? { ...updated, conflicts: 1 } : { status: 'limit-reached' };
}

/** @returns undefined when no document matched, and none was inserted */
async function update(
  client: DocdbClient,
  id: string,
  { by, max }: Step,
  upsert: boolean,
): Promise<Outcome | undefined> {
  const document = await withHint(client, (hint) =>
    client.counters.findOneAndUpdate(
      { counter_id: id, $or: incrementable(max - by) },
      { $inc: { atomic_counter: Long.fromNumber(by) } }, // 64 bits from the start
      // What is spread comes last: V8 makes a hidden class a call of names that come after it.
      { upsert, returnDocument: 'after', projection: { _id: 0, atomic_counter: 1 }, ...NO_SOCKET_TIMEOUT, ...hint },
    ),
  );
  if (document === null) return undefined;
  const counter = Number(document.atomic_counter);
  if (!Number.isSafeInteger(counter)) {
    throw docdbErrors.noCounterValue();
  }
  return { status: 'incremented', counter };
}
