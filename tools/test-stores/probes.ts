import {
  CacheClient,
  Configurations,
  CredentialProvider,
  ListCachesResponse,
  NoopMomentoLoggerFactory,
} from '@gomomento/sdk';
import Redis from 'ioredis';
import { MongoClient } from 'mongodb';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import type { StoreAddress } from '../../local/store-address';
import type { StoreName } from '../../local/store-modules';

/** How long a server may take to return its version, in milliseconds. */
const TIMEOUT_MS = 2000;

/**
 * Reads a server's name and version in its own protocol: an open port alone may belong to anything. Rejects if it
 * doesn't answer.
 */
export const PROBES: Record<StoreName, (address: StoreAddress) => Promise<string>> = {
  async dynamo({ host, port }) {
    const response = await fetch(`http://${host}:${port}/`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.0',
        'X-Amz-Target': 'DynamoDB_20120810.ListTables',
        Authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, Signature=none',
      },
      body: '{}',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer = (await response.json()) as { TableNames?: unknown; __type?: unknown };
    if (answer.TableNames === undefined && answer.__type === undefined) throw new Error('not DynamoDB');
    return 'DynamoDB';
  },

  async redis({ host, port, tls, user, password }) {
    const redis = new Redis({
      host,
      port,
      ...(tls ? { tls: {} } : {}),
      ...(user === undefined ? {} : { username: user }),
      ...(password === undefined ? {} : { password }),
      connectTimeout: TIMEOUT_MS,
      commandTimeout: TIMEOUT_MS,
      lazyConnect: true,
      retryStrategy: () => null,
    });
    let cause: unknown;
    redis.on('error', (error) => (cause ??= error));
    try {
      await redis.connect();
      const information = await redis.info('server');
      return `Redis ${/redis_version:(\S+)/.exec(information)?.[1] ?? 'of no version'}`;
    } catch (error) {
      throw cause ?? error;
    } finally {
      redis.disconnect();
    }
  },

  async momento({ host: hostname, port }) {
    const client = await CacheClient.create({
      configuration: Configurations.Lambda.latest(new NoopMomentoLoggerFactory()).withClientTimeoutMillis(TIMEOUT_MS),
      credentialProvider: CredentialProvider.forMomentoLocal({ hostname, port }),
      defaultTtlSeconds: 60,
      eagerConnectTimeout: TIMEOUT_MS / 1000,
    });
    try {
      const answer = await client.listCaches();
      if (answer.type === ListCachesResponse.Error) throw answer.innerException();
      return 'Momento';
    } finally {
      client.close();
    }
  },

  async docdb({ host, port, tls, user, password }) {
    const client = new MongoClient(`mongodb://${host}:${port}`, {
      directConnection: true,
      tls,
      serverSelectionTimeoutMS: TIMEOUT_MS,
      ...(user === undefined ? {} : { auth: { username: user, password: password ?? '' } }),
    });
    try {
      await client.connect();
      const { version } = await client.db().admin().buildInfo();
      return `MongoDB ${String(version)}, as it says`;
    } finally {
      await client.close();
    }
  },

  async tidb({ host, port, tls, user = 'root', password = '' }) {
    const connection = await createConnection({
      host,
      port,
      user,
      password,
      connectTimeout: TIMEOUT_MS,
      ...(tls ? { ssl: { rejectUnauthorized: true, verifyIdentity: true } } : {}),
    });
    try {
      const [rows] = await connection.query<RowDataPacket[]>('SELECT VERSION() AS version');
      return String(rows[0]?.['version']);
    } finally {
      await connection.end();
    }
  },
};
