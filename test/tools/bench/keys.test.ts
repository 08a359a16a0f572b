import { startStoreThread, type StoreThread } from 'template-runtime/worker';
import { EMBEDDED_STORES } from '../../../local/store-modules';
import { type KeyedStore, type KeyedStoreName, OPEN } from '../../../tools/bench/keyed-stores';
import { keysRows, measureKeys } from '../../../tools/bench/keys';

describe.each(Object.keys(OPEN) as KeyedStoreName[])('the curve of keys in %s', (name) => {
  let thread: StoreThread;
  let opened: KeyedStore;

  beforeAll(async () => {
    thread = await startStoreThread(EMBEDDED_STORES[name]);
    opened = await OPEN[name]({ host: '127.0.0.1', port: thread.port, tls: false }, 60);
  });

  afterAll(async () => {
    await opened?.close();
    await thread?.close();
  });

  it('is of calls that have all counted, and flat where keys are forgotten as others come', async () => {
    const costs = await measureKeys(opened, [800, 1600]);

    expect(costs.map(({ increments }) => increments)).toEqual([800, 1600]);
    const [before, after] = costs.map(({ bytes }) => bytes);
    expect(before).toBeGreaterThan(1000);
    expect(after).toBeLessThan(1.2 * (before ?? NaN));
  });
});

it('the table of the curve has the ratio of each figure to the one before', () => {
  const rows = keysRows([
    { increments: 100, bytes: 2000, medianMs: 0.5, processorMs: 1 },
    { increments: 10_000, bytes: 8000, medianMs: 0.25, processorMs: 0.5 },
  ]);

  expect(rows).toEqual([
    ['100', '2,000', '', '0.50', '', '1.00', ''],
    ['10,000', '8,000', '4.00', '0.25', '0.50', '0.50', '0.50'],
  ]);
});
