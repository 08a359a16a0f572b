import { OK } from '../reply';
import { expiryTime, type TimeUnit } from '../expiry';
import type { Session } from '../session';
import { ALL_KEYS, ArityError, ONE_KEY, syntaxError, type CommandTable } from './command';

/** Strings: https://redis.io/docs/latest/commands/?group=string */
export const stringCommands: CommandTable = {
  get: { arity: 2, keys: ONE_KEY, run: ({ keys }, key: string) => keys.text(key) ?? null },
  set: { arity: -3, writes: true, keys: ONE_KEY, run: set },
  setnx: {
    arity: 3,
    writes: true,
    keys: ONE_KEY,
    run: ({ keys }, key: string, value: string) => {
      if (keys.has(key)) return 0;
      keys.replace(key, value);
      return 1;
    },
  },
  setex: {
    arity: 4,
    writes: true,
    keys: ONE_KEY,
    run: (session, key: string, seconds: string, value: string) => {
      const expiry = expiryTime(seconds, 'seconds', session.server.now(), 'setex');
      return write(session, key, value, expiry);
    },
  },
  psetex: {
    arity: 4,
    writes: true,
    keys: ONE_KEY,
    run: (session, key: string, milliseconds: string, value: string) => {
      const expiry = expiryTime(milliseconds, 'milliseconds', session.server.now(), 'psetex');
      return write(session, key, value, expiry);
    },
  },
  getset: {
    arity: 3,
    writes: true,
    keys: ONE_KEY,
    run: ({ keys }, key: string, value: string) => {
      const previous = keys.text(key) ?? null;
      keys.replace(key, value);
      return previous;
    },
  },
  getdel: {
    arity: 2,
    writes: true,
    keys: ONE_KEY,
    run: ({ keys }, key: string) => {
      const previous = keys.text(key) ?? null;
      keys.delete(key);
      return previous;
    },
  },
  mget: {
    arity: -2,
    keys: ALL_KEYS,
    run: ({ keys }, ...names) =>
      names.map((name) => {
        const value = keys.get(name);
        return typeof value === 'string' ? value : null;
      }),
  },
  mset: {
    arity: -3,
    writes: true,
    keys: [1, -1, 2],
    run: ({ keys }, ...pairs) => {
      if (pairs.length % 2 === 1) throw new ArityError('mset');
      for (let index = 0; index < pairs.length; index += 2) keys.replace(pairs[index] ?? '', pairs[index + 1] ?? '');
      return OK;
    },
  },
  append: {
    arity: 3,
    writes: true,
    keys: ONE_KEY,
    run: ({ keys }, key: string, suffix: string) => {
      const value = (keys.text(key) ?? '') + suffix;
      keys.update(key, value);
      return value.length;
    },
  },
  strlen: { arity: 2, keys: ONE_KEY, run: ({ keys }, key: string) => keys.text(key)?.length ?? 0 },
};

const EXPIRY_OPTIONS: Readonly<Record<string, TimeUnit>> = {
  EX: 'seconds',
  PX: 'milliseconds',
  EXAT: 'unix-seconds',
  PXAT: 'unix-milliseconds',
};

function set(session: Session, key: string, value: string, ...options: string[]) {
  const { keys, server } = session;
  let condition: string | undefined;
  let expiry: number | 'keep' | undefined;
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
  write(session, key, value, expiry);
  return answersPrevious ? previous : OK;
}

function write({ keys }: Session, key: string, value: string, expiry: number | 'keep' | undefined) {
  if (expiry === 'keep') {
    keys.update(key, value);
  } else {
    keys.replace(key, value);
    if (expiry !== undefined) keys.setExpiry(key, expiry);
  }
  return OK;
}
