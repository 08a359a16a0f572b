import Redis from 'ioredis';
import type { CounterStore } from '../../../functions/counter-store';
import { readRedisAddress, type RedisAddress, redisClient } from '../../../functions/redis/client';
import { redisCounterStore } from '../../../functions/redis/store';
import { startRedis } from 'stand-ins/redis';
import type { EmbeddedStore } from 'template-runtime/worker';
import {
  type CounterStoreUnderTest,
  describeCounterStore,
  type ForeignValues,
  INTEGERS,
} from '../../counter-store.contract';
import { describeOnRealServer, readAddress } from '../../real-server';

async function openStore(
  address: RedisAddress,
  closeServer = (): Promise<void> => Promise.resolve(),
): Promise<CounterStoreUnderTest> {
  const raw = new Redis({ ...address, lazyConnect: true });
  await raw.connect();
  const store = redisCounterStore(redisClient(() => Promise.resolve(address)));
  return {
    store,
    put: async (id, value) => void (await raw.set(`counter:{${id}}`, value)),
    putForeign: async (id, value) => {
      if (typeof value === 'string') await raw.set(`counter:{${id}}`, value);
      else await raw.hset(`counter:{${id}}`, value as object);
    },
    inspect: async (id) => {
      const key = `counter:{${id}}`;
      return (await raw.type(key)) === 'string' ? raw.get(key) : raw.hgetall(key);
    },
    close: async () => {
      await store.close();
      raw.disconnect();
      await closeServer();
    },
  };
}

/** Whatever INCR takes is a counter, and nothing else is; but what is too large for INCR is at the limit all the same. */
const FOREIGN: ForeignValues = {
  counters: INTEGERS.counters,
  beyond: [...INTEGERS.beyond, '9223372036854775808', '99999999999999999999'],
  others: [
    ...INTEGERS.others,
    ...[
      '-9223372036854775809',
      '7.5',
      '5.0',
      ' 7',
      '7 ',
      '+7',
      '07',
      '0x7',
      '7e0',
      '',
      '-0',
      '-',
      'seven',
      'inf',
      'nan',
    ],
    { a: 'hash' },
  ],
};

describeCounterStore('embedded Redis', {
  foreign: FOREIGN,
  create: async () => {
    const server = await startRedis();
    return openStore({ host: '127.0.0.1', port: server.port }, () => server.close());
  },
});

for (const setting of ['REDIS_URL', 'REDIS_TLS_URL'] as const) {
  describeOnRealServer(setting, (address) => {
    describeCounterStore(`the server of ${setting}`, {
      foreign: FOREIGN,
      create: async () => openStore(await readAddress('redis', address, readRedisAddress)),
    });
  });
}

describe('Redis counters', () => {
  let server: EmbeddedStore;
  let raw: Redis;
  let store: CounterStore;

  beforeEach(async () => {
    server = await startRedis();
    raw = new Redis({ host: '127.0.0.1', port: server.port });
    store = redisCounterStore(redisClient(() => Promise.resolve({ host: '127.0.0.1', port: server.port })));
  });

  afterEach(async () => {
    await store.close();
    raw.disconnect();
    await server.close();
  });

  it('survive a flush of the scripts', async () => {
    await store.increment('votes', { max: '10' });
    await raw.script('FLUSH');

    const outcome = await store.increment('votes', { max: '10' });

    expect(outcome).toEqual({ status: 'incremented', counter: 2 });
  });

  it('are set back to 2^53-1 by a refusal beyond it, wherever they stand, keeping their time to live', async () => {
    await raw.set('counter:{votes}', '9007199254740999', 'EX', 1000);

    const outcomes = [await store.increment('votes', { max: '10' }), await store.increment('votes')];
    const left = [await raw.get('counter:{votes}'), (await raw.ttl('counter:{votes}')) > 0];

    expect(outcomes).toEqual([{ status: 'limit-reached' }, { status: 'limit-reached', counter: 9007199254740991 }]);
    expect(left).toEqual(['9007199254740991', true]);
  });

  it.each(['9007199254740992', '9223372036854775807', '99999999999999999999'])(
    'tell no value that is beyond exactness: %s',
    async (value) => {
      await raw.set('counter:{votes}', value);

      expect(await store.increment('votes', { max: '10' })).toEqual({ status: 'limit-reached' });
    },
  );

  it('count on exactly over the values that ioredis would misread', async () => {
    const start = Number.MAX_SAFE_INTEGER - 64;
    await raw.set('counter:{votes}', String(start));

    const counters: unknown[] = [];
    for (let index = 0; index < 64; index += 1) counters.push(await store.increment('votes'));

    expect(counters).toEqual(
      Array.from({ length: 64 }, (_, index) => ({ status: 'incremented', counter: start + index + 1 })),
    );
  });
});
