import { type CounterStore, NotAppliedError, UnknownOutcomeError } from '../../functions/counter-store';
import type { KeyedIncrement } from '../../functions/keyed-increment';
import { errorOf } from '../counter-store.contract';
import { type Server, startEmbedded } from './fault-matrix';
import { type FaultProxy, startFaultProxy } from './fault-proxy';
import { loopback, type StoreName, STORES } from './stores-under-fault';

/** A call with a key, sent now. */
function keyed(key: string): KeyedIncrement {
  return { key, sentAt: Math.floor(Date.now() / 1000), windowSeconds: 120, cap: 1000 };
}

describe('an increment with an idempotency key', () => {
  let server: Server;
  let proxy: FaultProxy;
  let store: CounterStore;
  let direct: CounterStore;

  async function open(name: StoreName): Promise<void> {
    const { countAnswers } = STORES[name];
    server = await startEmbedded(name);
    const { port } = server.address;
    proxy = await startFaultProxy(loopback(port), countAnswers ? { makeCounter: countAnswers } : {});
    store = STORES[name].open(loopback(proxy.port));
    direct = STORES[name].open(loopback(port));
    await store.incrementKeyed('votes', keyed('first'));
    await store.incrementKeyed('votes', keyed('first')); // on TiDB, this prepares the read after a refusal too
  }

  afterEach(async () => {
    await store.close();
    await direct.close();
    await proxy.close();
    await server.close();
  });

  it.each([
    // These write first.
    ['redis', 'cut-answers'],
    ['redis', 'freeze'],
    ['tidb', 'cut-answers'],
    ['tidb', 'freeze'],
    // These read first.
    ['momento', 'cut-second-answers'],
    ['docdb', 'cut-second-answers'],
  ] as const)('is unknown on %s after %s, and settled by repeating it', async (name, fault) => {
    await open(name);
    proxy.set(fault);

    const error = await errorOf(store.incrementKeyed('votes', keyed('second')));
    proxy.set('pass');
    const again = await store.incrementKeyed('votes', keyed('second'));

    expect(error).toBeInstanceOf(UnknownOutcomeError);
    // What was frozen on its way may still have arrived.
    const statuses = fault === 'freeze' ? ['replayed', 'incremented'] : ['replayed'];
    expect(statuses.map((status) => ({ status, counter: 2 }))).toContainEqual(again);
    expect(await direct.read('votes')).toBe(2);
  });

  it.each([
    ['redis', 'cut-answers'],
    ['tidb', 'cut-answers'],
    ['momento', 'cut-second-answers'],
    ['docdb', 'cut-second-answers'],
  ] as const)(
    "is unknown on %s as a step, and settled to the first call's value by a repeat with another step",
    async (name, fault) => {
      await open(name);
      proxy.set(fault);

      const error = await errorOf(store.incrementKeyed('votes', { ...keyed('second'), by: 5 }));
      proxy.set('pass');
      const again = await store.incrementKeyed('votes', { ...keyed('second'), by: 2 });

      expect(error).toBeInstanceOf(UnknownOutcomeError);
      expect(again).toEqual({ status: 'replayed', counter: 6 });
      expect(await direct.read('votes')).toBe(6);
    },
  );

  it.each([
    ['momento', 'cut-answers', 'second'],
    ['momento', 'freeze', 'second'],
    ['docdb', 'cut-answers', 'second'],
    ['docdb', 'freeze', 'second'],
    ['tidb', 'cut-second-answers', 'first'],
  ] as const)('is not applied on %s where a read is not answered, by %s', async (name, fault, key) => {
    await open(name);
    proxy.set(fault);

    const error = await errorOf(store.incrementKeyed('votes', keyed(key)));
    const value = await direct.read('votes');
    proxy.set('pass');
    const again = await store.incrementKeyed('votes', keyed(key));

    expect(error).toBeInstanceOf(NotAppliedError);
    expect((error as Error).message).toMatch(/, and nothing had been written$/);
    expect(value).toBe(1);
    expect(again).toEqual(key === 'first' ? { status: 'replayed', counter: 1 } : { status: 'incremented', counter: 2 });
  });
});
