import type { Callback, Result } from 'ioredis';
import { MAX_COUNTER } from '../counter-store';

/** A whole number in its shortest form, as INCR requires it. Two tests, since Lua patterns have no alternation. */
const IS_WHOLE = `(value == '0' or string.match(value, '^-?[1-9][0-9]*$'))`;

/**
 * KEYS[1] the counter; ARGV[1] the limit, decimal digits.
 * Returns {1, value written} or {0, value found}.
 *
 * A value that isn't a whole number goes to INCR too, which fails and leaves it unchanged; one too far below zero to be
 * a counter gets the same error. INCR is the only write, and the last command: whatever error this script raises,
 * nothing was written. Lua's doubles are exact up to 2^53, and the limit is below; the value found is returned as its
 * text.
 */
const INCREMENT_BELOW = `
local value = redis.call('GET', KEYS[1])
if value and ${IS_WHOLE} then
  if tonumber(value) >= tonumber(ARGV[1]) then
    return {0, value}
  end
  if tonumber(value) < -${MAX_COUNTER} then
    return redis.error_reply('ERR value is not an integer or out of range')
  end
end
return {1, redis.call('INCR', KEYS[1])}
`;

/** KEYS[1] a counter: sets it back to the largest value if it is above, and then returns 1. Safe at any time. */
const CLAMP = `
local value = redis.call('GET', KEYS[1])
if value and ${IS_WHOLE} and tonumber(value) > ${MAX_COUNTER} then
  redis.call('SET', KEYS[1], '${MAX_COUNTER}', 'KEEPTTL')
  return 1
end
return 0
`;

/**
 * KEYS[1] a value that INCR found too far below zero to be a counter: undoes that increment, unless the key is gone.
 */
const TAKE_BACK = `
local value = redis.call('GET', KEYS[1])
if value and ${IS_WHOLE} and tonumber(value) <= -${MAX_COUNTER} then
  redis.call('DECR', KEYS[1])
end
`;

/** ioredis sends EVALSHA, and the script's text only after NOSCRIPT, a reply which proves that nothing ran. */
export const SCRIPTS = {
  incrementBelow: { lua: INCREMENT_BELOW, numberOfKeys: 1 },
  clamp: { lua: CLAMP, numberOfKeys: 1 },
  takeBack: { lua: TAKE_BACK, numberOfKeys: 1 },
};

declare module 'ioredis' {
  interface RedisCommander<Context> {
    incrementBelow(
      key: string,
      max: string,
      callback?: Callback<[incremented: '0' | '1', value: string]>,
    ): Result<[incremented: '0' | '1', value: string], Context>;
    clamp(key: string, callback?: Callback<'0' | '1'>): Result<'0' | '1', Context>;
    takeBack(key: string, callback?: Callback<null>): Result<null, Context>;
  }
}
