import { isIP } from 'node:net';
import { createPool, type Pool, type PoolOptions } from 'mysql2/promise';
import { StoreUnavailableError } from '../counter-store';
import { type SharedClient, sharedClient } from '../shared-client';
import { optionalSecretText, secretText, storeAddress } from '../store-address';
import { readStoreSecret, type StoreSecret } from '../store-secret';
import { CONNECT_TIMEOUT_MS, MAX_IDLE_MS } from '../timeouts';
import { translateConnectError } from './errors';

/** Address, credentials and database, as mysql2 takes them. */
export interface TidbAddress {
  readonly database: string;
  readonly options: Pick<PoolOptions, 'host' | 'port' | 'user' | 'password' | 'ssl'>;
}

/**
 * TiDB Cloud may cut a connection after 30 minutes and recommends a lifetime below 5.
 * Source: https://docs.pingcap.com/tidbcloud/serverless-limitations/
 */
const MAX_AGE_MS = 5 * 60_000;

/** Reads the address from the store's secret. */
export async function readTidbAddress(): Promise<TidbAddress> {
  return tidbAddress(await readStoreSecret('tidb'));
}

/**
 * The address in a secret `{host, port, user, pwd?, db, tls?}`.
 *
 * @throws NotConfiguredError when the secret has no host yet
 * @throws StoreUnavailableError when a field can't be used
 */
export function tidbAddress(secret: StoreSecret): TidbAddress {
  const { host, port, tls } = storeAddress('tidb', secret);
  if (tls && isIP(host) !== 0) {
    // mysql2 only checks names: for an address it would accept any server's certificate.
    throw new StoreUnavailableError('tidb: host in its secret must be a name, for its certificate to be checked');
  }
  const user = secretText('tidb', secret, 'user');
  const password = optionalSecretText('tidb', secret, 'pwd') ?? '';
  return {
    database: secretText('tidb', secret, 'db'),
    options: {
      host,
      port,
      user,
      password,
      // TiDB Cloud's certificates come from a public authority, which issues one to anybody: the name has to be
      // verified too, which mysql2 does only with this option.
      ...(tls ? { ssl: { minVersion: 'TLSv1.2', rejectUnauthorized: true, verifyIdentity: true } } : {}),
    },
  };
}

/**
 * The connections of a Lambda environment to TiDB: as many as there are concurrent calls, which is one in AWS.
 *
 * @param readAddress called before the first of them is made
 * @param now the clock of the idle limit and the age limit, in milliseconds
 */
export function tidbClient(readAddress: () => Promise<TidbAddress>, now = Date.now): SharedClient<Pool> {
  return sharedClient({
    connect: async () => {
      const { database, options } = await readAddress();
      return connected(pool({ ...options, database }));
    },
    end: endPool,
    maxIdleMs: MAX_IDLE_MS,
    maxAgeMs: MAX_AGE_MS,
    now,
  });
}

/** Makes the first connection of a pool, which the first statement takes. */
async function connected(connections: Pool): Promise<Pool> {
  try {
    (await connections.getConnection()).release();
    return connections;
  } catch (error) {
    await endPool(connections);
    throw translateConnectError(error as Error);
  }
}

/** Creates a pool. It connects on first use. */
export function pool(options: PoolOptions): Pool {
  return createPool({
    ...options,
    connectTimeout: CONNECT_TIMEOUT_MS,
    connectionLimit: 32,
    flags: ['-FOUND_ROWS'], // the affected rows of an upsert then distinguish a refusal (0) from an increment (1, 2)
    supportBigNumbers: true, // a number that a double can't hold is returned as a text
  });
}

/** Ends a pool's connections. They are abandoned anyway, so a failure doesn't matter. */
export async function endPool(connections: Pool): Promise<void> {
  await connections.end().catch(() => undefined);
}
