import { readRedisAddress } from '../../../functions/redis/client';
import { keyHash } from '../../../functions/keyed-increment';
import { describeKeyedCounter } from '../keyed-counter.contract';
import { type KeyedRedis, keyOf, openKeyedRedis, startKeyedRedis } from './redis-keyed-store';
import { describeOnRealServer, readAddress } from '../../real-server';

describeKeyedCounter('embedded Redis', { ownClock: true, create: startKeyedRedis });

describeOnRealServer('REDIS_URL', (address) => {
  describeKeyedCounter('the server of REDIS_URL', {
    ownClock: true,
    callers: 128,
    create: async () => openKeyedRedis(await readAddress('redis', address, readRedisAddress)),
  });
});

describe('the generations of keys in Redis', () => {
  const now = (): number => Math.floor(Date.now() / 1000);
  const increment = { windowSeconds: 60, cap: 2 };
  let store: KeyedRedis;

  beforeAll(async () => {
    store = await startKeyedRedis();
  });

  afterAll(() => store?.close());

  /** As if the younger generation had begun some seconds before. */
  const age = (id: string, seconds: number): Promise<number> =>
    store.raw.hset(`${keyOf(id)}:young`, 'since', String(now() - seconds));

  it('forget a key in the second turn after it has counted, and not before', async () => {
    await store.incrementKeyed('turns', { ...increment, key: 'a', sentAt: now() });

    const statuses: string[] = [];
    for (const key of ['b', 'c', 'a', 'd']) {
      await age('turns', 200);
      statuses.push((await store.incrementKeyed('turns', { ...increment, key, sentAt: now() })).status);
    }

    expect(statuses).toEqual(['incremented', 'incremented', 'incremented', 'incremented']);
    expect(await store.remembered('turns')).toBe(2);
  });

  it('keep a key for the whole of the next generation', async () => {
    await store.incrementKeyed('next', { ...increment, key: 'a', sentAt: now() });
    await age('next', 200);
    await store.incrementKeyed('next', { ...increment, key: 'b', sentAt: now() });
    await age('next', 130);

    const outcomes = [
      await store.incrementKeyed('next', { ...increment, key: 'a', sentAt: now() }),
      await store.incrementKeyed('next', { ...increment, key: 'c', sentAt: now() }),
    ];

    expect(outcomes).toEqual([{ status: 'replayed', counter: 1 }, { status: 'full' }]);
  });

  it('go by the later clock when another server takes over whose clock is behind', async () => {
    await store.incrementKeyed('behind', { ...increment, key: 'a', sentAt: now() });
    await age('behind', -30);

    const outcomes = [
      await store.incrementKeyed('behind', { ...increment, key: 'b', sentAt: now() }),
      await store.incrementKeyed('behind', { ...increment, key: 'b', sentAt: now() + 20 }),
    ];

    expect(outcomes).toEqual([{ status: 'late' }, { status: 'incremented', counter: 2 }]);
  });

  it('are asked only for what was sent less than a slack ago', async () => {
    const outcomes = [
      await store.incrementKeyed('sent', { ...increment, key: 'a', sentAt: now() - 20 }),
      await store.incrementKeyed('sent', { ...increment, key: 'a', sentAt: now() - 10 }),
    ];

    expect(outcomes).toEqual([{ status: 'late' }, { status: 'incremented', counter: 1 }]);
  });

  it('expire when no key has come for as long as one is kept', async () => {
    await store.incrementKeyed('expires', { ...increment, key: 'a', sentAt: now() });

    const seconds = await store.raw.ttl(`${keyOf('expires')}:young`);

    expect(seconds).toBeGreaterThan(130);
    expect(seconds).toBeLessThanOrEqual(135);
    expect(await store.raw.hget(`${keyOf('expires')}:young`, keyHash('a'))).toBe('1');
  });
});
