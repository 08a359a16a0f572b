import { counterValue } from '../counter-store';
import type { Counters } from './counter-items';
import { notANumber } from './errors';

/**
 * Reads a counter with the client's read concern, `CONSISTENT`, without which a read may miss what was written a moment ago.
 * Momento bills it sixfold. An item that has expired or was evicted reads as 0, which is where the next increment starts.
 * Source: https://docs.momentohq.com/cache/learn/how-it-works/read-concern
 *
 * @throws StoreUnavailableError when the item is no whole number
 */
export async function readCounter(counters: Counters): Promise<number> {
  const counter = counterValue((await counters.read()) ?? '0');
  if (counter === undefined) throw notANumber();
  return counter;
}
