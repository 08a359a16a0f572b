import { addInt64, int64, readInt64 } from '../numbers';
import { CommandError } from '../reply';
import { ArityError, type CommandTable } from './command';

/** Hashes: https://redis.io/docs/latest/commands/?group=hash */
export const hashCommands: CommandTable = {
  hset: {
    takes: 'key field value [field value ...]',
    writes: true,
    run: ({ keys }, key: string, ...pairs: string[]) => {
      if (pairs.length % 2 === 1) throw new ArityError('hset');
      const hash = keys.hash(key) ?? new Map<string, string>();
      const before = hash.size;
      for (let index = 0; index < pairs.length; index += 2) hash.set(pairs[index] ?? '', pairs[index + 1] ?? '');
      keys.update(key, hash);
      return hash.size - before;
    },
  },
  hget: { takes: 'key field', run: ({ keys }, key: string, field: string) => keys.hash(key)?.get(field) ?? null },
  hgetall: { takes: 'key', run: ({ keys }, key: string) => [...(keys.hash(key) ?? [])].flat() },
  hlen: { takes: 'key', run: ({ keys }, key: string) => keys.hash(key)?.size ?? 0 },
  hexists: { takes: 'key field', run: ({ keys }, key: string, field: string) => (keys.hash(key)?.has(field) ? 1 : 0) },
  hdel: {
    takes: 'key field [field ...]',
    writes: true,
    run: ({ keys }, key: string, ...fields: string[]) => {
      const hash = keys.hash(key);
      const deleted = fields.filter((field) => hash?.delete(field)).length;
      if (hash !== undefined && deleted > 0) keys.update(key, hash);
      return deleted;
    },
  },
  hincrby: {
    takes: 'key field increment',
    writes: true,
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
