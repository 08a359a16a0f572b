import { formatString } from './string-format';
import { lauxlib, lua, type LuaState } from './lua51';
import { ScriptRandom } from './random';
import { checkText, pushLibrary, pushText, raise, textAt } from './stack';
import { pushBitLibrary } from './bit-library';
import { pushJsonLibrary } from './json-library';

/**
 * What a script finds in its global environment: the library of Lua 5.1 as Redis 7.0 hands it out, read-only, with
 * Redis' errors. It runs once, with Lua 5.3's library in reach, which scripts never see.
 */
const SANDBOX = `
local redis, cjson, bit, native = ...
local error, getmetatable, pairs, rawget, rawset, setmetatable, tostring, type =
  error, getmetatable, pairs, rawget, rawset, setmetatable, tostring, type
local lua_load, lua_next, lua_pcall, lua_tonumber = load, next, pcall, tonumber

local READONLY = 'Attempt to modify a readonly table'
local contents = {} -- of each read-only table, by the table that scripts see

local function readonly(content)
  local proxy = {}
  contents[proxy] = content
  return setmetatable(proxy, {
    __index = content,
    __newindex = function() error(READONLY, 2) end,
    __pairs = function() return lua_next, content, nil end,
    __metatable = false,
  })
end

local function outcome(ok, err, ...)
  if not ok and type(err) == 'table' and type(rawget(err, 'err')) == 'string' then return false, err.err end
  return ok, err, ...
end

-- Of Lua 5.1: a number is a message like any text, and gets its position.
local function raise(message, level)
  if type(message) == 'number' then message = tostring(message) end
  level = level or 1
  if level > 0 then level = level + 1 end
  error(message, level)
end

local string_library = readonly(string)
local string_metatable = readonly({ __index = string_library })

local globals = {
  _VERSION = 'Lua 5.1',
  assert = assert, error = raise, ipairs = ipairs, pairs = pairs, rawequal = rawequal, select = select,
  tostring = tostring, type = type, unpack = table.unpack, xpcall = xpcall,
  next = function(t, key) return lua_next(contents[t] or t, key) end,
  rawget = function(t, key) return rawget(contents[t] or t, key) end,
  rawset = function(t, key, value)
    if contents[t] then error(READONLY, 0) end
    return rawset(t, key, value)
  end,
  getmetatable = function(value)
    if type(value) == 'string' then return string_metatable end
    local metatable = getmetatable(value)
    if metatable == false then return nil end
    return metatable
  end,
  setmetatable = function(t, metatable)
    if contents[t] then error(READONLY, 0) end
    return setmetatable(t, metatable)
  end,
  pcall = function(...) return outcome(lua_pcall(...)) end,
  tonumber = function(value, base)
    if base == nil or base == 10 then return lua_tonumber(value) end
    return native.tonumber(value, base)
  end,
  load = function(chunk, name)
    if type(chunk) ~= 'function' then error("bad argument #1 to 'load' (function expected)", 2) end
    return lua_load(chunk, name, 't')
  end,
  loadstring = function(chunk, name) return lua_load(chunk .. '', name, 't') end,
  collectgarbage = function() return 0 end,
  gcinfo = function() return 0, 0 end,
  redis = readonly(redis),
  cjson = readonly(cjson),
  bit = readonly(bit),
  coroutine = readonly({
    create = coroutine.create, resume = coroutine.resume, running = coroutine.running, status = coroutine.status,
    wrap = coroutine.wrap, yield = coroutine.yield,
  }),
  math = readonly({
    abs = math.abs, acos = math.acos, asin = math.asin, atan = function(x) return math.atan(x) end,
    atan2 = function(y, x) return math.atan(y, x) end, ceil = math.ceil, cos = math.cos, cosh = native.cosh,
    deg = math.deg, exp = math.exp, floor = math.floor, fmod = math.fmod, frexp = native.frexp, huge = math.huge,
    ldexp = function(m, e) return m * 2 ^ e end, log = function(x) return math.log(x) end, log10 = native.log10,
    max = math.max, min = math.min, mod = math.fmod, modf = math.modf, pi = math.pi,
    pow = function(x, y) return x ^ y end, rad = math.rad, random = native.random, randomseed = native.randomseed,
    sin = math.sin, sinh = native.sinh, sqrt = math.sqrt, tan = math.tan, tanh = native.tanh,
  }),
  string = string_library,
  table = readonly({
    concat = table.concat, insert = table.insert, remove = table.remove, sort = table.sort,
    getn = function(t) return #t end,
    setn = function() error("'setn' is obsolete", 2) end,
    maxn = function(t)
      local greatest = 0
      for key in pairs(t) do if type(key) == 'number' and key > greatest then greatest = key end end
      return greatest
    end,
    foreach = function(t, visit)
      for key, value in pairs(t) do
        local result = visit(key, value)
        if result ~= nil then return result end
      end
    end,
    foreachi = function(t, visit)
      for index = 1, #t do
        local result = visit(index, t[index])
        if result ~= nil then return result end
      end
    end,
  }),
}

-- Methods of strings ("text"):len() find the same functions.
for name in pairs(string) do
  local allowed = { byte = 1, char = 1, find = 1, gmatch = 1, gsub = 1, len = 1, lower = 1, match = 1, reverse = 1,
    sub = 1, upper = 1 }
  if not allowed[name] then string[name] = nil end
end
string.format, string.rep, string.gfind = native.format, native.rep, string.gmatch
getmetatable('').__metatable = false

setmetatable(globals, {
  __index = function(_, name)
    error("Script attempted to access nonexistent global variable '" .. tostring(name) .. "'", 2)
  end,
})
local environment = readonly(globals)
globals._G = environment
return globals, environment
`;

