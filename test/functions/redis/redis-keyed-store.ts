import Redis from 'ioredis';
import { type RedisAddress, redisClient } from '../../../functions/redis/client';
import { redisCounterStore } from '../../../functions/redis/store';
import { startRedis } from 'stand-ins/redis';
import type { KeyedCounterUnderTest } from '../keyed-counter.contract';

/** The key of a counter, and before `:young` and `:old` that of its idempotency keys. */
export const keyOf = (id: string): string => `counter:{${id}}`;

export interface KeyedRedis extends KeyedCounterUnderTest {
  readonly raw: Redis;
}

/** A Redis that runs, whose increments with a key are tested. */
export async function openKeyedRedis(
  address: RedisAddress,
  closeServer = (): Promise<void> => Promise.resolve(),
): Promise<KeyedRedis> {
  const raw = new Redis({ ...address, lazyConnect: true });
  await raw.connect();
  const client = redisClient(() => Promise.resolve(address));
  const store = redisCounterStore(client);
  return {
    raw,
    increment: (id, options) => store.increment(id, options),
    incrementKeyed: (id, increment) => store.incrementKeyed(id, increment),
    read: (id) => store.read(id),
    put: async (id, value) => void (await raw.set(keyOf(id), value)),
    remembered: async (id) => {
      const sizes = [await raw.hlen(`${keyOf(id)}:young`), await raw.hlen(`${keyOf(id)}:old`)];
      return sizes.reduce((sum, size) => sum + Math.max(size - 1, 0), 0);
    },
    close: async () => {
      await store.close();
      raw.disconnect();
      await closeServer();
    },
  };
}

export async function startKeyedRedis(): Promise<KeyedRedis> {
  const server = await startRedis();
  return openKeyedRedis({ host: '127.0.0.1', port: server.port }, () => server.close());
}
