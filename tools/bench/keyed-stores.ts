import { Redis } from 'ioredis';
import { BSON } from 'mongodb';
import type { RowDataPacket } from 'mysql2/promise';
import type { CounterStore } from '../../functions/counter-store';
import { docdbClient } from '../../functions/docdb/client';
import { setUpDocdb } from '../../functions/docdb/setup';
import { docdbCounterStore } from '../../functions/docdb/store';
import { requireUniqueIndex } from '../../functions/docdb/unique-index';
import { keptSeconds } from '../../functions/keyed-increment';
import { counterItems } from '../../functions/momento/counter-items';
import { momentoClient, momentoCredentials } from '../../functions/momento/client';
import { momentoCounterStore } from '../../functions/momento/store';
import { redisClient } from '../../functions/redis/client';
import { redisCounterStore } from '../../functions/redis/store';
import { setUpTidb } from '../../functions/tidb/setup';
import { tidbClient } from '../../functions/tidb/client';
import { tidbCounterStore } from '../../functions/tidb/store';
import type { StoreAddress } from '../../local/store-address';
import { docdbLogin, redisLogin, tidbLogin } from '../store-logins';

/** A store, and what it stores. */
export interface KeyedStore {
  readonly store: CounterStore;
  /** Bytes of a counter with its keys: names and values, without what the server adds. */
  bytes(id: string): Promise<number>;
  /** Lets the keys that there are begin to get old, where the store goes by a clock of its own. @default - by the caller's */
  age?(id: string): Promise<void>;
  close(): Promise<void>;
}

export type KeyedStoreName = 'redis' | 'momento' | 'docdb' | 'tidb';

/** Opens a store as its function does. */
export const OPEN: Readonly<
  Record<KeyedStoreName, (address: StoreAddress, windowSeconds: number) => Promise<KeyedStore>>
> = { redis: openRedis, momento: openMomento, docdb: openDocdb, tidb: openTidb };

function openRedis(address: StoreAddress, windowSeconds: number): Promise<KeyedStore> {
  const login = redisLogin(address);
  const store = redisCounterStore(redisClient(() => Promise.resolve(login)));
  const raw = new Redis(login);
  const keysOf = (id: string): string[] => [`counter:{${id}}`, `counter:{${id}}:young`, `counter:{${id}}:old`];
  return Promise.resolve({
    store,
    bytes: async (id) => {
      const [counter = '', ...generations] = keysOf(id);
      const texts = [counter, ...generations, (await raw.get(counter)) ?? ''];
      for (const generation of generations) texts.push(...Object.entries(await raw.hgetall(generation)).flat());
      return texts.join('').length;
    },
    age: async (id) => {
      const [, young = ''] = keysOf(id);
      await raw.hset(young, 'since', String(Math.floor(Date.now() / 1000) - keptSeconds(windowSeconds)));
    },
    close: async () => {
      raw.disconnect();
      await store.close();
    },
  });
}

function openMomento({ host, port }: StoreAddress): Promise<KeyedStore> {
  const cacheName = 'atomic-counter';
  const client = momentoClient(() => Promise.resolve(momentoCredentials({ host, port, tls: false })));
  const store = momentoCounterStore(client, { cacheName });
  return Promise.resolve({
    store,
    bytes: (id) =>
      client.use(
        async (cache) => id.length + ((await counterItems(cache, cacheName, id, 'read').read())?.text.length ?? 0),
      ),
    close: () => store.close(),
  });
}

async function openDocdb(server: StoreAddress): Promise<KeyedStore> {
  const address = { host: server.host, port: server.port, options: docdbLogin(server) };
  const setup = docdbClient(
    () => Promise.resolve(address),
    () => Promise.resolve(),
  );
  await setUpDocdb(setup);
  await setup.close();
  const client = docdbClient(() => Promise.resolve(address), requireUniqueIndex);
  const store = docdbCounterStore(client);
  return {
    store,
    bytes: (id) =>
      client.use(async ({ counters }) => BSON.calculateObjectSize((await counters.findOne({ counter_id: id })) ?? {})),
    close: () => store.close(),
  };
}

async function openTidb(server: StoreAddress): Promise<KeyedStore> {
  const { database, ...options } = tidbLogin(server);
  const address = { database, options };
  await setUpTidb(address);
  const client = tidbClient(() => Promise.resolve(address));
  const store = tidbCounterStore(client);
  return {
    store,
    bytes: (id) =>
      client.use(async (pool) => {
        const [rows] = await pool.query<RowDataPacket[]>(
          'SELECT counter_value, recent_keys, keys_floor FROM counters WHERE counter_id = ?',
          [id],
        );
        return (
          id.length +
          Object.values(rows[0] ?? {})
            .map((value) => String(value ?? ''))
            .join('').length
        );
      }),
    close: () => store.close(),
  };
}
