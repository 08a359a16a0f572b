import Redis, { type RedisOptions } from 'ioredis';
import { type SharedClient, sharedClient } from '../shared-client';
import { optionalSecretText, storeAddress } from '../store-address';
import { readStoreSecret } from '../store-secret';
import { giveUpAfter } from '../give-up';
import { CONNECT_TIMEOUT_MS, MAX_IDLE_MS } from '../timeouts';
import { redisErrors } from './errors';
import { SCRIPTS } from './scripts';
import { watchSilence } from './silence';

/** Address and credentials, as ioredis takes them. */
export type RedisAddress = Pick<RedisOptions, 'host' | 'port' | 'username' | 'password' | 'tls'>;

/** Reads the address from the store's secret `{host, port, user?, password?, tls?}`. */
export async function readRedisAddress(): Promise<RedisAddress> {
  const secret = await readStoreSecret('redis');
  const { host, port, tls } = storeAddress('redis', secret);
  const username = optionalSecretText('redis', secret, 'user');
  const password = optionalSecretText('redis', secret, 'password');
  return {
    host,
    port,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls ? { tls: {} } : {}), // Node verifies: ElastiCache's certificates come from Amazon's public authority
  };
}

/**
 * The Redis connection of a Lambda environment: one socket, on which concurrent calls are pipelined.
 *
 * @param readAddress called before each connection
 * @param now the clock of the idle limit, in milliseconds
 */
export function redisClient(readAddress: () => Promise<RedisAddress>, now = Date.now): SharedClient<Redis> {
  return sharedClient({
    connect: async () => connect(await readAddress()),
    end: (redis) => redis.disconnect(),
    isUsable: (redis) => redis.status === 'ready',
    maxIdleMs: MAX_IDLE_MS,
    now,
  });
}

async function connect(address: RedisAddress): Promise<Redis> {
  const redis = new Redis({
    ...address,
    autoResendUnfulfilledCommands: false, // a resent increment counts twice

    connectTimeout: CONNECT_TIMEOUT_MS,
    disableClientInfo: true, // two commands fewer on each connection
    enableOfflineQueue: false, // unsent fails at once: not applied
    enableReadyCheck: false, // a server that is still loading answers LOADING: not applied
    lazyConnect: true, // connect() is awaited, or the first command would fail
    maxRetriesPerRequest: 0, // sent and unanswered: unknown
    protocol: 2, // enough for integers and texts, and the handshake is one command shorter
    retryStrategy: () => null, // the next call connects, through the shared client
    scripts: SCRIPTS,
    stringNumbers: true, // ioredis's own conversion is off by one for integers within 48 of 2^53
  });
  let cause: unknown;
  redis.on('error', (error) => (cause = error)); // the rejection only says that the connection is closed
  // connectTimeout ends once the socket is connected: a server that accepts it and never answers AUTH is no closer.
  const patience = giveUpAfter(CONNECT_TIMEOUT_MS, () => redis.stream.destroy(new Error('redis did not answer')));
  try {
    await redis.connect();
    watchSilence(redis);
    return redis;
  } catch (error) {
    redis.disconnect();
    throw redisErrors.unreachable(cause ?? error);
  } finally {
    patience.end();
  }
}
