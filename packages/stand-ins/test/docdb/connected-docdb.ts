import {
  type Collection,
  type Db,
  type Document,
  MongoClient,
  type MongoClientOptions,
  MongoServerError,
} from 'mongodb';
import { type DocdbOptions, startDocdb } from '../../docdb';
import type { EmbeddedStore } from 'template-runtime/worker';

/** An embedded DocumentDB with the unmodified driver connected to it. */
export interface ConnectedDocdb {
  readonly store: EmbeddedStore;
  readonly client: MongoClient;
  readonly db: Db;
  /** A collection of its own for each test. */
  collection(): Collection<Document>;
  close(): Promise<void>;
}

export async function connectDocdb(
  options: DocdbOptions & { client?: MongoClientOptions } = {},
): Promise<ConnectedDocdb> {
  const { client: clientOptions, ...storeOptions } = options;
  const store = await startDocdb(storeOptions);
  const client = new MongoClient(`mongodb://127.0.0.1:${store.port}/`, {
    directConnection: true,
    retryWrites: false,
    ...clientOptions,
  });
  const db = client.db('shop');
  let collections = 0;
  return {
    store,
    client,
    db,
    collection: () => db.collection(`items${++collections}`),
    close: async () => {
      await client.close();
      await store.close();
    },
  };
}

/** The server's error of a call that must fail. */
export async function serverError(call: Promise<unknown>): Promise<MongoServerError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof MongoServerError) return error;
  throw new Error(`expected a MongoServerError, got ${String(error)}`);
}
