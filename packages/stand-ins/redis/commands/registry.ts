import type { RedisServer } from '../redis-server';
import type { Command, CommandTable, Session } from './command';
import { connectionCommands } from './connection-commands';
import { hashCommands } from './hash-commands';
import { keyCommands } from './key-commands';
import { scriptCommands } from './script-commands';
import { serverCommands } from './server-commands';
import { stringCommands } from './string-commands';

/** All that this server carries out, by what it is about. The list in README.md is printed from it. */
export const COMMAND_GROUPS: Readonly<Record<string, CommandTable>> = {
  Strings: stringCommands,
  Hashes: hashCommands,
  Keys: keyCommands,
  Scripts: scriptCommands,
  Server: serverCommands,
  Connection: connectionCommands,
};

const COMMANDS: ReadonlyMap<string, Command> = new Map(Object.values(COMMAND_GROUPS).flatMap(Object.entries<Command>));

let lastId = 0;

/** Starts what the server remembers of a client: nothing yet, and the first database. */
export function openSession(server: RedisServer): Session {
  const [keys] = server.databases;
  if (keys === undefined) throw new Error('there is no database');
  return { server, commands: COMMANDS, id: ++lastId, name: '', database: 0, keys, quitting: false };
}
