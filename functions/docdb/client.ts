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
 * Options of a command whose caller waits no longer than it may take. The driver would destroy the socket of an answer that
 * a stalled event loop has not read yet. It takes this option with every command; its types don't say so.
 * Source: mongodb, lib/cmap/connection.js (`sendWire`)
 */
export const NO_SOCKET_TIMEOUT: object = { socketTimeoutMS: 0 };

/** A connected client with its collection of counters. */
export interface DocdbClient {
  readonly client: MongoClient;
  readonly counters: Collection<CounterDocument>;
  /**
   * The unique index's key, once it has been seen. Increments name it, so that the server refuses them when the index has
   * gone meanwhile. Undefined again where the server knows no such option.
   */
  uniqueIndex: Document | undefined;
}

/**
 * The root that signs the certificates of DocumentDB in each region (rds-ca-rsa2048-g1), which `npm run refresh:ca` writes.
 * Source: https://docs.aws.amazon.com/documentdb/latest/developerguide/ca_cert_rotation.html
 */
const AUTHORITIES: Readonly<Record<string, string>> = rdsRoots;

/**
 * Amazon's certificate authorities as the Lambda runtime provides them: for a region that is newer than the roots in the
 * bundle. Node doesn't trust them by itself.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html (certificate loading)
 */
const RUNTIME_AUTHORITIES = '/var/runtime/ca-cert.pem';

/** Whom to trust: for an endpoint of DocumentDB the root of its region and nobody else, for another server Node's list. */
function trusted(host: string): Pick<MongoClientOptions, 'ca' | 'tlsCAFile'> {
  const region = /\.([a-z0-9-]+)\.docdb\.amazonaws\.com$/.exec(host)?.[1];
  if (region === undefined) return {};
  const ca = AUTHORITIES[region];
  if (ca !== undefined) return { ca };
  return existsSync(RUNTIME_AUTHORITIES) ? { tlsCAFile: RUNTIME_AUTHORITIES } : {};
}

/**
 * Reads the address from the store's secret, in the form that Secrets Manager gives it when it attaches a cluster:
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
      replicaSet: 'rs0', // every cluster's name; by it the driver finds the primary after a failover
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
    maxPoolSize: 32, // one call at a time in AWS; sockets are opened as they are needed
    readPreference: 'primary',
    retryReads: false,
    retryWrites: false, // DocumentDB refuses it before version 8, and a repeated increment counts twice
    serverSelectionTimeoutMS: CONNECT_TIMEOUT_MS,
    socketTimeoutMS: COMMAND_TIMEOUT_MS, // of the commands around a call: finding the index, ending the sessions
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

/** Rejects when the address refuses: the driver alone would try again until the end of its server selection timeout. */
function firstFailure(client: MongoClient, seed: string): Promise<never> {
  return new Promise((_resolve, reject) => {
    client.on('serverHeartbeatFailed', ({ connectionId, failure }) => {
      if (connectionId === seed) reject(failure);
    });
  });
}

async function end({ client }: DocdbClient): Promise<void> {
  // What fails here fails on a connection that is given up anyway.
  await client.close().catch(() => undefined);
}
