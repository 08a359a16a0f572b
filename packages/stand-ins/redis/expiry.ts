import { addInt64, int64, multiplyInt64, type Int64 } from './numbers';
import { CommandError } from './reply';

/** How a command gives the time at which a key expires. */
export type TimeUnit = 'seconds' | 'milliseconds' | 'unix-milliseconds';

/**
 * The time at which a key expires, in milliseconds since 1970: 64 bits of them, as in Redis. Zero and less give a time in the
 * past.
 * Source: https://github.com/redis/redis/blob/7.0/src/expire.c (expireGenericCommand)
 *
 * @param now in milliseconds since 1970
 * @param command named by the error
 * @throws CommandError unless it is a whole number and the time fits into 64 bits
 */
export function timeAt(text: string, unit: TimeUnit, now: number, command: string): Int64 {
  const value = int64(text);
  const milliseconds = unit === 'seconds' ? multiplyInt64(value, 1000) : value;
  const time = milliseconds === undefined ? undefined : addInt64(milliseconds, unit === 'unix-milliseconds' ? 0 : now);
  if (time === undefined) throw invalidExpiry(command);
  return time;
}

/**
 * As `timeAt`, but the number has to be positive, as SET has it.
 * Source: https://github.com/redis/redis/blob/7.0/src/t_string.c (getExpireMillisecondsOrReply)
 */
export function expiryTime(text: string, unit: TimeUnit, now: number, command: string): Int64 {
  if (int64(text) <= 0) throw invalidExpiry(command);
  return timeAt(text, unit, now, command);
}

function invalidExpiry(command: string): CommandError {
  return new CommandError(`ERR invalid expire time in '${command}' command`);
}
