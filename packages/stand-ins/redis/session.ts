import type { Call } from './commands/command';
import type { Keyspace, Watcher } from './keyspace';
import type { RedisServer } from './redis-server';
import type { Protocol } from './resp-writer';

/** What the server remembers of one client, or of a running script. */
export interface Session {
  readonly server: RedisServer;
  readonly id: number;
  /** `host:port` of the client. */
  readonly address: string;
  readonly connectedAt: number;
  /** What CLIENT SETNAME and SETINFO have told. */
  name: string;
  libraryName: string;
  libraryVersion: string;
  protocol: Protocol;
  /** The number of the selected database. */
  database: number;
  keys: Keyspace;
  /** Between MULTI and EXEC or DISCARD. */
  transaction: Transaction | undefined;
  /** Since WATCH, until EXEC, DISCARD or UNWATCH. */
  watch: Watch | undefined;
  /** The connection ends after the reply. */
  quitting: boolean;
}

export interface Transaction {
  readonly queue: Call[];
  /** A command was refused while queueing, so EXEC refuses the whole. */
  broken: boolean;
}

export interface Watch extends Watcher {
  readonly keys: { readonly keyspace: Keyspace; readonly key: string }[];
}

export function selectDatabase(session: Session, index: number): boolean {
  const keys = session.server.databases[index];
  if (keys === undefined) return false;
  session.database = index;
  session.keys = keys;
  return true;
}

/** Forgets the watched keys. */
export function endWatch(session: Session): void {
  if (session.watch === undefined) return;
  for (const { keyspace, key } of session.watch.keys) keyspace.unwatch(key, session.watch);
  session.watch = undefined;
}
