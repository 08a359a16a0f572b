import {
  type CounterStore,
  type IncrementOptions,
  StoreUnavailableError,
  UnknownOutcomeError,
} from '../../functions/counter-store';
import { errorOf } from '../counter-store.contract';
import type { EmbeddedStore } from 'template-runtime/worker';
import { resultOf } from './fault-matrix';
import { type FaultProxy, startFaultProxy } from './fault-proxy';
import { loopback, STORES } from './stores-under-fault';

describe.each(Object.entries(STORES))('%s behind a failing network', (name, { start, prepare, open }) => {
  let server: EmbeddedStore;
  let proxy: FaultProxy;
  let store: CounterStore;
  let direct: CounterStore;
  let lastId = 0;
  const newId = (): string => `fault-${(lastId += 1)}`;

  beforeAll(async () => {
    server = await start();
    await prepare(loopback(server.port));
    direct = open(loopback(server.port));
  });

  beforeEach(async () => {
    proxy = await startFaultProxy(loopback(server.port));
    store = open(loopback(proxy.port));
  });

  afterEach(async () => {
    await store.close();
    await proxy.close();
  });

  afterAll(async () => {
    await direct.close();
    await server.close();
  });

  /** What the counter holds, told by one more increment past the proxy. */
  const valueOf = async (id: string): Promise<number> => {
    const outcome = await direct.increment(id);
    return outcome.status === 'incremented' ? outcome.counter - 1 : NaN;
  };

  it('is unavailable while the store refuses the first connection, and recovers', async () => {
    const id = newId();
    await proxy.refuse();

    const error = await errorOf(store.increment(id));
    await proxy.accept();
    const outcome = await store.increment(id);

    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(outcome).toEqual({ status: 'incremented', counter: 1 });
  });

  it('never calls an increment applied or not applied wrongly when the store stops under it, and recovers', async () => {
    const id = newId();
    await store.increment(id);
    await proxy.refuse();

    const first = await errorOf(store.increment(id));
    const second = await errorOf(store.increment(id));
    const counted = await valueOf(id);
    await proxy.accept();
    const outcome = await store.increment(id);

    expect(first instanceof StoreUnavailableError || first instanceof UnknownOutcomeError).toBe(true);
    expect(second).toBeInstanceOf(StoreUnavailableError);
    expect([counted, outcome]).toEqual([1, { status: 'incremented', counter: 3 }]);
  });

  it.each([
    ['unconditionally', {}],
    ['conditionally', { max: '100' }],
    ['by a step', { by: 3 }],
    ['by a step conditionally', { by: 3, max: '100' }],
  ])(
    'calls an increment unknown whose answer is lost %s, and does not repeat it',
    async (_mode, options: IncrementOptions) => {
      const { by = 1 } = options;
      const id = newId();
      await store.increment(id, options);
      // The first answer after this is the increment's, but for stores that read before they write.
      proxy.set('cut-answers');

      const error = await errorOf(store.increment(id, options));
      const counted = await valueOf(id);
      proxy.set('pass');
      const outcome = await store.increment(id, options);

      const isUnknown = error instanceof UnknownOutcomeError;
      expect(isUnknown ? [by, 2 * by] : [by]).toContain(counted);
      expect(outcome).toEqual({ status: 'incremented', counter: counted + 1 + by });
    },
  );

  it('calls an increment unknown whose request is lost, which it cannot tell from a lost answer', async () => {
    const id = newId();
    await store.increment(id);
    proxy.set('cut-requests');

    const error = await errorOf(store.increment(id));
    const counted = await valueOf(id);
    proxy.set('pass');
    const outcome = await store.increment(id);

    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect([counted, outcome]).toEqual([1, { status: 'incremented', counter: 3 }]);
  });

  it('calls an increment unknown that a frozen store does not answer, and recovers', async () => {
    const id = newId();
    await store.increment(id);
    proxy.set('freeze');

    const error = await errorOf(store.increment(id));
    proxy.set('pass');
    const outcome = await store.increment(id);

    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(outcome.status).toBe('incremented');
  });

  it('answers a step above the limit by what the counter holds, and does not apply it where that is not answered', async () => {
    const id = newId();
    await store.increment(id);
    proxy.set('cut-answers');

    const outcome = await resultOf(store.increment(id, { by: 3, max: '2' }));
    proxy.set('pass');
    const again = await store.increment(id, { by: 3, max: '2' });

    // The state machine's write is refused by its condition: where that answer is lost, it can't know.
    expect(outcome.status).toBe(name === 'dynamo' ? 'unknown' : 'not-applied');
    expect(again).toEqual({ status: 'limit-reached', counter: 1 });
    expect(await direct.read(id)).toBe(1);
  });

  it('loses and repeats nothing beyond the unknown while 32 callers meet a cut', async () => {
    const id = newId();
    await store.increment(id);
    const results: PromiseSettledResult<unknown>[] = [];
    const caller = async (): Promise<void> => {
      for (let call = 0; call < 5; call += 1) {
        if (results.length === 40) proxy.set('cut-answers');
        if (results.length === 80) proxy.set('pass');
        results.push(...(await Promise.allSettled([store.increment(id)])));
      }
    };

    await Promise.all(Array.from({ length: 32 }, caller));
    const counted = (await valueOf(id)) - 1;

    const values = results.flatMap((result) =>
      result.status === 'fulfilled' ? [(result.value as { counter: number }).counter] : [],
    );
    const unknown = results.filter(
      (result) => result.status === 'rejected' && result.reason instanceof UnknownOutcomeError,
    ).length;
    expect(new Set(values).size).toBe(values.length);
    expect(counted).toBeGreaterThanOrEqual(values.length);
    expect(counted).toBeLessThanOrEqual(values.length + unknown);
    expect(unknown).toBeGreaterThan(0);
  });

  it('keeps its connections over many calls', async () => {
    const id = newId();
    for (let call = 0; call < 5; call += 1) await store.increment(id);
    const before = { accepted: proxy.accepted, open: proxy.open };

    for (let call = 0; call < 200; call += 1) await store.increment(id);

    expect({ accepted: proxy.accepted, open: proxy.open }).toEqual(before);
  });
});

