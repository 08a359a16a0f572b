import type { StoreAddress } from '../../local/store-address';
import type { FunctionMeasurement } from './functions';
import type { KeyedStoreName } from './keyed-stores';
import { measure, measurePair } from './measure';
import { OPEN_SAME } from './same-operations';

/** Of 32 clients in a round: what takes some seconds. One client makes a quarter of them. */
const CALLS: Readonly<Record<KeyedStoreName, number>> = { redis: 8000, tidb: 8000, docdb: 3000, momento: 3000 };

const CONTEXT = { awsRequestId: '00000000-0000-4000-8000-000000000000' };

async function main(store: KeyedStoreName, address: StoreAddress): Promise<void> {
  const bare = await OPEN_SAME[store](address);
  // Only now: what the functions load changes Momento's clients that are made later.
  const { OPEN } = await import('./keyed-stores.js');
  const { counterHandler } = await import('../../functions/counter-handler.js');
  const { store: counters, close } = await OPEN[store](address, 60);
  const handler = counterHandler({ store, counterStore: () => counters });
  const call = (): Promise<unknown> => handler({ id: 'bench' }, CONTEXT);
  const calls = CALLS[store];
  // V8 compiles what is called often: one client's calls alone would take seconds to get there.
  for (const way of [call, bare.increment]) await measure(way, 32, calls);
  const measurements: FunctionMeasurement[] = [];
  for (const load of [
    { clients: 1, calls: calls / 4 },
    { clients: 32, calls },
  ]) {
    const rounds = await measurePair(call, bare.increment, load);
    measurements.push({ clients: load.clients, rounds });
  }
  await bare.close();
  await close();
  process.send?.(measurements);
  process.disconnect();
}

const [store, address] = process.argv.slice(2);
main(store as KeyedStoreName, JSON.parse(address ?? '{}') as StoreAddress).catch((error: unknown) => {
  console.error(error);
  process.exit(1); // its clients' connections would keep it alive
});
