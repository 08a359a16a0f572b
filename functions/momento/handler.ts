import { type CounterStore, StoreUnavailableError } from '../counter-store';
import { counterHandler } from '../counter-handler';
import { CONNECT_AHEAD_MS } from '../timeouts';
import { momentoClient, readMomentoCredentials } from './client';
import { momentoCounterStore } from './store';
import { MOMENTO_STRATEGIES } from './strategies';

const client = momentoClient(readMomentoCredentials);

/** Increments and reads counters in Momento; the event or else `MOMENTO_STRATEGY` chooses the strategy. */
export const handler = counterHandler({
  store: 'momento',
  strategies: MOMENTO_STRATEGIES,
  counterStore: ({ strategy }) => counterStore(strategy ?? process.env['MOMENTO_STRATEGY'] ?? 'compare-and-set'),
});

/** Connects while the module loads: `lib/bundling/function.mjs` awaits it. */
export const connectAhead = (): Promise<void> => client.connectAhead(CONNECT_AHEAD_MS);

function counterStore(named: string): CounterStore {
  const strategy = MOMENTO_STRATEGIES.find((known) => known === named);
  if (strategy === undefined) {
    throw new StoreUnavailableError(`MOMENTO_STRATEGY must be one of ${MOMENTO_STRATEGIES.join(', ')}, got "${named}"`);
  }
  const cacheName = process.env['MOMENTO_CACHE_NAME'];
  if (cacheName === undefined || cacheName === '') {
    throw new StoreUnavailableError('MOMENTO_CACHE_NAME must name the cache, got nothing');
  }
  return momentoCounterStore(client, { cacheName, strategy });
}
