import { EventEmitter, once } from 'node:events';
import type { Local } from '../../local/main';
import type { OpenStore } from '../../local/open-stores';
import { textTable } from '../text-table';
import { judgeSale } from './judge-sale';
import { type Fate, startLossyProxy } from './lossy-proxy';
import { choice, sell, type Sale, type SaleEvents } from './sale';

export const SEATS = 500;
export const CALLERS = 64;
const SEED = 500;
const MOST_AT_ONCE = 4;

/** What becomes of so many of the requests, and what the table calls it; the others pass. */
const LOSSES: readonly (readonly [fate: Fate, share: number, words: string])[] = [
  ['cut-request', 0.04, 'requests cut'],
  ['lose-answer', 0.04, 'answers lost'],
  ['cut-answer', 0.02, 'answers cut'],
  ['send-twice', 0.04, 'sent twice'],
];

/** One store of a running system, and how it sells. */
export interface SoldOn {
  readonly store: string;
  /** Over how many shards the counter is striped. Then a call takes one seat, else up to four. @default 1 */
  readonly shards?: number;
}

/** A sale that is over. */
export interface SoldOut {
  readonly name: string;
  /** Its row of the table. */
  readonly cells: readonly string[];
  /** What an exact counter would have done otherwise; empty if nothing. */
  readonly differences: readonly string[];
}

/**
 * Sells out on a store of a running system, while answers are lost, connections cut, requests doubled, and the store freezes
 * and restarts.
 */
export async function sellOut(
  local: Pick<Local, 'port' | 'apiKey' | 'stores'>,
  { store, shards = 1 }: SoldOn,
): Promise<SoldOut> {
  const isSharded = shards > 1;
  const name = isSharded ? `${store} × ${shards}` : store;
  const events: SaleEvents = new EventEmitter();
  const met = new Map<Fate, number>();
  let requests = 0;
  const proxy = await startLossyProxy(local.port, {
    fateOf: () => {
      const fate = fateAt(choice(SEED, name, (requests += 1)));
      met.set(fate, (met.get(fate) ?? 0) + 1);
      return fate;
    },
    onAnswer: (status) => {
      if (status === 503) events.emit('unavailable');
      if (status === 504) events.emit('unknown');
    },
  });
  const where = { url: proxy.url, apiKey: local.apiKey, store };
  const whole = { ...where, seats: SEATS, callers: CALLERS, seed: SEED };
  const sale: Sale = { ...whole, isSharded, mostAtOnce: isSharded ? 1 : MOST_AT_ONCE };
  const isOver = new AbortController();
  try {
    const [record, outages] = await Promise.all([
      sell(sale, events).finally(() => isOver.abort()),
      causeOutages(local.stores[store], events, isOver.signal),
    ]);
    const { purchases, refusals, calls, unknown } = record;
    const sold = purchases.reduce((sum, { by }) => sum + by, 0);
    const replayed = purchases.filter(({ outcome }) => outcome === 'replayed').length;
    const numbers = [sold, CALLERS, calls, record.requests, refusals.length, replayed, unknown];
    const faults = [...LOSSES.map(([fate, , words]) => `${met.get(fate) ?? 0} ${words}`), ...outages].join(', ');
    const differences = judgeSale(record, sale);
    const verdict = differences.length === 0 ? 'exact' : 'NOT EXACT';
    return { name, cells: [name, ...numbers.map(String), faults, verdict], differences };
  } finally {
    proxy.close();
  }
}

/** The table of sales, and below it what is wrong with them. */
export function saleTable(sales: readonly SoldOut[]): string {
  const counts = ['sold', 'callers', 'calls', 'requests', 'refused', 'replayed', 'unknown, then settled'];
  const head = ['store', ...counts, 'faults', 'verdict'];
  const rows = sales.map(({ cells }) => cells);
  const wrong = sales.flatMap(({ name, differences }) => differences.map((difference) => `${name}: ${difference}`));
  return [textTable(head, rows), ...wrong].join('\n');
}

function fateAt(random: number): Fate {
  let below = 0;
  return LOSSES.find(([, share]) => random < (below += share))?.[0] ?? 'pass';
}

/**
 * Freezes the store until an outcome is unknown, and thaws it: what was sent meanwhile is carried out late. Later freezes it
 * again, and restarts it: what was sent meanwhile is gone.
 *
 * @returns what it did, in words
 */
async function causeOutages(
  store: OpenStore | undefined,
  events: SaleEvents,
  isOver: AbortSignal,
): Promise<readonly string[]> {
  if (!store) return [];
  const did: string[] = [];
  const isSold = async (seats: number): Promise<void> => {
    let sold = 0;
    while (sold < seats) [sold] = (await once(events, 'sold', { signal: isOver })) as [number];
  };
  try {
    await isSold(SEATS / 4);
    await store.freeze();
    did.push('frozen');
    await once(events, 'unknown', { signal: isOver });
    await store.start();
    await isSold((3 * SEATS) / 4);
    await store.freeze();
    await once(events, 'unknown', { signal: isOver });
    await store.stop();
    did.push('restarted');
    await once(events, 'unavailable', { signal: isOver });
  } catch (error) {
    if (!isOver.aborted) throw error; // else the sale was over first
  } finally {
    await store.start();
  }
  return did;
}
