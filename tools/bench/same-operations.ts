import {
  CacheClient,
  CacheIncrementResponse,
  Configurations,
  CredentialProvider,
  NoopMomentoLoggerFactory,
} from '@gomomento/sdk';
import { Redis } from 'ioredis';
import { Long, MongoClient } from 'mongodb';
import { createPool } from 'mysql2/promise';
import type { StoreAddress } from '../../local/store-address';
import { docdbLogin, redisLogin, tidbLogin } from '../store-logins';
import type { KeyedStoreName } from './keyed-stores';

/** The operation that a function's call comes to, on a client as its documentation shows it. */
export interface SameOperation {
  increment(): Promise<unknown>;
  close(): Promise<unknown>;
}

const ID = 'bare';

/** As many connections as the functions' clients have. */
const CONNECTIONS = 32;

/**
 * Opens a client of a store that is set up. None of the functions' code is loaded for it: Momento's changes what the SDK's
 * clients do from then on.
 */
export const OPEN_SAME: Readonly<Record<KeyedStoreName, (address: StoreAddress) => Promise<SameOperation>>> = {
  redis: openRedis,
  momento: openMomento,
  docdb: openDocdb,
  tidb: openTidb,
};

function openRedis(address: StoreAddress): Promise<SameOperation> {
  const client = new Redis(redisLogin(address));
  return Promise.resolve({
    increment: () => client.incr(`counter:{${ID}}`),
    close: () => client.quit(),
  });
}

async function openMomento({ host, port }: StoreAddress): Promise<SameOperation> {
  const client = await CacheClient.create({
    // Patient: 32 calls that wait for the first connection of a busy machine are no failure.
    configuration: Configurations.Lambda.latest(new NoopMomentoLoggerFactory()).withClientTimeoutMillis(10_000),
    credentialProvider: CredentialProvider.forMomentoLocal({
      hostname: host === '127.0.0.1' ? 'localhost' : host,
      port,
    }),
    defaultTtlSeconds: 86_400,
  });
  return {
    increment: async () => {
      const response = await client.increment('atomic-counter', ID);
      if (response.type === CacheIncrementResponse.Error) throw response.innerException();
      return response.value();
    },
    close: () => Promise.resolve(client.close()),
  };
}

async function openDocdb(address: StoreAddress): Promise<SameOperation> {
  const client = await MongoClient.connect(`mongodb://${address.host}:${address.port}`, {
    ...docdbLogin(address),
    maxPoolSize: CONNECTIONS,
    retryWrites: false,
    writeConcern: { w: 'majority' },
  });
  const counters = client.db('atomic_counter').collection('counters');
  const most = Long.fromNumber(Number.MAX_SAFE_INTEGER);
  const range = { $gte: most.negate(), $lte: most.subtract(1) };
  const hasRoom = [
    { atomic_counter: { $exists: false } },
    { atomic_counter: { $type: 'int', ...range } },
    { atomic_counter: { $type: 'long', ...range } },
  ];
  return {
    increment: () =>
      counters.findOneAndUpdate(
        { counter_id: ID, $or: hasRoom },
        { $inc: { atomic_counter: Long.ONE } },
        {
          upsert: true,
          returnDocument: 'after',
          projection: { _id: 0, atomic_counter: 1 },
          hint: { counter_id: 1 },
        },
      ),
    close: () => client.close(),
  };
}

function openTidb(address: StoreAddress): Promise<SameOperation> {
  const pool = createPool({ ...tidbLogin(address), connectionLimit: CONNECTIONS, flags: ['-FOUND_ROWS'] });
  const sql =
    'INSERT INTO counters (counter_id, counter_value) VALUES (?, LAST_INSERT_ID(1)) ON DUPLICATE KEY UPDATE ' +
    'counter_value = IF(counter_value < ?, LAST_INSERT_ID(counter_value + 1), counter_value)';
  return Promise.resolve({
    increment: () => pool.execute(sql, [ID, '9007199254740991']),
    close: () => pool.end(),
  });
}