/** What Lua calls the code of the sandbox itself. */
export const SANDBOX_CHUNK = '=sandbox';

/** The longest string that `string.rep` makes, in bytes. */
const LONGEST_REPETITION = 64 * 1024 * 1024;

/**
 * Makes the environment, and the one of every chunk that is loaded from now on.
 *
 * @param pushRedis pushes the table `redis`
 * @returns where in Lua's registry the table is that scripts see as their globals
 */
export function openSandbox(L: LuaState, pushRedis: (L: LuaState) => void): number {
  const source = Buffer.from(SANDBOX, 'latin1');
  if (lauxlib.luaL_loadbuffer(L, source, source.length, Buffer.from(SANDBOX_CHUNK)) !== lua.LUA_OK) {
    throw new Error(`the sandbox does not compile: ${textAt(L, -1)}`);
  }
  pushRedis(L);
  pushJsonLibrary(L);
  pushBitLibrary(L);
  pushNativeLibrary(L);
  if (lua.lua_pcall(L, 4, 2, 0) !== lua.LUA_OK) throw new Error(`the sandbox does not start: ${textAt(L, -1)}`);
  lua.lua_rawseti(L, lua.LUA_REGISTRYINDEX, lua.LUA_RIDX_GLOBALS);
  return lauxlib.luaL_ref(L, lua.LUA_REGISTRYINDEX);
}

/** What Lua 5.3 lacks or does otherwise than 5.1. */
function pushNativeLibrary(L: LuaState): void {
  const random = new ScriptRandom();
  const unary = (compute: (x: number) => number) => (L: LuaState) => pushNumber(L, compute(number(L, 1)));
  pushLibrary(L, {
    cosh: unary(Math.cosh),
    sinh: unary(Math.sinh),
    tanh: unary(Math.tanh),
    log10: unary(Math.log10),
    frexp: (L) => {
      const { fraction, exponent } = splitDouble(number(L, 1));
      lua.lua_pushnumber(L, fraction);
      lua.lua_pushnumber(L, exponent);
      return 2;
    },
    random: (L) => {
      const fraction = random.next();
      if (lua.lua_gettop(L) === 0) return pushNumber(L, fraction);
      const [low, high] = lua.lua_gettop(L) === 1 ? [1, number(L, 1)] : [number(L, 1), number(L, 2)];
      if (low > high) return raise(L, `bad argument #${lua.lua_gettop(L)} to 'random' (interval is empty)`);
      return pushNumber(L, Math.floor(fraction * (high - low + 1)) + low);
    },
    randomseed: (L) => {
      random.seed(Math.trunc(number(L, 1)));
      return 0;
    },
    tonumber: (L) => {
      const value = readDigits(checkText(L, 1), number(L, 2));
      if (value === undefined) lua.lua_pushnil(L);
      else lua.lua_pushnumber(L, value);
      return 1;
    },
    rep: (L) => {
      const text = checkText(L, 1);
      const times = Math.max(Math.trunc(number(L, 2)), 0);
      if (text.length * times > LONGEST_REPETITION) return raise(L, 'resulting string too large');
      pushText(L, text.repeat(times));
      return 1;
    },
    format: (L) => {
      const text = formatString(checkText(L, 1), {
        number: (position) => number(L, position),
        text: (position) => checkText(L, position),
        fail: (message) => raise(L, message),
      });
      pushText(L, text);
      return 1;
    },
  });
}

function number(L: LuaState, index: number): number {
  return lauxlib.luaL_checknumber(L, index);
}

function pushNumber(L: LuaState, value: number): number {
  lua.lua_pushnumber(L, value);
  return 1;
}

/** C's `frexp`: `value` is `fraction` times two to the power of `exponent`, with a fraction from 0.5 to below 1. */
function splitDouble(value: number): { fraction: number; exponent: number } {
  if (value === 0 || !Number.isFinite(value)) return { fraction: value, exponent: 0 };
  let exponent = Math.max(-1023, Math.floor(Math.log2(Math.abs(value))) + 1);
  let fraction = value * 2 ** -exponent;
  while (Math.abs(fraction) < 0.5) {
    fraction *= 2;
    exponent -= 1;
  }
  while (Math.abs(fraction) >= 1) {
    fraction /= 2;
    exponent += 1;
  }
  return { fraction, exponent };
}

/** A whole number in a base from 2 to 36. */
function readDigits(text: string, base: number): number | undefined {
  const [, sign, digits] = /^\s*(-?)([0-9a-z]+)\s*$/i.exec(base === 16 ? text.replace(/0x/i, '') : text) ?? [];
  if (digits === undefined) return undefined;
  let value = 0;
  for (const digit of digits) {
    const digitValue = parseInt(digit, 36);
    if (digitValue >= base) return undefined;
    value = value * base + digitValue;
  }
  return sign === '-' ? -value : value;
}
