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

  it.each(['string', 'math', 'table', 'redis', '_G'])('cannot change %s', async (library) => {
    await expect(client.eval(`${library}.extra = 1`, 0)).rejects.toThrow('Attempt to modify a readonly table');
  });

  it.each([
    'os, io, require, package, debug, dofile, loadfile, load, loadstring, js, fengari, process',
    'getmetatable, setmetatable, rawget, rawset, getfenv, setfenv, coroutine, cjson, cmsgpack, bit, struct',
  ])('finds no %s', async (names) => {
    for (const name of names.split(', ')) {
      await expect(client.eval(`return ${name}`, 0)).rejects.toThrow(
        `Script attempted to access nonexistent global variable '${name}'`,
      );
    }
  });

  it.each(['redis.log', 'math.random', 'table.maxn', 'string.dump'])(
    'gets an error that %s is missing here',
    async (name) => {
      await expect(client.eval(`return ${name}`, 0)).rejects.toThrow(`the embedded Redis has no ${name}`);
    },
  );

  it('cannot answer in the types of RESP3', async () => {
    await expect(client.eval('return {double = 1.5}', 0)).rejects.toThrow('does not support "double" in a reply');
  });

  it('is refused as bytecode', async () => {
    await expect(client.eval('\x1bLuaS', 0)).rejects.toThrow('Error compiling script');
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

describe('an idempotent increment in one script', () => {
  // Each key is recorded with its value in the hash of its generation; those before the last one are forgotten.
  const script = `
    local counter, key = KEYS[1], ARGV[1]
    local generation = math.max(math.floor(tonumber(redis.call('TIME')[1]) / 1000), tonumber(ARGV[2]))
    local now, before = counter .. ':' .. generation, counter .. ':' .. generation - 1
    for _, hash in ipairs({now, before}) do
      local value = redis.call('HGET', hash, key)
      if value then return {0, value} end
    end
    if redis.call('HLEN', now) >= tonumber(ARGV[3]) then return redis.error_reply('FULL ' .. now) end
    local value = redis.call('INCR', counter)
    redis.call('HSET', now, key, string.format('%d', value))
    redis.call('UNLINK', counter .. ':' .. generation - 2)
    return {1, string.format('%.0f', value)}`;
  const LATER = 10_000_000_000;
  const increment = (key: string, generation: number) => client.eval(script, 1, 'c', key, LATER + generation, 3);

  it('replays the first value while its generation is kept', async () => {
    await client.set('c', '9007199254740000');

    const replies = [];
    for (const [key, generation] of Object.entries({ a: 1, b: 1 })) replies.push(await increment(key, generation));
    replies.push(await increment('a', 1), await increment('a', 2), await increment('c', 3), await increment('a', 4));

    expect(replies).toEqual([
      [1, '9007199254740001'],
      [1, '9007199254740002'],
      [0, '9007199254740001'],
      [0, '9007199254740001'],
      [1, '9007199254740003'],
      [1, '9007199254740004'],
    ]);
  });

  it('is refused where its generation is full, and counts nothing', async () => {
    for (const key of ['a', 'b', 'c']) await increment(key, 1);

    await expect(increment('d', 1)).rejects.toThrow(`FULL c:${LATER + 1}`);

    expect(await client.get('c')).toBe('3');
  });
});
