import { int64 } from './numbers';
import { CommandError } from './reply';

/** How a command gives the time at which a key expires. */
export type TimeUnit = 'seconds' | 'milliseconds' | 'unix-seconds' | 'unix-milliseconds';

/** Redis keeps a time as milliseconds in 64 bits; a double tells every millisecond below 2^53 (the year 287396). */
const LATEST = Number.MAX_SAFE_INTEGER;

/**
 * The time at which a key expires, in milliseconds since 1970.
 *
 * @param now in milliseconds since 1970
 * @param command named by the error
 * @throws CommandError unless it is a positive whole number and the time can be represented
 */
export function expiryTime(text: string, unit: TimeUnit, now: number, command: string): number {
  if (Number(int64(text)) <= 0) throw invalidExpiry(command);
  return timeAt(text, unit, now, command);
}

/** As `expiryTime`, but zero and less are times in the past, as EXPIRE has it. */
export function timeAt(text: string, unit: TimeUnit, now: number, command: string): number {
  const value = Number(int64(text));
  const milliseconds = unit === 'seconds' || unit === 'unix-seconds' ? value * 1000 : value;
  const time = unit === 'seconds' || unit === 'milliseconds' ? now + milliseconds : milliseconds;
  if (Math.abs(time) > LATEST) throw invalidExpiry(command);
  return time;
}

function invalidExpiry(command: string): CommandError {
  return new CommandError(`ERR invalid expire time in '${command}' command`);
}
