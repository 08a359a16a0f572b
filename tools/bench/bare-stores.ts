import { BatchWriteItemCommand, CreateTableCommand, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { type CacheClient, CacheIncrementResponse } from '@gomomento/sdk';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { createPool, type ResultSetHeader } from 'mysql2/promise';
import { Agent } from 'node:http';
import { momentoClient, momentoCredentials, TTL_SECONDS } from '../../functions/momento/client';
import type { StoreName } from '../../local/store-modules';

/** An embedded store by its bare client, with counters as simple as they can be. */
export interface BareStore {
  /** Makes what counters need, where it isn't there. */
  prepare(): Promise<void>;
  /** Adds one to a counter. @returns what it is now, where the answer tells */
  increment(id: string): Promise<number | undefined>;
  /** Writes to each of some counters, in few round trips: adds one, where the store can do that to many at once. */
  writeAll(ids: readonly string[]): Promise<unknown>;
  close(): Promise<void>;
}

/** How many requests a client without batches has under way at once. */
const AT_ONCE = 16;

/** Opens the store on a port of this machine. */
export const OPEN_BARE: Readonly<Record<StoreName, (port: number) => Promise<BareStore>>> = {
  dynamo: openDynamo,
  redis: openRedis,
  momento: openMomento,
  docdb: openDocdb,
  tidb: openTidb,
};

function openDynamo(port: number): Promise<BareStore> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ httpAgent: agent }),
  });
  const TableName = 'bench';
  return Promise.resolve({
    prepare: async () => {
      await client.send(
        new CreateTableCommand({
          TableName,
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          BillingMode: 'PAY_PER_REQUEST',
        }),
      );
    },
    increment: async (id) => {
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          TableName,
          Key: { id: { S: id } },
          UpdateExpression: 'ADD n :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
          ReturnValues: 'UPDATED_NEW',
        }),
      );
      return Number(Attributes?.['n']?.N);
    },
    // A batch of DynamoDB puts items, and can't update them: 25 at most.
    writeAll: (ids) =>
      Promise.all(
        chunks(ids, 25).map((some) =>
          client.send(
            new BatchWriteItemCommand({
              RequestItems: {
                [TableName]: some.map((id) => ({ PutRequest: { Item: { id: { S: id }, n: { N: '1' } } } })),
              },
            }),
          ),
        ),
      ),
    close: () => {
      client.destroy();
      agent.destroy();
      return Promise.resolve();
    },
  });
}

function openRedis(port: number): Promise<BareStore> {
  const client = new Redis(port, '127.0.0.1');
  return Promise.resolve({
    prepare: () => Promise.resolve(),
    increment: (id) => client.incr(id),
    writeAll: (ids) => Promise.all(ids.map((id) => client.incr(id))),
    close: () => Promise.resolve(client.disconnect()),
  });
}

function openMomento(port: number): Promise<BareStore> {
  const cacheName = 'atomic-counter';
  const shared = momentoClient(() => Promise.resolve(momentoCredentials({ host: '127.0.0.1', port, tls: false })));
  const increment = (id: string): Promise<number> =>
    shared.use(async (cache: CacheClient) => {
      const response = await cache.increment(cacheName, id, 1, { ttl: TTL_SECONDS });
      if (response.type !== CacheIncrementResponse.Success)
        throw new Error(`an increment of Momento ended as ${String(response)}`);
      return response.valueNumber();
    });
  return Promise.resolve({
    prepare: () => Promise.resolve(),
    increment,
    writeAll: async (ids) => {
      for (const some of chunks(ids, AT_ONCE)) await Promise.all(some.map(increment));
    },
    close: () => shared.close(),
  });
}

async function openDocdb(port: number): Promise<BareStore> {
  const client = await MongoClient.connect(`mongodb://127.0.0.1:${port}`, {
    directConnection: true,
    retryWrites: false,
  });
  const counters = client.db('bench').collection<{ counter_id: string; n: number }>('counters');
  return {
    prepare: async () => void (await counters.createIndex({ counter_id: 1 }, { unique: true })),
    increment: async (id) => {
      const document = await counters.findOneAndUpdate(
        { counter_id: id },
        { $inc: { n: 1 } },
        { upsert: true, returnDocument: 'after' },
      );
      return document?.n;
    },
    writeAll: (ids) =>
      counters.bulkWrite(
        ids.map((id) => ({ updateOne: { filter: { counter_id: id }, update: { $inc: { n: 1 } }, upsert: true } })),
      ),
    close: () => client.close(),
  };
}

function openTidb(port: number): Promise<BareStore> {
  const pool = createPool({ host: '127.0.0.1', port, user: 'root', database: 'test' });
  const insert = async (values: string, parameters: readonly string[]): Promise<number> => {
    const [{ insertId }] = await pool.execute<ResultSetHeader>(
      `INSERT INTO counters VALUES ${values} ON DUPLICATE KEY UPDATE n = LAST_INSERT_ID(n + 1)`,
      [...parameters],
    );
    return insertId;
  };
  return Promise.resolve({
    prepare: async () => {
      await pool.query('CREATE TABLE counters (id VARCHAR(128) PRIMARY KEY, n BIGINT NOT NULL)');
    },
    increment: (id) => insert('(?, LAST_INSERT_ID(1))', [id]),
    writeAll: (ids) => insert(ids.map(() => '(?, 1)').join(), ids),
    close: () => pool.end(),
  });
}

/** Parts of at most so many values. */
export function chunks<T>(values: readonly T[], most: number): T[][] {
  const parts = Array.from({ length: Math.ceil(values.length / most) }, (_, index) => index * most);
  return parts.map((start) => values.slice(start, start + most));
}
