import { expiryTime, type TimeUnit } from '../expiry';
import { addInt64, int64, type Int64 } from '../numbers';
import { CommandError, OK, syntaxError, type Reply } from '../reply';
import type { CommandTable, Session } from './command';

/** Strings, and counting in them: https://redis.io/docs/latest/commands/?group=string */
export const stringCommands: CommandTable = {
  get: { takes: 'key', run: ({ keys }, key: string) => keys.text(key) ?? null },
  set: {
    takes: 'key value [NX | XX] [GET] [EX seconds | PX milliseconds | KEEPTTL]',
    writes: true,
    run: set,
  },
  mget: {
    takes: 'key [key ...]',
    run: ({ keys }, ...names) =>
      names.map((name) => {
        const value = keys.get(name);
        return typeof value === 'string' ? value : null;
      }),
  },
  incr: { takes: 'key', writes: true, run: (session, key: string) => increment(session, key, 1) },
  decr: { takes: 'key', writes: true, run: (session, key: string) => increment(session, key, -1) },
  incrby: {
    takes: 'key increment',
    writes: true,
    run: (session, key: string, by: string) => increment(session, key, int64(by)),
  },
  decrby: {
    takes: 'key decrement',
    writes: true,
    run: (session, key: string, by: string) => {
      const negated = addInt64(0, -BigInt(int64(by)));
      if (negated === undefined) throw new CommandError('ERR decrement would overflow');
      return increment(session, key, negated);
    },
  },
};

/** Exact over 64 bits, and never beyond them. */
function increment({ keys }: Session, key: string, by: Int64): Int64 {
  const sum = addInt64(int64(keys.text(key) ?? '0'), by);
  if (sum === undefined) throw new CommandError('ERR increment or decrement would overflow');
  keys.update(key, String(sum));
  return sum;
}

const EXPIRY_OPTIONS: Readonly<Record<string, TimeUnit>> = { EX: 'seconds', PX: 'milliseconds' };

function set({ keys, server }: Session, key: string, value: string, ...options: string[]): Reply {
  let condition: string | undefined;
  let expiry: Int64 | 'keep' | undefined;
  let answersPrevious = false;
  for (let index = 0; index < options.length; index += 1) {
    const option = options[index]?.toUpperCase() ?? '';
    const unit = EXPIRY_OPTIONS[option];
    if ((option === 'NX' || option === 'XX') && (condition ?? option) === option) {
      condition = option;
    } else if (option === 'GET') {
      answersPrevious = true;
    } else if (option === 'KEEPTTL' && (expiry ?? 'keep') === 'keep') {
      expiry = 'keep';
    } else if (unit !== undefined && expiry === undefined && index + 1 < options.length) {
      index += 1;
      expiry = expiryTime(options[index] ?? '', unit, server.now(), 'set');
    } else {
      throw syntaxError();
    }
  }

  const previous = answersPrevious ? (keys.text(key) ?? null) : null;
  const unmet = condition !== undefined && keys.has(key) !== (condition === 'XX');
  if (unmet) return previous;
  if (expiry === 'keep') {
    keys.update(key, value);
  } else {
    keys.replace(key, value);
    if (expiry !== undefined) keys.setExpiry(key, expiry);
  }
  return answersPrevious ? previous : OK;
}
