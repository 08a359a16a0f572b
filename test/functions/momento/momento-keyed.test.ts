import { readMomentoCredentials } from '../../../functions/momento/client';
import { momentoCounterStore } from '../../../functions/momento/store';
import { describeKeyedCounter } from '../keyed-counter.contract';
import { cacheName, type KeyedMomento, openKeyedMomento, startKeyedMomento } from './momento-keyed-store';
import { describeOnRealServer, readAddress } from '../../real-server';

describeKeyedCounter('embedded Momento', { callers: 16, create: startKeyedMomento });

describeOnRealServer('MOMENTO_URL', (address) => {
  describeKeyedCounter('the server of MOMENTO_URL', {
    callers: 16,
    create: async () => openKeyedMomento(await readAddress('momento', address, readMomentoCredentials)),
  });
});

describe('an item with keys behind its counter in Momento', () => {
  const now = Math.floor(Date.now() / 1000);
  const old = `|0123456789abcdef:${now - 1}=41`;
  const young = `|fedcba9876543210:${now + 100}=42`;
  let store: KeyedMomento;
  const text = (id: string): Promise<string | undefined> =>
    store.client.use(async (cache) => (await cache.get(cacheName, id)).value());

  beforeAll(async () => {
    store = await startKeyedMomento();
  });

  afterAll(() => store?.close());

  it('keeps the young ones when it is incremented without a key', async () => {
    await store.put('mixed', `42${old}${young}`);

    await store.increment('mixed');
    await store.increment('mixed', { max: '50' });

    expect(await text('mixed')).toBe(`44${young}`);
  });

  it('is decimal digits again, to be incremented in one round trip, when all of them are old', async () => {
    await store.put('old', `42${old}`);

    await store.increment('old');

    expect(await text('old')).toBe('43');
  });

  it('keeps them from the strategy that overwrites', async () => {
    await store.put('overwritten', `42${young}`);
    const overwriting = momentoCounterStore(store.client, { cacheName, strategy: 'set-if-not-equal' });

    await overwriting.increment('overwritten', { max: '50' });

    expect(await text('overwritten')).toBe(`43${young}`);
  });

  it.each([`42|`, `42${young}|`, `x${young}`, `4.2${young}`, `42|0123456789abcdef:1=`])(
    'is no counter as %s',
    async (value) => {
      await store.put('foreign', value);

      const errors = await Promise.allSettled([
        store.increment('foreign'),
        store.read('foreign'),
        store.incrementKeyed('foreign', { key: 'k', sentAt: now, windowSeconds: 60, cap: 10 }),
      ]);

      expect(errors.map((settled) => settled.status === 'rejected' && (settled.reason as Error).name)).toEqual(
        Array.from({ length: 3 }, () => 'StoreUnavailableError'),
      );
      expect(await text('foreign')).toBe(value);
    },
  );
});
