import type { Callback, Result } from 'ioredis';
import { MAX_COUNTER } from '../counter-store';

/** A whole number in its shortest form, as INCR wants it: a Lua pattern knows no alternatives. */
const IS_WHOLE = `(value == '0' or string.match(value, '^-?[1-9][0-9]*$'))`;

/**
 * KEYS[1] the counter; ARGV[1] the limit, decimal digits.
 * Returns {1, value written} or {0, value found}.
 *
 * What isn't a whole number goes to INCR as well, whose own error then leaves it as it is; what is too far below zero to be a
 * counter gets the same error. INCR is the one write, and the last command: whatever error leaves this script, nothing was
 * written. Lua's doubles are exact up to 2^53, and the limit is below; what was found is returned as the text that it is.
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

/** KEYS[1] a counter: sets it back to the largest value if it stands above, and tells so by 1. It may be called at any time. */
const CLAMP = `
local value = redis.call('GET', KEYS[1])
if value and ${IS_WHOLE} and tonumber(value) > ${MAX_COUNTER} then
  redis.call('SET', KEYS[1], '${MAX_COUNTER}', 'KEEPTTL')
  return 1
end
return 0
`;

/** KEYS[1] what INCR has found too far below zero to be a counter: takes that increment back, unless it is gone. */
const TAKE_BACK = `
local value = redis.call('GET', KEYS[1])
if value and ${IS_WHOLE} and tonumber(value) <= -${MAX_COUNTER} then
  redis.call('DECR', KEYS[1])
end
`;

/** ioredis sends EVALSHA, and the text again only after NOSCRIPT: an answer which proves that nothing was run. */
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
