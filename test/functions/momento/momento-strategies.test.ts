import { type CacheClient, CredentialProvider } from '@gomomento/sdk';
import type { Timing } from '../../../functions/compare-and-set';
import { NotAppliedError, type Outcome, StoreUnavailableError } from '../../../functions/counter-store';
import { momentoClient } from '../../../functions/momento/client';
import { counterItems } from '../../../functions/momento/counter-items';
import { momentoCounterStore } from '../../../functions/momento/store';
import { incrementBelow } from '../../../functions/momento/strategies';
import type { SharedClient } from '../../../functions/shared-client';
import type { EmbeddedStore } from 'template-runtime/worker';
import { startMomento } from 'stand-ins/momento';
import { errorOf } from '../../counter-store.contract';
import { startTiming } from '../timing';

const cacheName = 'atomic-counter';

describe('conditional increments in Momento', () => {
  let server: EmbeddedStore;
  let client: SharedClient<CacheClient>;
  let limited: string | undefined;

  beforeEach(async () => {
    limited = undefined;
    server = await startMomento({
      refuse: ({ method }) => (method === limited ? 'operations_rate_limit_exceeded' : undefined),
    });
    client = momentoClient(() =>
      Promise.resolve(CredentialProvider.forMomentoLocal({ hostname: '127.0.0.1', port: server.port })),
    );
  });

  afterEach(async () => {
    await client.close();
    await server.close();
  });

  /** Another caller increments between each read and its write, `times` times. */
  const meetingRivals = (
    times: number,
    strategy: 'compare-and-set' | 'set-if-not-equal',
    timing: Timing,
    max = 100,
    by = 1,
  ) =>
    client.use(async (cache): Promise<Outcome> => {
      const counters = counterItems(cache, cacheName, 'votes', 'increment');
      let left = times;
      return incrementBelow(
        {
          ...counters,
          read: async () => {
            const found = await counters.read();
            if (left > 0) {
              left -= 1;
              await cache.increment(cacheName, 'votes', 1);
            }
            return found;
          },
        },
        { max, by },
        strategy,
        timing,
      );
    });

  it('repeat a comparison that failed, on the value that stands there then', async () => {
    const timing = startTiming();

    const outcome = await meetingRivals(3, 'compare-and-set', timing);

    expect(outcome).toEqual({ status: 'incremented', counter: 4, conflicts: 3 });
    expect(timing.pauses).toEqual([64, 128, 256]);
  });

  it('are not applied when others are faster until the time is up', async () => {
    const timing = startTiming();

    const error = await errorOf(meetingRivals(100, 'compare-and-set', timing, 1000));

    expect(error).toBeInstanceOf(NotAppliedError);
    expect(timing.pauses).toEqual([64, 128, 256, 512, 512]);
  });

  it('lose an update with set-if-not-equal, which the textbook shows', async () => {
    const store = momentoCounterStore(client, { cacheName });
    await store.increment('votes');

    const outcome = await meetingRivals(1, 'set-if-not-equal', startTiming());
    const next = await store.increment('votes');

    // Two increments after the first one, and both made it 2.
    expect([outcome, next]).toEqual([
      { status: 'incremented', counter: 2 },
      { status: 'incremented', counter: 3 },
    ]);
  });

  it('stop at the limit with set-if-not-equal', async () => {
    const store = momentoCounterStore(client, { cacheName, strategy: 'set-if-not-equal' });

    const outcomes: Outcome[] = [];
    for (let call = 0; call < 4; call += 1) outcomes.push(await store.increment('votes', { max: '2' }));

    expect(outcomes).toEqual([
      { status: 'incremented', counter: 1 },
      { status: 'incremented', counter: 2 },
      { status: 'limit-reached', counter: 2 },
      { status: 'limit-reached', counter: 2 },
    ]);
  });

  it.each([
    ['Increment', {}],
    ['Get', { max: '10' }],
    ['SetIf', { max: '10' }],
  ])("are not applied when Momento's limit refuses %s", async (method, options) => {
    limited = method;
    const store = momentoCounterStore(client, { cacheName });

    const error = await errorOf(store.increment('votes', options));
    limited = undefined;
    const outcome = await store.increment('votes', options);

    expect(error).toBeInstanceOf(NotAppliedError);
    expect(outcome).toEqual({ status: 'incremented', counter: 1 });
  });

  it('are unavailable where the cache is missing', async () => {
    const store = momentoCounterStore(client, { cacheName: 'another' });

    const errors = [await errorOf(store.increment('votes')), await errorOf(store.increment('votes', { max: '10' }))];

    for (const error of errors) expect(error).toBeInstanceOf(StoreUnavailableError);
  });

  it('live for 24 hours after each write', async () => {
    const store = momentoCounterStore(client, { cacheName });
    await store.increment('unconditional');
    await store.increment('conditional', { max: '10' });

    const ttls = await client.use((cache) =>
      Promise.all(['unconditional', 'conditional'].map((id) => cache.itemGetTtl(cacheName, id))),
    );

    const remaining = ttls.map((ttl) => ('remainingTtlMillis' in ttl ? (ttl.remainingTtlMillis() ?? NaN) : NaN));
    for (const ms of remaining) expect(Math.ceil(ms / 3_600_000)).toBe(24);
  });
});
