import { setImmediate } from 'node:timers/promises';
import { type CounterStore, NotAppliedError } from '../../functions/counter-store';
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

    it('past the timeout of a step is never taken for an unknown outcome', async () => {
      await thread.freeze();
      const answer = store.increment('votes', { by: 3 }).catch((error: unknown) => error);
      for (let turn = 0; turn < 50; turn += 1) await setImmediate();
      const thawed = thread.start();

      stall(COMMAND_TIMEOUT_MS + 500);
      const ended = await answer;
      await thawed;

      // Momento is read first, and then it is too late to write.
      if (name === 'momento') expect(ended).toBeInstanceOf(NotAppliedError);
      else expect(ended).toEqual({ status: 'incremented', counter: 4 });
      expect(await store.read('votes')).toBe(name === 'momento' ? 1 : 4);
    });

    it('past the timeout of a step leaves a refusal one, whether or not the counter can still be told', async () => {
      const options = { by: 3, max: '3' };
      await store.increment('votes', options); // its statements are prepared
      await thread.freeze();
      const answer = store.increment('votes', options).then(
        ({ status, counter = 1 }) => ({ status, counter }),
        (error: Error) => error.name,
      );
      for (let turn = 0; turn < 50; turn += 1) await setImmediate();
      const thawed = thread.start();

      stall(COMMAND_TIMEOUT_MS + 500);
      const ended = await answer;
      await thawed;

      // DocumentDB is read to tell a refusal from a document without a counter, and that may come too late.
      const possible = [{ status: 'limit-reached', counter: 1 }, ...(name === 'docdb' ? ['NotAppliedError'] : [])];
      expect(possible).toContainEqual(ended);
    });

    it('past the timeout of an increment with an idempotency key is never taken for an unknown outcome', async () => {
      const keyed = { key: 'k', sentAt: Math.floor(Date.now() / 1000), windowSeconds: 120, cap: 1000 };
      await store.incrementKeyed('votes', { ...keyed, key: 'earlier' }); // TiDB's statement is prepared
      await thread.freeze();
      const answer = store.incrementKeyed('votes', keyed).catch((error: unknown) => error);
      for (let turn = 0; turn < 50; turn += 1) await setImmediate();
      const thawed = thread.start();

      stall(COMMAND_TIMEOUT_MS + 500);
      const ended = await answer;
      await thawed;
      const again = await store.incrementKeyed('votes', keyed);

      // Where the answer is that of a read, it is too late to write.
      const readsFirst = name === 'momento' || name === 'docdb';
      if (readsFirst) expect(ended).toBeInstanceOf(NotAppliedError);
      else expect(ended).toEqual({ status: 'incremented', counter: 3 });
      expect(again).toEqual({ status: readsFirst ? 'incremented' : 'replayed', counter: 3 });
    });
  },
);
