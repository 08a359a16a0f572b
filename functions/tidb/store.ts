import type { Pool } from 'mysql2/promise';
import { type CounterStore, MAX_COUNTER } from '../counter-store';
import type { SharedClient } from '../shared-client';
import { withSteps } from '../steps';
import { tidbErrors } from './errors';
import { increment } from './increment';
import { incrementKeyed } from './keyed';
import { readCounter } from './read';

/** Counters in TiDB, each a row of the table `counters`, with its idempotency keys in columns of their own. */
export function tidbCounterStore(client: SharedClient<Pool>): CounterStore {
  const store: CounterStore = {
    increment: (id, { max, by = 1 } = {}) => client.use((pool) => increment(pool, id, Number(max ?? MAX_COUNTER), by)),
    incrementKeyed: (id, keyed) => client.use((pool) => incrementKeyed(pool, id, keyed)),
    read: (id) => client.use((pool) => readCounter(pool, id)),
    close: () => client.close(),
  };
  return withSteps(store, tidbErrors);
}
