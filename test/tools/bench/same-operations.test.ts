import { startStoreThread, type StoreThread } from 'template-runtime/worker';
import { EMBEDDED_STORES } from '../../../local/store-modules';
import { type KeyedStore, type KeyedStoreName, OPEN } from '../../../tools/bench/keyed-stores';
import { OPEN_SAME, type SameOperation } from '../../../tools/bench/same-operations';

describe.each(Object.keys(OPEN_SAME) as KeyedStoreName[])('the bare client beside the function of %s', (name) => {
  let thread: StoreThread;
  let opened: KeyedStore;
  let same: SameOperation;

  beforeAll(async () => {
    thread = await startStoreThread(EMBEDDED_STORES[name]);
    const address = { host: '127.0.0.1', port: thread.port, tls: false };
    opened = await OPEN[name](address, 60);
    await opened.store.increment('another'); // connects
    same = await OPEN_SAME[name](address);
  });

  afterAll(async () => {
    await same?.close();
    await opened?.close();
    await thread?.close();
  });

  it('writes what the function reads', async () => {
    await same.increment();
    await same.increment();

    expect(await opened.store.read('bare')).toBe(2);
  });
});
