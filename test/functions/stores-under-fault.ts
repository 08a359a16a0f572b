import type { CounterStore } from '../../functions/counter-store';
import { type DocdbAddress, docdbClient } from '../../functions/docdb/client';
import { docdbCounterStore } from '../../functions/docdb/store';
import { requireUniqueIndex } from '../../functions/docdb/unique-index';
import { setUpDocdb } from '../../functions/docdb/setup';
import { momentoClient, momentoCredentials } from '../../functions/momento/client';
import { momentoCounterStore } from '../../functions/momento/store';
import { redisClient } from '../../functions/redis/client';
import { redisCounterStore } from '../../functions/redis/store';
import { type TidbAddress, tidbClient } from '../../functions/tidb/client';
import { docdbLogin, redisLogin, tidbLogin } from '../../tools/store-logins';
import { tidbCounterStore } from '../../functions/tidb/store';
import { setUpTidb } from '../../functions/tidb/setup';
import { startDocdb } from 'stand-ins/docdb';
import { startDynamo } from 'template-runtime/dynamodb';
import type { EmbeddedStore } from 'template-runtime/worker';
import { startMomento } from 'stand-ins/momento';
import { startRedis } from 'stand-ins/redis';
import type { StoreAddress } from '../../local/store-address';
import { startTidb } from 'stand-ins/tidb';
import { dynamoMachineStore, prepareDynamo } from './dynamo-machine';
import { type CountAnswers, countDataFrames } from './fault-proxy';

export type Address = Omit<StoreAddress, 'tls'>;

/** How to start a store's stand-in, and how to reach any server of it, such as one behind a proxy. */
export interface StoreSetup {
  readonly start: () => Promise<EmbeddedStore>;
  /** Does what the setup machine does. */
  readonly prepare: (address: Address) => Promise<void>;
  readonly open: (address: Address, now?: () => number) => CounterStore;
  /** How many connections it keeps at most, whatever happened. */
  readonly maxConnections: number;
  /** @default - every chunk of bytes is an answer */
  readonly countAnswers?: () => CountAnswers;
  /** Whether its protocol is HTTP/2. @default - it is not */
  readonly isHttp2?: boolean;
  /** Whether a call with a key is sent again where its outcome is unknown, as the state machine does. @default - it is not */
  readonly ownReplays?: boolean;
  /** Whether its counters are striped: no steps, and values in no order. @default - they are not */
  readonly isSharded?: boolean;
}

export type StoreName = 'dynamo' | 'redis' | 'momento' | 'docdb' | 'tidb';

/** A server on this machine, with its defaults. */
export function loopback(port: number): Address {
  return { host: '127.0.0.1', port };
}

const nothing = (): Promise<void> => Promise.resolve();

const endpoint = ({ host, port }: Address): string => `http://${host}:${port}`;

const tidbAddress = (address: Address): TidbAddress => {
  const { database, ...options } = tidbLogin({ ...address, database: address.database ?? 'atomic_counter' });
  return { database, options };
};

const docdbAddress = (address: Address): DocdbAddress => ({
  host: address.host,
  port: address.port,
  options: docdbLogin(address),
});

export const STORES: Readonly<Record<StoreName, StoreSetup>> = {
  dynamo: {
    start: startDynamo,
    prepare: (address) => prepareDynamo(endpoint(address)),
    open: (address) => dynamoMachineStore(endpoint(address)),
    maxConnections: 256,
    ownReplays: true,
  },
  redis: {
    start: startRedis,
    prepare: nothing,
    open: (address, now) => redisCounterStore(redisClient(() => Promise.resolve(redisLogin(address)), now)),
    maxConnections: 1,
  },
  momento: {
    start: startMomento,
    prepare: nothing,
    open: ({ host, port }) =>
      momentoCounterStore(
        momentoClient(() => Promise.resolve(momentoCredentials({ host, port, tls: false }))),
        { cacheName: 'atomic-counter' },
      ),
    maxConnections: 1,
    countAnswers: countDataFrames,
    isHttp2: true,
  },
  docdb: {
    start: startDocdb,
    prepare: async (address) => {
      const client = docdbClient(() => Promise.resolve(docdbAddress(address)), nothing);
      await setUpDocdb(client);
      await client.close();
    },
    open: (address, now) =>
      docdbCounterStore(docdbClient(() => Promise.resolve(docdbAddress(address)), requireUniqueIndex, now)),
    maxConnections: 34, // the pool's, and two that watch the server
  },
  tidb: {
    start: startTidb,
    prepare: (address) => setUpTidb(tidbAddress(address)),
    open: (address, now) => tidbCounterStore(tidbClient(() => Promise.resolve(tidbAddress(address)), now)),
    maxConnections: 32,
  },
};

/** What faults are tried on. */
export interface Subject extends StoreSetup {
  readonly store: StoreName;
}

/** The stores, and DynamoDB with striped counters. */
export const SUBJECTS: Readonly<Record<string, Subject>> = {
  ...Object.fromEntries(
    Object.entries(STORES).map(([store, setup]) => [store, { ...setup, store: store as StoreName }]),
  ),
  'dynamo over 4 shards': {
    ...STORES.dynamo,
    store: 'dynamo',
    open: (address) => dynamoMachineStore(endpoint(address), { DYNAMO_SHARDS: '4' }),
    isSharded: true,
  },
};
