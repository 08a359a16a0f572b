import { timeAt, type TimeUnit } from '../expiry';
import { CommandError } from '../reply';
import type { Session } from '../session';
import { ONE_KEY, type Command, type CommandTable } from './command';

/** When keys expire: https://redis.io/docs/latest/commands/expire/ and its kin. */
export const expiryCommands: CommandTable = {
  expire: expireCommand('expire', 'seconds'),
  pexpire: expireCommand('pexpire', 'milliseconds'),
  expireat: expireCommand('expireat', 'unix-seconds'),
  pexpireat: expireCommand('pexpireat', 'unix-milliseconds'),
  ttl: {
    arity: 2,
    keys: ONE_KEY,
    run: (session, key: string) => {
      const rest = timeToLive(session, key);
      return rest < 0 ? rest : Math.round(rest / 1000);
    },
  },
  pttl: { arity: 2, keys: ONE_KEY, run: timeToLive },
  persist: {
    arity: 2,
    writes: true,
    keys: ONE_KEY,
    run: ({ keys }, key: string) => {
      if (keys.expiry(key) === undefined) return 0;
      keys.setExpiry(key, undefined);
      return 1;
    },
  },
};

function expireCommand(name: string, unit: TimeUnit): Command {
  return {
    arity: -3,
    writes: true,
    keys: ONE_KEY,
    run: ({ keys, server }, key: string, time: string, ...options: string[]) => {
      const allowed = condition(options);
      const at = timeAt(time, unit, server.now(), name);
      if (!keys.has(key) || !allowed(keys.expiry(key), at)) return 0;
      keys.setExpiry(key, at);
      return 1;
    },
  };
}

/** Whether the options allow to replace the expiry `current` (none: undefined) by `next`. */
function condition(options: readonly string[]): (current: number | undefined, next: number) => boolean {
  const given = new Set(options.map((option) => option.toUpperCase()));
  for (const option of options) {
    if (!['NX', 'XX', 'GT', 'LT'].includes(option.toUpperCase())) {
      throw new CommandError(`ERR Unsupported option ${option}`);
    }
  }
  if (given.has('NX') && given.size > 1) {
    throw new CommandError('ERR NX and XX, GT or LT options at the same time are not compatible');
  }
  if (given.has('GT') && given.has('LT')) {
    throw new CommandError('ERR GT and LT options at the same time are not compatible');
  }
  return (current, next) =>
    !(
      (given.has('NX') && current !== undefined) ||
      (given.has('XX') && current === undefined) ||
      (given.has('GT') && next <= (current ?? Infinity)) ||
      (given.has('LT') && next >= (current ?? Infinity))
    );
}

/** Milliseconds; -1: the key doesn't expire, -2: there is no such key. */
function timeToLive({ keys, server }: Session, key: string): number {
  if (!keys.has(key)) return -2;
  const expiry = keys.expiry(key);
  return expiry === undefined ? -1 : expiry - server.now();
}