describe("a refusal of TiDB, whose answer doesn't tell the counter,", () => {
  it('stands where the counter is not read after it, either', async () => {
    const server = await STORES.tidb.start();
    await STORES.tidb.prepare(loopback(server.port));
    const proxy = await startFaultProxy(loopback(server.port));
    const store = STORES.tidb.open(loopback(proxy.port));
    const step = { by: 3, max: '4' };
    await store.increment('votes', step);
    const told = await store.increment('votes', step); // prepares both statements
    proxy.set('cut-second-answers');

    const outcome = await store.increment('votes', step);

    expect([told, outcome]).toEqual([{ status: 'limit-reached', counter: 3 }, { status: 'limit-reached' }]);
    await store.close();
    await proxy.close();
    await server.close();
  });
});

describe.each(['redis', 'docdb', 'tidb'] as const)('%s in an environment that was frozen', (name) => {
  it('makes a new connection after idling too long, and only then', async () => {
    const { start, prepare, open } = STORES[name];
    const server = await start();
    await prepare(loopback(server.port));
    const proxy = await startFaultProxy(loopback(server.port));
    let time = 0;
    const store = open(loopback(proxy.port), () => time);
    await store.increment('idle');
    const first = proxy.accepted;
    time += 60_000;
    await store.increment('idle');
    const beforeTheLimit = proxy.accepted;
    time += 60_001;

    const outcome = await store.increment('idle');

    expect(beforeTheLimit).toBe(first);
    expect(proxy.accepted).toBeGreaterThan(first);
    expect(outcome).toEqual({ status: 'incremented', counter: 3 });
    await store.close();
    await proxy.close();
    await server.close();
  });
});
