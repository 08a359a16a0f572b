import { checkExactness, recordHistory } from '../../../compare/exactness';
import { type CounterStore, NotAppliedError, UnknownOutcomeError } from '../../../functions/counter-store';
import { momentoClient, momentoCredentials, TTL_SECONDS } from '../../../functions/momento/client';
import { momentoCounterStore } from '../../../functions/momento/store';
import type { EmbeddedStore } from 'template-runtime/worker';
import { startMomento } from 'stand-ins/momento';
import type { ExceededLimit } from 'stand-ins/momento';
import { errorOf, isNotApplied } from '../../counter-store.contract';
import { countDataFrames, type FaultProxy, startFaultProxy } from '../fault-proxy';

const MODES = [
  ['unconditional', {}],
  ['conditional', { max: '1000' }],
] as const;

let clockMs: number;
/** Which call is refused next, and by which limit. */
let refusal: { method: string; limit: ExceededLimit } | undefined;
let server: EmbeddedStore;
let proxy: FaultProxy;
let store: CounterStore;
let direct: CounterStore;

const open = (port: number): CounterStore =>
  momentoCounterStore(
    momentoClient(() => Promise.resolve(momentoCredentials({ host: '127.0.0.1', port, tls: false }))),
    { cacheName: 'atomic-counter' },
  );

beforeEach(async () => {
  clockMs = Date.now();
  refusal = undefined;
  server = await startMomento({
    now: () => clockMs,
    refuse: ({ method }) => (method === refusal?.method ? refusal.limit : undefined),
  });
  proxy = await startFaultProxy({ host: '127.0.0.1', port: server.port }, { makeCounter: countDataFrames });
  store = open(proxy.port);
  direct = open(server.port);
});

afterEach(async () => {
  await store.close();
  await direct.close();
  await proxy.close();
  await server.close();
});

describe("an increment beyond Momento's limit", () => {
  it.each([
    ['Increment', {}],
    ['Get', { max: '10' }],
    ['SetIf', { max: '10' }],
  ])('is not applied, whichever limit refuses its %s', async (method, options) => {
    await store.increment('votes', options);
    const limits: ExceededLimit[] = [
      'operations_rate_limit_exceeded',
      'throughput_rate_limit_exceeded',
      'request_size_limit_exceeded',
      'item_size_limit_exceeded',
    ];

    const errors: unknown[] = [];
    for (const limit of limits) {
      refusal = { method, limit };
      errors.push(await errorOf(store.increment('votes', options)));
    }
    refusal = undefined;
    const value = await direct.read('votes');
    const next = await store.increment('votes', options);

    for (const error of errors) expect(error).toBeInstanceOf(NotAppliedError);
    expect([value, next]).toEqual([1, { status: 'incremented', counter: 2 }]);
  });
});

describe.each(MODES)('a counter that expires under 32 %s callers', (_mode, options) => {
  it('starts again at 1, and is exact before and after', async () => {
    const recorder = recordHistory();
    const max = 'max' in options ? Number(options.max) : undefined;
    const call = (caller: number) =>
      recorder.increment(
        caller,
        async () => {
          try {
            return await store.increment('votes', options);
          } catch (error) {
            return { status: isNotApplied(error) ? 'not-applied' : 'unknown' };
          }
        },
        { max },
      );
    const everyCaller = () => Promise.all(Array.from({ length: 32 }, (_, caller) => call(caller)));

    await everyCaller();
    await recorder.reset(() => {
      clockMs += TTL_SECONDS * 1000;
      return Promise.resolve();
    }, 0);
    const first = await call(0);
    await everyCaller();
    await recorder.read(32, () => direct.read('votes'));

    const { resets, ...withoutReset } = recorder.history();
    expect(first).toEqual({ status: 'incremented', counter: 1 });
    expect(checkExactness({ ...withoutReset, resets }).violations).toEqual([]);
    expect(checkExactness(withoutReset).violations).not.toEqual([]);
  });
});

describe('a conditional increment whose connection is cut', () => {
  it('at the answer to its write is unknown, and counted once', async () => {
    await store.increment('votes', { max: '10' });
    proxy.set('cut-second-answers'); // the first answer is the read's

    const error = await errorOf(store.increment('votes', { max: '10' }));
    proxy.set('pass');
    const value = await direct.read('votes');
    const next = await store.increment('votes', { max: '10' });

    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect([value, next]).toEqual([2, { status: 'incremented', counter: 3 }]);
  });

  it('at the answer to its read is not applied', async () => {
    await store.increment('votes', { max: '10' });
    proxy.set('cut-answers');

    const error = await errorOf(store.increment('votes', { max: '10' }));
    proxy.set('pass');
    const value = await direct.read('votes');
    const next = await store.increment('votes', { max: '10' });

    expect(error).toBeInstanceOf(NotAppliedError);
    expect([value, next]).toEqual([1, { status: 'incremented', counter: 2 }]);
  });
});
