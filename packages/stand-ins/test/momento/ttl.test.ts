import {
  type CacheClient,
  CacheIncrementResponse,
  CacheItemGetTtlResponse,
  CacheKeyExistsResponse,
} from '@gomomento/sdk';
import { Cache } from '../../momento/cache';
import { CACHE, type ConnectedMomento, connectMomento, errorOf } from './connected-momento';

describe('time to live', () => {
  let momento: ConnectedMomento;
  let cache: CacheClient;
  beforeAll(async () => {
    momento = await connectMomento();
    cache = momento.client;
  });
  beforeEach(() => cache.flushCache(CACHE));
  afterAll(() => momento.close());

  const typeOf = async (key: string): Promise<string> => (await cache.get(CACHE, key)).type;
  const remainingMs = async (key: string): Promise<number | undefined> => {
    const response = await cache.itemGetTtl(CACHE, key);
    return response.type === CacheItemGetTtlResponse.Hit ? response.remainingTtlMillis() : undefined;
  };

  it('ends an item at its time and not before', async () => {
    await cache.set(CACHE, 'k', 'v', { ttl: 10 });

    momento.clock.ms += 9_999;
    const before = await typeOf('k');
    momento.clock.ms += 1;

    expect([before, await typeOf('k')]).toEqual(['Hit', 'Miss']);
  });

  it('makes an expired counter start again at one', async () => {
    await cache.increment(CACHE, 'k', 5, { ttl: 10 });
    momento.clock.ms += 10_000;

    const response = await cache.increment(CACHE, 'k', 1, { ttl: 10 });

    expect(response.type === CacheIncrementResponse.Success && response.valueNumber()).toBe(1);
  });

  it('makes an expired item absent to conditions and to keysExist', async () => {
    await cache.set(CACHE, 'k', 'v', { ttl: 10 });
    momento.clock.ms += 10_000;

    const present = await cache.setIfPresent(CACHE, 'k', 'x');
    const exists = await cache.keyExists(CACHE, 'k');
    const absent = await cache.setIfAbsent(CACHE, 'k', 'x');

    expect([present.type, exists.type === CacheKeyExistsResponse.Success && exists.exists(), absent.type]).toEqual([
      'NotStored',
      false,
      'Stored',
    ]);
  });

  it('starts anew with every write', async () => {
    await cache.set(CACHE, 'k', '1', { ttl: 10 });
    momento.clock.ms += 9_000;

    await cache.increment(CACHE, 'k', 1, { ttl: 10 });
    momento.clock.ms += 9_000;
    const afterIncrement = await remainingMs('k');
    await cache.setIfEqual(CACHE, 'k', '5', '2', { ttl: 30 });

    expect([afterIncrement, await remainingMs('k')]).toEqual([1_000, 30_000]);
  });

  it('is left alone by a condition that doesn’t hold', async () => {
    await cache.set(CACHE, 'k', '1', { ttl: 10 });

    await cache.setIfEqual(CACHE, 'k', '9', '2', { ttl: 30 });

    expect(await remainingMs('k')).toBe(10_000);
  });

  it('is overwritten, increased and decreased', async () => {
    await cache.set(CACHE, 'k', 'v', { ttl: 10 });

    const types = [
      (await cache.updateTtl(CACHE, 'k', 20_000)).type,
      (await cache.increaseTtl(CACHE, 'k', 15_000)).type,
      (await cache.increaseTtl(CACHE, 'k', 30_000)).type,
      (await cache.decreaseTtl(CACHE, 'k', 40_000)).type,
      (await cache.decreaseTtl(CACHE, 'k', 5_000)).type,
      (await cache.updateTtl(CACHE, 'none', 5_000)).type,
    ];

    expect(types).toEqual(['Set', 'NotSet', 'Set', 'NotSet', 'Set', 'Miss']);
    expect(await remainingMs('k')).toBe(5_000);
    expect(await remainingMs('none')).toBeUndefined();
  });

  it('may be a day, and not longer', async () => {
    const day = 24 * 60 * 60;

    expect((await cache.set(CACHE, 'k', 'v', { ttl: day })).type).toBe('Success');
    const error = errorOf(await cache.set(CACHE, 'k', 'v', { ttl: day + 1 }));

    expect(error.code).toBe('INVALID_ARGUMENT_ERROR');
    expect(error.message).toContain('TTL must be between 1 ms and 86400000 ms, got 86401000 ms');
  });
});

describe('a cache', () => {
  it('keeps every live item while it forgets expired ones that are never read', () => {
    let now = 0;
    const cache = new Cache(() => now);
    const key = (n: number): Buffer => Buffer.from(String(n));
    for (let n = 0; n < 1000; n++) cache.set(key(n), Buffer.from('v'), n % 2 === 0 ? 10 : 100_000);
    now = 50;

    for (let n = 1000; n < 5000; n++) cache.set(key(n), Buffer.from('v'), 100_000);

    const live = Array.from({ length: 5000 }, (_, n) => n).filter((n) => cache.has(key(n)));
    expect(live).toHaveLength(4500);
    expect(cache.heldItems).toBe(4500);
  });
});
