import { type DocdbClient, NO_SOCKET_TIMEOUT } from './client';
import { storedCounter } from './counter-value';

/**
 * Finds a counter on the primary, by the client's read preference. There a read sees every write before it, except for
 * a moment after a failover. No read concern is needed: only durable data can be read.
 * Source: https://docs.aws.amazon.com/documentdb/latest/developerguide/how-it-works.html
 *
 * @returns undefined where there is no document
 * @throws StoreUnavailableError when the document holds no counter
 */
export async function findCounter({ counters }: DocdbClient, id: string): Promise<number | undefined> {
  const options = { projection: { _id: 0, atomic_counter: 1 }, promoteValues: false, ...NO_SOCKET_TIMEOUT };
  const document = await counters.findOne({ counter_id: id }, options);
  return document === null ? undefined : storedCounter(document.atomic_counter);
}
