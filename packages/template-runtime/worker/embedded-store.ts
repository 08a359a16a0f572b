import path from 'node:path';

/** An embedded stand-in for a datastore: it listens on loopback and speaks the store's own wire protocol. */
export interface EmbeddedStore {
  /** The port on 127.0.0.1, the same over stop and start. */
  readonly port: number;
  /** Cuts every connection and refuses new ones. The data stays. */
  stop(): Promise<void>;
  /** Listens again, on the same port and with the same data. Does nothing while it listens. */
  start(): Promise<void>;
  /** Ends for good and frees everything. */
  close(): Promise<void>;
}

export interface EmbeddedStoreOptions {
  /** @default - a free port */
  readonly port?: number;
  /** A folder where the data is kept for the next start. @default - memory: the data is gone at the end */
  readonly dataDirectory?: string;
}

/** A store's own file or folder there. */
export function fileIn(dataDirectory: string | undefined, name: string): string | undefined {
  return dataDirectory === undefined ? undefined : path.join(dataDirectory, name);
}
