import { Long } from 'mongodb';
import { counterValue } from '../counter-store';
import { type DocdbClient, NO_SOCKET_TIMEOUT } from './client';
import { notANumber } from './errors';

/**
 * Reads a counter from the primary, as the client's read preference says. There a read sees every write before it, but for
 * a moment after a failover. No read concern is asked for: only what is durable can be read.
 * Source: https://docs.aws.amazon.com/documentdb/latest/developerguide/how-it-works.html
 *
 * @throws StoreUnavailableError when the document holds no whole number
 */
export async function readCounter({ counters }: DocdbClient, id: string): Promise<number> {
  const document = await counters.findOne(
    { counter_id: id },
    { ...NO_SOCKET_TIMEOUT, projection: { _id: 0, atomic_counter: 1 } },
  );
  const counter = counterValue(digits(document?.atomic_counter));
  if (counter === undefined) throw notANumber();
  return counter;
}

/** A text like a number isn't one to the store either: its $inc refuses it. A field that isn't there is made by $inc. */
function digits(value: unknown): string {
  if (value === undefined) return '0';
  return typeof value === 'number' || Long.isLong(value) ? String(value) : '';
}
