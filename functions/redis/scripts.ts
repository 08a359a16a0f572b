import type { Callback, Result } from 'ioredis';
import { MAX_COUNTER } from '../counter-store';

/**
 * KEYS[1] the counter; ARGV[1] the limit, decimal digits.
 * Returns {1, value written} or {0, value found}.
 *
 * What isn't a canonical whole number goes to INCR as well, whose own error then leaves it as it is. Lua's doubles are
 * exact up to 2^53, and the limit is below.
 */
const INCREMENT_BELOW = `
local value = redis.call('GET', KEYS[1])
if value and (value == '0' or string.match(value, '^-?[1-9][0-9]*$')) and tonumber(value) >= tonumber(ARGV[1]) then
  return {0, tonumber(value)}
end
return {1, redis.call('INCR', KEYS[1])}
`;

/** KEYS[1] a counter that INCR has carried beyond the largest value: sets it back. It may be called at any time. */
const CLAMP = `
local value = redis.call('GET', KEYS[1])
if value and tonumber(value) > ${MAX_COUNTER} then
  redis.call('SET', KEYS[1], '${MAX_COUNTER}', 'KEEPTTL')
end
`;

/** ioredis sends EVALSHA, and the text again only after NOSCRIPT: an answer which proves that nothing was run. */
export const SCRIPTS = {
  incrementBelow: { lua: INCREMENT_BELOW, numberOfKeys: 1 },
  clamp: { lua: CLAMP, numberOfKeys: 1 },
};

declare module 'ioredis' {
  interface RedisCommander<Context> {
    incrementBelow(
      key: string,
      max: string,
      callback?: Callback<[incremented: '0' | '1', value: string]>,
    ): Result<[incremented: '0' | '1', value: string], Context>;
    clamp(key: string, callback?: Callback<null>): Result<null, Context>;
  }
}
