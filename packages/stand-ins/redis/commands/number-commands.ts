import { addDecimals, addInt64, int64, type Int64 } from '../numbers';
import { CommandError } from '../reply';
import type { Session } from '../session';
import { ONE_KEY, type CommandTable } from './command';

/** Counting in strings: exact over 64 bits, and never beyond them. */
export const numberCommands: CommandTable = {
  incr: { arity: 2, writes: true, keys: ONE_KEY, run: (session, key: string) => increment(session, key, 1) },
  decr: { arity: 2, writes: true, keys: ONE_KEY, run: (session, key: string) => increment(session, key, -1) },
  incrby: {
    arity: 3,
    writes: true,
    keys: ONE_KEY,
    run: (session, key: string, by: string) => increment(session, key, int64(by)),
  },
  decrby: {
    arity: 3,
    writes: true,
    keys: ONE_KEY,
    run: (session, key: string, by: string) => {
      const negated = addInt64(0, -BigInt(int64(by)));
      if (negated === undefined) throw new CommandError('ERR decrement would overflow');
      return increment(session, key, negated);
    },
  },
  incrbyfloat: {
    arity: 3,
    writes: true,
    keys: ONE_KEY,
    run: ({ keys }, key: string, by: string) => {
      const sum = addDecimals(keys.text(key) ?? '0', by);
      keys.update(key, sum);
      return sum;
    },
  },
};

function increment({ keys }: Session, key: string, by: Int64): Int64 {
  const sum = addInt64(int64(keys.text(key) ?? '0'), by);
  if (sum === undefined) throw new CommandError('ERR increment or decrement would overflow');
  keys.update(key, String(sum));
  return sum;
}
