import { matchesPattern } from '../glob';
import type { Value } from '../keyspace';
import { safeInteger } from '../numbers';
import { CommandError, OK, Status, type Reply } from '../reply';
import type { Session } from '../session';
import { ALL_KEYS, ONE_KEY, syntaxError, type Command, type CommandTable } from './command';

const del: Command = {
  arity: -2,
  writes: true,
  keys: ALL_KEYS,
  run: ({ keys }, ...names) => names.filter((name) => keys.delete(name)).length,
};

/** Keys of any type: https://redis.io/docs/latest/commands/?group=generic */
export const keyCommands: CommandTable = {
  del,
  unlink: del,
  exists: { arity: -2, keys: ALL_KEYS, run: ({ keys }, ...names) => names.filter((name) => keys.has(name)).length },
  type: { arity: 2, keys: ONE_KEY, run: ({ keys }, key: string) => new Status(typeName(keys.get(key))) },
  rename: {
    arity: 3,
    writes: true,
    keys: [1, 2, 1],
    run: ({ keys }, from: string, to: string) => {
      const value = keys.get(from);
      if (value === undefined) throw new CommandError('ERR no such key');
      const expiry = keys.expiry(from);
      keys.delete(from);
      keys.replace(to, value);
      if (expiry !== undefined) keys.setExpiry(to, expiry);
      return OK;
    },
  },
  keys: {
    arity: 2,
    run: ({ keys }, pattern: string) => keys.keys().filter((key) => matchesPattern(pattern, key)),
  },
  scan: { arity: -2, run: scan },
};

function typeName(value: Value | undefined): string {
  if (value === undefined) return 'none';
  if (typeof value === 'string') return 'string';
  return value instanceof Map ? 'hash' : 'zset';
}

/** Answers everything in one step, which SCAN's guarantees allow: COUNT is a hint, and cursor 0 ends the iteration. */
function scan({ keys }: Session, cursor: string, ...options: string[]): Reply {
  if (!/^-?\d+$/.test(cursor)) throw new CommandError('ERR invalid cursor');
  let pattern = '*';
  let type: string | undefined;
  for (let index = 0; index < options.length; index += 2) {
    const value = options[index + 1];
    if (value === undefined) throw syntaxError();
    switch (options[index]?.toUpperCase()) {
      case 'MATCH':
        pattern = value;
        break;
      case 'TYPE':
        type = value.toLowerCase();
        break;
      case 'COUNT':
        if (safeInteger(value) < 1) throw syntaxError();
        break;
      default:
        throw syntaxError();
    }
  }
  const found = keys
    .keys()
    .filter((key) => matchesPattern(pattern, key) && (type === undefined || typeName(keys.get(key)) === type));
  return ['0', found];
}
