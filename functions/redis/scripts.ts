import type { Callback, Result } from 'ioredis';
import { MAX_COUNTER } from '../counter-store';

/** A whole number in its shortest form, as INCRBY requires it. Two tests, since Lua patterns have no alternation. */
const IS_WHOLE = `(value == '0' or string.match(value, '^-?[1-9][0-9]*$'))`;

/**
 * KEYS[1] the counter; ARGV[1] the limit, decimal digits, ARGV[2] the step, which is not above it.
 * Returns {1, value written} or {0, value found}.
 *
 * A value that isn't a whole number goes to INCRBY too, which fails and leaves it unchanged; one too far below zero to
 * be a counter gets the same error. INCRBY is the only write, and the last command: whatever error this script raises,
 * nothing was written. Lua's doubles are exact up to 2^53, and the limit is below; the value found is returned as its
 * text.
 */
const INCREMENT_BELOW = `
local value = redis.call('GET', KEYS[1])
if value and ${IS_WHOLE} then
  if tonumber(value) > tonumber(ARGV[1]) - tonumber(ARGV[2]) then
    return {0, value}
  end
  if tonumber(value) < -${MAX_COUNTER} then
    return redis.error_reply('ERR value is not an integer or out of range')
  end
end
return {1, redis.call('INCRBY', KEYS[1], ARGV[2])}
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

/**
 * KEYS[1] the counter, KEYS[2] the younger generation of its idempotency keys, KEYS[3] the older one; ARGV[1] the key's
 * hash, ARGV[2] when the request was sent, ARGV[3] the limit, ARGV[4] how many keys there may be, ARGV[5] the slack,
 * ARGV[6] how long a key is kept, ARGV[7] the step; times in seconds.
 * Returns {'incremented' or 'replayed', value}, {'limit-reached', value}, {'full'} or {'late'}.
 *
 * A generation is a hash: under each key the value that it wrote, and under `since` when the generation began. The clock
 * is the server's, but never behind `since`: after a failover another server's may be. Values are kept as texts, since
 * Lua's own conversion loses digits.
 *
 * Whatever error this script raises, the counter was not incremented: Redis refuses writes for its own state by a
 * script's first one only, both hashes have been read as such before INCRBY, and INCRBY is refused before it writes. So
 * the increment and its record are one.
 */
const INCREMENT_KEYED = `
local known = redis.call('HGET', KEYS[2], ARGV[1]) or redis.call('HGET', KEYS[3], ARGV[1])
if known then
  return {'replayed', known}
end
local now = tonumber(redis.call('TIME')[1])
local since = tonumber(redis.call('HGET', KEYS[2], 'since') or '0')
if since > now then
  now = since
end
if tonumber(ARGV[2]) < now - tonumber(ARGV[5]) then
  return {'late'}
end
local value = redis.call('GET', KEYS[1]) or '0'
if ${IS_WHOLE} then
  if tonumber(value) < -${MAX_COUNTER} then
    return redis.error_reply('ERR value is not an integer or out of range')
  end
  local room = tonumber(ARGV[3]) - tonumber(ARGV[7])
  if room < 0 or tonumber(value) > room then
    return {'limit-reached', value}
  end
end
if now >= since + tonumber(ARGV[6]) then
  if since > 0 then
    redis.call('RENAME', KEYS[2], KEYS[3])
  end
  since = now
end
local keys = math.max(redis.call('HLEN', KEYS[2]) - 1, 0) + math.max(redis.call('HLEN', KEYS[3]) - 1, 0)
if keys >= tonumber(ARGV[4]) then
  return {'full'}
end
redis.call('INCRBY', KEYS[1], ARGV[7])
value = redis.call('GET', KEYS[1])
redis.call('HSET', KEYS[2], ARGV[1], value, 'since', string.format('%d', since))
redis.call('EXPIRE', KEYS[2], ARGV[6])
return {'incremented', value}
`;

/** ioredis sends EVALSHA, and the script's text only after NOSCRIPT, a reply which proves that nothing ran. */
export const SCRIPTS = {
  incrementBelow: { lua: INCREMENT_BELOW, numberOfKeys: 1 },
  clamp: { lua: CLAMP, numberOfKeys: 1 },
  takeBack: { lua: TAKE_BACK, numberOfKeys: 1 },
  incrementKeyed: { lua: INCREMENT_KEYED, numberOfKeys: 3 },
};

/** What the script of an increment with a key answers. */
export type KeyedAnswer = [outcome: 'incremented' | 'replayed' | 'limit-reached' | 'full' | 'late', value?: string];

declare module 'ioredis' {
  interface RedisCommander<Context> {
    incrementBelow(
      key: string,
      max: string,
      by: string,
      callback?: Callback<[incremented: '0' | '1', value: string]>,
    ): Result<[incremented: '0' | '1', value: string], Context>;
    clamp(key: string, callback?: Callback<'0' | '1'>): Result<'0' | '1', Context>;
    takeBack(key: string, callback?: Callback<null>): Result<null, Context>;
    incrementKeyed(
      key: string,
      young: string,
      old: string,
      hash: string,
      sentAt: string,
      max: string,
      cap: string,
      slackSeconds: string,
      keptSeconds: string,
      by: string,
      callback?: Callback<KeyedAnswer>,
    ): Result<KeyedAnswer, Context>;
  }
}
