import Redis from 'ioredis';
import type { EmbeddedStore } from 'template-runtime/worker';
import { startRedis } from '../../redis';

let store: EmbeddedStore;
let client: Redis;
beforeAll(async () => {
  store = await startRedis();
  client = new Redis(store.port, '127.0.0.1', { lazyConnect: true });
  await client.connect();
});
beforeEach(() => client.flushall());
afterAll(async () => {
  client.disconnect();
  await store.close();
});

const OVER_BUDGET = /^ERR (user_script:\d+: )*Script killed: it took more than \d+ (instructions|ms) script: /;

describe('a script out of bounds', () => {
  it.each([
    ['an endless loop', 'while true do end'],
    ['an endless loop that calls commands', 'while true do redis.call("INCR", "n") end'],
    ['an endless loop that catches errors', 'while true do pcall(function() while true do end end) end'],
    ['an endless loop in a coroutine', 'while true do coroutine.wrap(function() while true do end end)() end'],
    ['endless tail calls', 'local function f() return f() end return f()'],
  ])('ends with an error: %s', async (_name, script) => {
    await expect(client.eval(script, 0)).rejects.toThrow(OVER_BUDGET);

    expect(await client.eval('return "alive"', 0)).toBe('alive');
  });

  it.each([
    ['a string doubled for ever', 'local s = "x" while true do s = s .. s end'],
    ['a string repeated too often', 'return #("x"):rep(1e12)'],
    ['many large strings', 'local t = {} for i = 1, 1e6 do t[i] = ("x"):rep(1e8) end'],
    ['endless recursion', 'local function f() return 1 + f() end return f()'],
    [
      'recursion through a metatable',
      'local t = setmetatable({}, {}) getmetatable(t).__index = function(_, k) return t[k .. "x"] end return t.a',
    ],
    ['a table in itself', 'local t = {} t[1] = t return t'],
  ])('ends with an error: %s', async (_name, script) => {
    await expect(client.eval(script, 0)).rejects.toThrow(/ERR/);

    expect(await client.eval('return "alive"', 0)).toBe('alive');
  });

  it('keeps what it wrote before it was ended', async () => {
    await expect(client.eval('redis.call("SET", "a", "written") while true do end', 0)).rejects.toThrow(OVER_BUDGET);

    expect(await client.get('a')).toBe('written');
  });

  it('has its whole budget again at the next call', async () => {
    const long = 'local n = 0 for i = 1, 1e6 do n = n + i end return n';

    const sums = [];
    for (let call = 0; call < 8; call += 1) sums.push(await client.eval(long, 0));

    expect(new Set(sums)).toEqual(new Set([500_000_500_000]));
  });
});

describe('a script in its sandbox', () => {
  it('leaves nothing behind for the next one', async () => {
    await client.eval('local t = KEYS t.extra = 1 return pcall(function() leaked = 1 end)', 1, 'k');

    const seen = await client.eval('return {tostring(KEYS.extra), tostring(pcall(function() return leaked end))}', 0);

    expect(seen).toEqual(['nil', 'false']);
  });

  it('has its environment again after it has assigned it', async () => {
    const script = 'local count = redis.call("INCR", KEYS[1]) _ENV = {} return count';

    const counts = [await client.eval(script, 1, 'n'), await client.eval(script, 1, 'n')];

    expect(counts).toEqual([1, 2]);
  });

  it.each(['string', 'math', 'table', 'redis', 'cjson', 'bit', 'coroutine'])('cannot change %s', async (library) => {
    await expect(client.eval(`${library}.extra = 1`, 0)).rejects.toThrow('Attempt to modify a readonly table');
    await expect(client.eval(`rawset(${library}, "extra", 1)`, 0)).rejects.toThrow(
      'Attempt to modify a readonly table',
    );
    await expect(client.eval(`setmetatable(${library}, {})`, 0)).rejects.toThrow('Attempt to modify a readonly table');
  });

  it('reaches neither files nor the host through what it loads', async () => {
    const names = ['os', 'io', 'require', 'package', 'debug', 'dofile', 'loadfile', 'js', 'fengari', 'process'];

    const reached = await Promise.all(
      names.map((name) => client.eval(`return pcall(loadstring("return ${name}"))`, 0)),
    );

    expect(reached).toEqual(names.map(() => null));
  });

  it('is refused as bytecode', async () => {
    await expect(client.eval('\x1bLuaS', 0)).rejects.toThrow('Error compiling script');
    await expect(client.eval('return loadstring("\\27LuaS")()', 0)).rejects.toThrow('ERR');
  });

  it('does not see time pass', async () => {
    const [first, last] = (await client.eval(
      `local a = redis.call('TIME')
       for i = 1, 100000 do end
       local b = redis.call('TIME')
       return {a[1] .. a[2], b[1] .. b[2]}`,
      0,
    )) as [string, string];

    expect(first).toBe(last);
  });

  it('shares no message of the host when it fails to compile', async () => {
    await expect(client.eval('syntax x', 0)).rejects.toThrow(
      /^ERR Error compiling script \(new function\): user_script:1: .* near 'x'$/,
    );
  });
});

describe('a bounded idempotent increment in one script', () => {
  // Each key is recorded with its value; the oldest are forgotten beyond a number and a time.
  const script = `
    local counter, replays, order = KEYS[1], KEYS[2], KEYS[3]
    local key, now, keep, maxAge = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
    for _, old in ipairs(redis.call('ZRANGEBYSCORE', order, '-inf', '(' .. now - maxAge)) do
      redis.call('HDEL', replays, old)
      redis.call('ZREM', order, old)
    end
    local value = redis.call('HGET', replays, key)
    if value then return {0, tonumber(value)} end
    value = redis.call('INCR', counter)
    redis.call('HSET', replays, key, value)
    redis.call('ZADD', order, now, key)
    local excess = redis.call('ZCARD', order) - keep
    if excess > 0 then
      for _, old in ipairs(redis.call('ZRANGE', order, 0, excess - 1)) do redis.call('HDEL', replays, old) end
      redis.call('ZREMRANGEBYRANK', order, 0, excess - 1)
    end
    return {1, value}`;
  const increment = (key: string, now: number) => client.eval(script, 3, 'c', 'replays', 'order', key, now, 3, 1000);

  it('replays the first value while the key is kept', async () => {
    const replies = [];
    for (const [index, key] of ['a', 'b', 'a', 'c', 'd', 'a', 'd'].entries())
      replies.push(await increment(key, 5000 + index));

    expect(replies).toEqual([
      [1, 1],
      [1, 2],
      [0, 1],
      [1, 3],
      [1, 4],
      [1, 5],
      [0, 4],
    ]);
    expect(await client.zrange('order', '0', '-1')).toEqual(['c', 'd', 'a']);
  });

  it('forgets a key after its time', async () => {
    const first = await increment('a', 5000);
    const inTime = await increment('a', 6000);
    const tooLate = await increment('a', 6001);

    expect([first, inTime, tooLate]).toEqual([
      [1, 1],
      [0, 1],
      [1, 2],
    ]);
  });
});
