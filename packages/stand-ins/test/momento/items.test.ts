import {
  type CacheClient,
  CacheGetResponse,
  CacheIncrementResponse,
  CacheKeysExistResponse,
  CacheSetIfEqualResponse,
} from '@gomomento/sdk';
import { CACHE, type ConnectedMomento, connectMomento, errorOf } from './connected-momento';

describe('items', () => {
  let momento: ConnectedMomento;
  let cache: CacheClient;
  beforeAll(async () => {
    momento = await connectMomento();
    cache = momento.client;
  });
  beforeEach(() => cache.flushCache(CACHE));
  afterAll(() => momento.close());

  /** The item's text, or undefined on a miss. */
  const valueOf = async (key: string): Promise<string | undefined> => {
    const response = await cache.get(CACHE, key);
    if (response.type === CacheGetResponse.Error) throw new Error(response.message());
    return response.value();
  };

  it('are set, read, replaced and deleted', async () => {
    await cache.set(CACHE, 'k', 'one');
    const one = await valueOf('k');
    await cache.set(CACHE, 'k', 'two');
    const two = await valueOf('k');
    await cache.delete(CACHE, 'k');

    expect([one, two, await valueOf('k')]).toEqual(['one', 'two', undefined]);
    expect((await cache.delete(CACHE, 'k')).type).toBe('Success');
  });

  it('have bytes for keys and values', async () => {
    const key = new Uint8Array([0, 255, 195, 40]);
    const other = new Uint8Array([0, 255, 195, 41]);
    await cache.set(CACHE, key, new Uint8Array([1, 0, 254]));

    const found = await cache.get(CACHE, key);
    const missed = await cache.get(CACHE, other);

    expect(found.type === CacheGetResponse.Hit && [...found.valueUint8Array()]).toEqual([1, 0, 254]);
    expect(missed.type).toBe('Miss');
  });

  it('exist or not, in the order of the keys', async () => {
    await cache.set(CACHE, 'a', '1');
    await cache.set(CACHE, 'c', '1');

    const response = await cache.keysExist(CACHE, ['a', 'b', 'c']);

    expect(response.type === CacheKeysExistResponse.Success && response.exists()).toEqual([true, false, true]);
  });

  describe('set on a condition', () => {
    type SetIf = (cache: CacheClient) => Promise<{ type: string }>;
    it.each<[name: string, setIf: SetIf, stored: { absent: boolean; equal: boolean; different: boolean }]>([
      ['setIfAbsent', (c) => c.setIfAbsent(CACHE, 'k', 'new'), { absent: true, equal: false, different: false }],
      ['setIfNotExists', (c) => c.setIfNotExists(CACHE, 'k', 'new'), { absent: true, equal: false, different: false }],
      ['setIfPresent', (c) => c.setIfPresent(CACHE, 'k', 'new'), { absent: false, equal: true, different: true }],
      ['setIfEqual', (c) => c.setIfEqual(CACHE, 'k', 'new', 'old'), { absent: false, equal: true, different: false }],
      [
        'setIfNotEqual',
        (c) => c.setIfNotEqual(CACHE, 'k', 'new', 'old'),
        { absent: true, equal: false, different: true },
      ],
      [
        'setIfPresentAndNotEqual',
        (c) => c.setIfPresentAndNotEqual(CACHE, 'k', 'new', 'old'),
        { absent: false, equal: false, different: true },
      ],
      [
        'setIfAbsentOrEqual',
        (c) => c.setIfAbsentOrEqual(CACHE, 'k', 'new', 'old'),
        { absent: true, equal: true, different: false },
      ],
    ])('%s stores only when it holds', async (_name, setIf, stored) => {
      const before = { absent: undefined, equal: 'old', different: 'other' };
      for (const situation of ['absent', 'equal', 'different'] as const) {
        await cache.delete(CACHE, 'k');
        const value = before[situation];
        if (value !== undefined) await cache.set(CACHE, 'k', value);

        const { type } = await setIf(cache);

        expect([situation, type]).toEqual([situation, stored[situation] ? 'Stored' : 'NotStored']);
        expect(await valueOf('k')).toBe(stored[situation] ? 'new' : value);
      }
    });

    it('lets one of 64 callers win each round of compare-and-set', async () => {
      await cache.set(CACHE, 'k', '0');

      for (let round = 0; round < 5; round++) {
        const responses = await Promise.all(
          Array.from({ length: 64 }, () => cache.setIfEqual(CACHE, 'k', String(round + 1), String(round))),
        );
        expect(responses.filter(({ type }) => type === CacheSetIfEqualResponse.Stored)).toHaveLength(1);
      }

      expect(await valueOf('k')).toBe('5');
    });

    it('loses updates when the condition is only that the limit isn’t reached', async () => {
      await cache.set(CACHE, 'k', '0');
      const blind = async (): Promise<void> => {
        const value = Number(await valueOf('k'));
        await cache.setIfPresentAndNotEqual(CACHE, 'k', String(value + 1), '1000');
      };

      await Promise.all(Array.from({ length: 64 }, blind));

      expect(Number(await valueOf('k'))).toBeLessThan(64);
    });
  });

  describe('increment', () => {
    const incremented = async (key: string, amount?: number): Promise<number | undefined> => {
      const response = await cache.increment(CACHE, key, amount);
      return response.type === CacheIncrementResponse.Success ? response.valueNumber() : undefined;
    };

    it('starts a missing item at the amount', async () => {
      expect([await incremented('a'), await incremented('b', 7), await incremented('c', -3)]).toEqual([1, 7, -3]);
    });

    it('counts each of 640 concurrent calls once', async () => {
      const values = await Promise.all(Array.from({ length: 640 }, () => incremented('k')));

      expect(values.sort((a, b) => Number(a) - Number(b))).toEqual(
        Array.from({ length: 640 }, (_, index) => index + 1),
      );
    });

    it('works on the decimal text that set stores, and stores one', async () => {
      await cache.set(CACHE, 'k', '41');

      expect(await incremented('k')).toBe(42);
      expect(await valueOf('k')).toBe('42');
      expect(await incremented('k', -50)).toBe(-8);
    });

    it('is exact on 64 bits', async () => {
      await cache.set(CACHE, 'k', '9007199254740990');
      await cache.set(CACHE, 'large', '9223372036854775806');

      await incremented('k');
      await incremented('large');

      expect([await valueOf('k'), await valueOf('large')]).toEqual(['9007199254740991', '9223372036854775807']);
    });

    it.each(['', 'ten', '1.5', '1e3', ' 1', '0x10', '9223372036854775808'])(
      'refuses %p and leaves it',
      async (text) => {
        await cache.set(CACHE, 'k', new TextEncoder().encode(text));

        const error = errorOf(await cache.increment(CACHE, 'k'));

        expect(error.code).toBe('FAILED_PRECONDITION_ERROR');
        expect(error.message).toContain('failed to parse value into long');
        expect(await valueOf('k')).toBe(text);
      },
    );

    it('refuses a sum beyond 64 bits and leaves the item', async () => {
      await cache.set(CACHE, 'k', '9223372036854775807');

      expect(errorOf(await cache.increment(CACHE, 'k')).code).toBe('FAILED_PRECONDITION_ERROR');
      expect(await valueOf('k')).toBe('9223372036854775807');
    });
  });

  it.each<[method: string, call: (cache: CacheClient) => Promise<object>]>([
    ['DictionaryFetch', (c) => c.dictionaryFetch(CACHE, 'k')],
    ['DictionaryIncrement', (c) => c.dictionaryIncrement(CACHE, 'k', 'f')],
    ['ListPushBack', (c) => c.listPushBack(CACHE, 'k', 'v')],
    ['SetUnion', (c) => c.setAddElement(CACHE, 'k', 'v')],
    ['SortedSetPut', (c) => c.sortedSetPutElement(CACHE, 'k', 'v', 1)],
    ['GetBatch', (c) => c.getBatch(CACHE, ['k'])],
    ['GetWithHash', (c) => c.getWithHash(CACHE, 'k')],
    ['ItemGetType', (c) => c.itemGetType(CACHE, 'k')],
  ])('have no %s here, which is refused by name', async (method, call) => {
    const error = errorOf(await call(cache));

    expect(error.code).toBe('BAD_REQUEST_ERROR');
    expect(error.message).toContain(`12 UNIMPLEMENTED: The server does not implement the method ${method}`);
  });
});
