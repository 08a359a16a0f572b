import type { Pool } from 'mysql2/promise';
import { type CounterStore, MAX_COUNTER } from '../counter-store';
import type { SharedClient } from '../shared-client';
import { increment } from './increment';
import { readCounter } from './read';

/** Counters in TiDB, each a row of the table `counters`. */
export function tidbCounterStore(client: SharedClient<Pool>): CounterStore {
  return {
    increment: (id, { max } = {}) => client.use((pool) => increment(pool, id, max ?? String(MAX_COUNTER))),
    read: (id) => client.use((pool) => readCounter(pool, id)),
    close: () => client.close(),
  };
}
