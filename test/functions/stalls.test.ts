import { setImmediate } from 'node:timers/promises';
import type { CounterStore } from '../../functions/counter-store';
import { COMMAND_TIMEOUT_MS } from '../../functions/timeouts';
import { EMBEDDED_STORES } from '../../local/store-modules';
import { startStoreThread, type StoreThread } from 'template-runtime/worker';
import { valueOf } from './fault-matrix';
import { loopback, STORES } from './stores-under-fault';

/** What a frozen environment and a long garbage collection have in common: no timer runs, no socket is read. */
function stall(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, ms);
}

describe.each(['redis', 'momento', 'docdb', 'tidb'] as const)(
  'an event loop that stalls over an answer of %s',
  (name) => {
    let thread: StoreThread;
    let store: CounterStore;

    beforeEach(async () => {
      thread = await startStoreThread(EMBEDDED_STORES[name]);
      await STORES[name].prepare(loopback(thread.port));
      store = STORES[name].open(loopback(thread.port));
      await valueOf(store, 'votes'); // connects
      await store.increment('votes');
    });

    afterEach(async () => {
      await store.close();
      await thread.close();
    });

    it.each([
      ['increment', () => store.increment('votes'), { status: 'incremented', counter: 2 }],
      ['read', () => store.read('votes'), 1],
    ])('past the timeout of an %s still gives the answer', async (_operation, call, expected) => {
      await thread.freeze();
      const answer = call();
      for (let turn = 0; turn < 50; turn += 1) await setImmediate(); // the request leaves
      const thawed = thread.start();

      stall(COMMAND_TIMEOUT_MS + 500);

      expect(await answer).toEqual(expected);
      await thawed;
    });
  },
);
