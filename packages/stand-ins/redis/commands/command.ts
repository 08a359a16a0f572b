import type { Keyspace } from '../keyspace';
import type { RedisServer } from '../redis-server';
import { CommandError, type Reply } from '../reply';

/** What the server remembers of one client, or of a running script. */
export interface Session {
  readonly server: RedisServer;
  /** What it may call, by name in lower case, a subcommand as `command|subcommand`. */
  readonly commands: ReadonlyMap<string, Command>;
  readonly id: number;
  /** The name set by CLIENT SETNAME. */
  name: string;
  /** The number of the selected database. */
  database: number;
  keys: Keyspace;
  /** The connection ends after the reply. */
  quitting: boolean;
}

/** A command, or a subcommand, which the tables name `command|subcommand`. */
export interface Command {
  /**
   * The arguments as Redis' own pages write them: a word for each that is required, brackets around what is not. They tell
   * how many words a call may have, and are printed in the list of README.md.
   */
  readonly takes: string;
  /**
   * Carries it out. The caller has checked the number of words, so the required arguments exist.
   *
   * @param args the words after the name; of a subcommand those after its own
   * @throws CommandError the error reply
   */
  readonly run: (session: Session, ...args: string[]) => Reply;
  /** It may change data. */
  readonly writes?: boolean;
  /** Scripts may not call it. */
  readonly refusedInScripts?: boolean;
}

export type CommandTable = Readonly<Record<string, Command>>;

/** The request has too few or too many words. */
export class ArityError extends CommandError {
  constructor(name: string) {
    super(`ERR wrong number of arguments for '${name}' command`);
  }
}

export function selectDatabase(session: Session, index: number): boolean {
  const keys = session.server.databases[index];
  if (keys === undefined) return false;
  session.database = index;
  session.keys = keys;
  return true;
}
