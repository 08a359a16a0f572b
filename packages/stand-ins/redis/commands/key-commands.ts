import { timeAt, type TimeUnit } from '../expiry';
import { matchesPattern } from '../glob';
import type { Value } from '../keyspace';
import { addInt64, safeInteger, type Int64 } from '../numbers';
import { CommandError, OK, Status, syntaxError, type Reply } from '../reply';
import type { Command, CommandTable, Session } from './command';

const del: Command = {
  takes: 'key [key ...]',
  writes: true,
  run: ({ keys }, ...names) => names.filter((name) => keys.delete(name)).length,
};

/** Keys of any type: https://redis.io/docs/latest/commands/?group=generic */
export const keyCommands: CommandTable = {
  del,
  unlink: del,
  exists: { takes: 'key [key ...]', run: ({ keys }, ...names) => names.filter((name) => keys.has(name)).length },
  type: { takes: 'key', run: ({ keys }, key: string) => new Status(typeName(keys.get(key))) },
  rename: {
    takes: 'key newkey',
    writes: true,
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
    takes: 'pattern',
    run: ({ keys }, pattern: string) => keys.keys().filter((key) => matchesPattern(pattern, key)),
  },
  scan: { takes: 'cursor [MATCH pattern] [COUNT count] [TYPE type]', run: scan },
  expire: expireCommand('expire', 'key seconds', 'seconds'),
  pexpire: expireCommand('pexpire', 'key milliseconds', 'milliseconds'),
  pexpireat: expireCommand('pexpireat', 'key unix-time-milliseconds', 'unix-milliseconds'),
  ttl: {
    takes: 'key',
    run: (session, key: string) => {
      const rest = timeToLive(session, key);
      if (rest < 0) return rest;
      return typeof rest === 'number' ? Math.round(rest / 1000) : (rest + 500n) / 1000n;
    },
  },
  pttl: { takes: 'key', run: timeToLive },
  persist: {
    takes: 'key',
    writes: true,
    run: ({ keys }, key: string) => {
      if (keys.expiry(key) === undefined) return 0;
      keys.setExpiry(key, undefined);
      return 1;
    },
  },
};

function typeName(value: Value | undefined): string {
  if (value === undefined) return 'none';
  return typeof value === 'string' ? 'string' : 'hash';
}

function expireCommand(name: string, takes: string, unit: TimeUnit): Command {
  return {
    takes,
    writes: true,
    run: ({ keys, server }, key: string, time: string) => {
      const at = timeAt(time, unit, server.now(), name);
      if (!keys.has(key)) return 0;
      keys.setExpiry(key, at);
      return 1;
    },
  };
}

/** Milliseconds; -1: the key doesn't expire, -2: there is no such key. */
function timeToLive({ keys, server }: Session, key: string): Int64 {
  if (!keys.has(key)) return -2;
  const expiry = keys.expiry(key);
  return expiry === undefined ? -1 : (addInt64(expiry, -server.now()) ?? 0);
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
