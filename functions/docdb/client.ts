import { existsSync } from 'node:fs';
import { type Collection, type Document, type Long, MongoClient, type MongoClientOptions } from 'mongodb';
import { type SharedClient, sharedClient } from '../shared-client';
import { optionalSecretText, secretText, storeAddress } from '../store-address';
import { readStoreSecret } from '../store-secret';
import { COMMAND_TIMEOUT_MS, CONNECT_TIMEOUT_MS, MAX_IDLE_MS } from '../timeouts';
import { docdbErrors } from './errors';
import rdsRoots from './rds-roots.json';

/** Address and credentials, as `MongoClient` takes them. */
export interface DocdbAddress {
  readonly host: string;
  readonly port: number;
  readonly options: Pick<MongoClientOptions, 'auth' | 'ca' | 'directConnection' | 'replicaSet' | 'tls' | 'tlsCAFile'>;
}

/** A counter as it is stored. */
export interface CounterDocument extends Document {
  counter_id: string;
  atomic_counter: number | Long;
}

/**
 * Options of a command whose caller has a timeout of its own. The driver's timeout would destroy a socket that holds an
 * answer which a stalled event loop has not read yet. It accepts this option with every command, though its types
 * don't.
 * Source: mongodb, lib/cmap/connection.js (`sendWire`)
 */
export const NO_SOCKET_TIMEOUT: object = { socketTimeoutMS: 0 };

/** A connected client with its collection of counters. */
export interface DocdbClient {
  readonly client: MongoClient;
  readonly counters: Collection<CounterDocument>;
  /**
   * The key of the unique index, once it has been found. Increments name it as their hint, so that the server refuses
   * them when the index has been dropped since. Undefined where the server doesn't support hints.
   */
  uniqueIndex: Document | undefined;
}

/**
 * The root that signs the certificates of DocumentDB in each region (rds-ca-rsa2048-g1), which `npm run refresh:ca` writes.
 * Source: https://docs.aws.amazon.com/documentdb/latest/developerguide/ca_cert_rotation.html
 */
const AUTHORITIES: Readonly<Record<string, string>> = rdsRoots;

/**
 * Amazon's certificate authorities as the Lambda runtime provides them: for a region that is newer than the roots in
 * the bundle. Node doesn't trust them by default.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html (certificate loading)
 */
const RUNTIME_AUTHORITIES = '/var/runtime/ca-cert.pem';

/** Whom to trust: for a DocumentDB endpoint only the root of its region, for any other server Node's list. */
function trusted(host: string): Pick<MongoClientOptions, 'ca' | 'tlsCAFile'> {
  const region = /\.([a-z0-9-]+)\.docdb\.amazonaws\.com$/.exec(host)?.[1];
  if (region === undefined) return {};
  const ca = AUTHORITIES[region];
  if (ca !== undefined) return { ca };
  return existsSync(RUNTIME_AUTHORITIES) ? { tlsCAFile: RUNTIME_AUTHORITIES } : {};
}

/**
 * Reads the address from the store's secret, in the form that Secrets Manager writes when it attaches a cluster:
 * `{host, port, username?, password?, tls?}`.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html
 */
export async function readDocdbAddress(): Promise<DocdbAddress> {
  const secret = await readStoreSecret('docdb');
  const { host, port, tls } = storeAddress('docdb', secret);
  const username = optionalSecretText('docdb', secret, 'username');
  const auth = username === undefined ? {} : { auth: { username, password: secretText('docdb', secret, 'password') } };
  if (!tls) return { host, port, options: { ...auth, directConnection: true } }; // a single server on this machine
  return {
    host,
    port,
    options: {
      ...auth,
      replicaSet: 'rs0', // every cluster has this name; the driver needs it to find the primary after a failover
      tls: true,
      ...trusted(host),
    },
  };
}

/**
 * The DocumentDB client of a Lambda environment. It is connected once the server has answered.
 *
 * @param readAddress called before each connection
 * @param prepare run once on each new client, before its first use
 * @param now the clock of the idle limit, in milliseconds
 */
export function docdbClient(
  readAddress: () => Promise<DocdbAddress>,
  prepare: (client: DocdbClient) => Promise<void>,
  now = Date.now,
): SharedClient<DocdbClient> {
  return sharedClient({
    connect: async () => {
      const connected = await connect(await readAddress());
      try {
        await prepare(connected);
        return connected;
      } catch (error) {
        await end(connected);
        throw error;
      }
    },
    end,
    maxIdleMs: MAX_IDLE_MS,
    now,
  });
}

async function connect({ host, port, options }: DocdbAddress): Promise<DocdbClient> {
  const seed = `${host}:${port}`;
  const client = new MongoClient(`mongodb://${seed}`, {
    ...options,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    maxPoolSize: 32, // one call at a time in AWS; sockets are opened as needed
    readPreference: 'primary',
    retryReads: false,
    retryWrites: false, // DocumentDB refuses it before version 8, and a repeated increment counts twice
    serverSelectionTimeoutMS: CONNECT_TIMEOUT_MS,
    socketTimeoutMS: COMMAND_TIMEOUT_MS, // for the commands around a call: finding the index, ending the sessions
    waitQueueTimeoutMS: CONNECT_TIMEOUT_MS,
    writeConcern: { w: 'majority' },
  });
  try {
    await Promise.race([client.connect(), firstFailure(client, seed)]);
  } catch (error) {
    await client.close();
    throw docdbErrors.unreachable(error);
  }
  return {
    client,
    counters: client.db('atomic_counter').collection<CounterDocument>('counters'),
    uniqueIndex: undefined,
  };
}

/** Rejects as soon as the address refuses: the driver alone would retry until its server selection timeout. */
function firstFailure(client: MongoClient, seed: string): Promise<never> {
  return new Promise((_resolve, reject) => {
    client.on('serverHeartbeatFailed', ({ connectionId, failure }) => {
      if (connectionId === seed) reject(failure);
    });
  });
}

async function end({ client }: DocdbClient): Promise<void> {
  // The connection is abandoned anyway, so a failure here doesn't matter.
  await client.close().catch(() => undefined);
}
