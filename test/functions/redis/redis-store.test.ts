import Redis from 'ioredis';
import { redisClient } from '../../../functions/redis/client';
import { redisCounterStore } from '../../../functions/redis/increment';
import { startRedis } from '../../../local/stores/redis';
import { type CounterStoreUnderTest, describeCounterStore } from '../../counter-store.contract';

async function openStore(host: string, port: number, closeServer: () => Promise<void>): Promise<CounterStoreUnderTest> {
  const raw = new Redis({ host, port, lazyConnect: true });
  await raw.connect();
  const store = redisCounterStore(redisClient(() => Promise.resolve({ host, port })));
  return {
    store,
    put: async (id, value) => void (await raw.set(`counter:{${id}}`, value)),
    putNonNumber: async (id) => void (await raw.set(`counter:{${id}}`, 'seven')),
    close: async () => {
      await store.close();
      raw.disconnect();
      await closeServer();
    },
  };
}

describeCounterStore('embedded Redis', {
  holdsNonNumbers: true,
  create: async () => {
    const server = await startRedis();
    return openStore('127.0.0.1', server.port, () => server.close());
  },
});

const { REDIS_URL } = process.env;
if (REDIS_URL !== undefined) {
  const { hostname, port } = new URL(REDIS_URL);
  describeCounterStore('real Redis', {
    holdsNonNumbers: true,
    create: () => openStore(hostname, Number(port), () => Promise.resolve()),
  });
}
