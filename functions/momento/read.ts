import type { Counters } from './counter-items';

/**
 * Reads a counter with the client's read concern, `CONSISTENT`, without which a read may miss a recent write. Momento
 * bills it sixfold. An item that has expired or was evicted reads as 0, which is where the next increment starts.
 * Source: https://docs.momentohq.com/cache/learn/how-it-works/read-concern
 *
 * @throws StoreUnavailableError when the item isn't a counter
 */
export async function readCounter(counters: Counters): Promise<number> {
  return (await counters.read())?.counter ?? 0;
}
