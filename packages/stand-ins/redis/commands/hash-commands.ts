import { addInt64, int64, readInt64 } from '../numbers';
import { CommandError, MapReply, OK } from '../reply';
import type { Session } from '../session';
import { ArityError, ONE_KEY, type CommandTable } from './command';

/** Hashes: https://redis.io/docs/latest/commands/?group=hash */
export const hashCommands: CommandTable = {
  hset: {
    arity: -4,
    writes: true,
    keys: ONE_KEY,
    run: (session, key: string, ...pairs: string[]) => setFields(session, 'hset', key, pairs),
  },
  hmset: {
    arity: -4,
    writes: true,
    keys: ONE_KEY,
    run: (session, key: string, ...pairs: string[]) => {
      setFields(session, 'hmset', key, pairs);
      return OK;
    },
  },
  hsetnx: {
    arity: 4,
    writes: true,
    keys: ONE_KEY,
    run: (session, key: string, field: string, value: string) =>
      session.keys.hash(key)?.has(field) ? 0 : setFields(session, 'hsetnx', key, [field, value]),
  },
  hget: { arity: 3, keys: ONE_KEY, run: ({ keys }, key: string, field: string) => keys.hash(key)?.get(field) ?? null },
  hmget: {
    arity: -3,
    keys: ONE_KEY,
    run: ({ keys }, key: string, ...fields: string[]) => {
      const hash = keys.hash(key);
      return fields.map((field) => hash?.get(field) ?? null);
    },
  },
  hgetall: { arity: 2, keys: ONE_KEY, run: ({ keys }, key: string) => new MapReply([...(keys.hash(key) ?? [])]) },
  hkeys: { arity: 2, keys: ONE_KEY, run: ({ keys }, key: string) => [...(keys.hash(key)?.keys() ?? [])] },
  hvals: { arity: 2, keys: ONE_KEY, run: ({ keys }, key: string) => [...(keys.hash(key)?.values() ?? [])] },
  hlen: { arity: 2, keys: ONE_KEY, run: ({ keys }, key: string) => keys.hash(key)?.size ?? 0 },
  hexists: {
    arity: 3,
    keys: ONE_KEY,
    run: ({ keys }, key: string, field: string) => (keys.hash(key)?.has(field) ? 1 : 0),
  },
  hdel: {
    arity: -3,
    writes: true,
    keys: ONE_KEY,
    run: ({ keys }, key: string, ...fields: string[]) => {
      const hash = keys.hash(key);
      const deleted = fields.filter((field) => hash?.delete(field)).length;
      if (hash !== undefined && deleted > 0) keys.updated(key, hash);
      return deleted;
    },
  },
  hincrby: {
    arity: 4,
    writes: true,
    keys: ONE_KEY,
    run: ({ keys }, key: string, field: string, by: string) => {
      const increment = int64(by);
      const hash = keys.hash(key) ?? new Map<string, string>();
      const value = readInt64(hash.get(field) ?? '0');
      if (value === undefined) throw new CommandError('ERR hash value is not an integer');
      const sum = addInt64(value, increment);
      if (sum === undefined) throw new CommandError('ERR increment or decrement would overflow');
      keys.update(key, hash.set(field, String(sum)));
      return sum;
    },
  },
};

/** Answers how many of the fields are new. */
function setFields({ keys }: Session, command: string, key: string, pairs: readonly string[]): number {
  if (pairs.length % 2 === 1) throw new ArityError(command);
  const hash = keys.hash(key) ?? new Map<string, string>();
  const before = hash.size;
  for (let index = 0; index < pairs.length; index += 2) hash.set(pairs[index] ?? '', pairs[index + 1] ?? '');
  keys.update(key, hash);
  return hash.size - before;
}
