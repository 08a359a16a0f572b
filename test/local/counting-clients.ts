import { CacheIncrement, CacheGet } from '@gomomento/sdk';
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import Redis from 'ioredis';
import { Long, MongoClient } from 'mongodb';
import mysql, { type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import type { StoreName } from '../../local/store-modules';
import { clientOf } from '../../packages/stand-ins/test/momento/connected-momento';

/** A store's unmodified client, as far as counting takes it. It never sends a write twice. */
export interface CountingClient {
  /** Adds one to the counter and gives the value that this made. */
  increment(): Promise<number>;
  /** The counter's value, 0 where there is none. */
  read(): Promise<number>;
  close(): Promise<void>;
}

const NAME = 'votes';
const CACHE = 'atomic-counter';
const LOOPBACK = { host: '127.0.0.1' };

/** Connects to a store of that name, and makes there what counting needs, unless it is there. */
export const connectTo: Readonly<Record<StoreName, (port: number) => Promise<CountingClient>>> = {
  async dynamo(port) {
    const client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });
    const create = new CreateTableCommand({
      TableName: 'counters',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    });
    await client.send(create).catch((error: Error) => {
      if (error.name !== 'ResourceInUseException') throw error;
    });
    await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1 }, { TableName: 'counters' });
    const item = { TableName: 'counters', Key: { id: { S: NAME } } };
    const add = new UpdateItemCommand({
      ...item,
      UpdateExpression: 'ADD v :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
      ReturnValues: 'UPDATED_NEW',
    });
    return {
      increment: async () => Number((await client.send(add)).Attributes?.['v']?.N),
      read: async () => Number((await client.send(new GetItemCommand(item))).Item?.['v']?.N ?? 0),
      close: () => Promise.resolve(client.destroy()),
    };
  },

  async redis(port) {
    const client = new Redis(port, LOOPBACK.host, {
      lazyConnect: true,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    });
    client.on('error', () => undefined); // the promise rejects, too
    await client.connect();
    return {
      increment: () => client.incr(NAME),
      read: async () => Number(await client.get(NAME)),
      close: () => Promise.resolve(client.status === 'end' ? undefined : client.disconnect()),
    };
  },

  async momento(port) {
    const client = await clientOf({ port });
    return {
      increment: async () => {
        const response = await client.increment(CACHE, NAME);
        if (response instanceof CacheIncrement.Success) return response.value();
        throw new Error(response.toString());
      },
      read: async () => {
        const response = await client.get(CACHE, NAME);
        return response instanceof CacheGet.Hit ? Number(response.valueString()) : 0;
      },
      close: () => Promise.resolve(client.close()),
    };
  },

  async docdb(port) {
    const client = await new MongoClient(`mongodb://127.0.0.1:${port}/`, {
      directConnection: true,
      retryWrites: false,
    }).connect();
    const counters = client.db('shop').collection<{ _id: string; v: Long }>('counters');
    const by = { $inc: { v: Long.fromNumber(1) } };
    return {
      increment: async () =>
        Number((await counters.findOneAndUpdate({ _id: NAME }, by, { upsert: true, returnDocument: 'after' }))?.v),
      read: async () => Number((await counters.findOne({ _id: NAME }))?.v ?? 0),
      close: () => client.close(),
    };
  },

  async tidb(port) {
    const pool = mysql.createPool({ ...LOOPBACK, port, user: 'root', database: 'test', connectionLimit: 16 });
    await pool.query('CREATE TABLE IF NOT EXISTS counters (id VARCHAR(128) PRIMARY KEY, v BIGINT NOT NULL)');
    const upsert =
      'INSERT INTO counters VALUES (?, LAST_INSERT_ID(1)) ON DUPLICATE KEY UPDATE v = LAST_INSERT_ID(v + 1)';
    return {
      increment: async () => (await pool.execute<ResultSetHeader>(upsert, [NAME]))[0].insertId,
      read: async () => {
        const [[row]] = await pool.query<RowDataPacket[]>('SELECT v FROM counters WHERE id = ?', [NAME]);
        return Number(row?.['v'] ?? 0);
      },
      close: () => pool.end(),
    };
  },
};
