import { startStoreThread, type StoreThread } from 'template-runtime/worker';
import { EMBEDDED_STORES, type StoreName } from '../../../local/store-modules';
import { type BareStore, chunks, OPEN_BARE } from '../../../tools/bench/bare-stores';

describe.each(Object.keys(OPEN_BARE) as StoreName[])('the bare client of %s', (name) => {
  let thread: StoreThread;
  let store: BareStore;

  beforeAll(async () => {
    thread = await startStoreThread(EMBEDDED_STORES[name]);
    store = await OPEN_BARE[name](thread.port);
    await store.prepare();
  });

  afterAll(async () => {
    await store?.close();
    await thread?.close();
  });

  it('increments a counter, also one of many that were written at once', async () => {
    const ids = Array.from({ length: 60 }, (_, index) => `counter-${index}`);

    await store.writeAll(ids);

    expect(await store.increment('counter-59')).toBe(2);
    expect([await store.increment('new'), await store.increment('new')]).toEqual([1, 2]);
  });
});

it('a list in chunks has all of it, in order', () => {
  expect(chunks([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(chunks([], 2)).toEqual([]);
});
