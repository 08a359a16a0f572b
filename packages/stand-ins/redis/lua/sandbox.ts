import { formatString } from './string-format';
import { lauxlib, lua, type LuaState } from './lua51';
import { checkText, pushLibrary, pushText, raise, textAt } from './stack';

/**
 * What a script finds in its global environment: the part of Lua 5.1's library that README.md lists, read-only, with Redis'
 * errors. It runs once, with Lua 5.3's library in reach, which scripts never see.
 */
const SANDBOX = `
local redis, native = ...
local error, pairs, rawget, setmetatable, tostring, type = error, pairs, rawget, setmetatable, tostring, type
local lua_next, lua_pcall, lua_tonumber = next, pcall, tonumber

local function readonly(content)
  return setmetatable({}, {
    __index = content,
    __newindex = function() error('Attempt to modify a readonly table', 2) end,
    __pairs = function() return lua_next, content, nil end,
    __metatable = false,
  })
end

-- Of what is missing, no script shall think that Redis lacks it, too.
local function library(name, content)
  return readonly(setmetatable(content, {
    __index = function(_, field) error('the embedded Redis has no ' .. name .. '.' .. tostring(field), 2) end,
  }))
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

-- Methods of strings ("text"):len() find the same functions.
local in_51 = { byte = 1, char = 1, find = 1, gmatch = 1, gsub = 1, len = 1, lower = 1, match = 1, reverse = 1, sub = 1,
  upper = 1 }
for name in pairs(string) do if not in_51[name] then string[name] = nil end end
string.format, string.rep = native.format, native.rep

local globals = {
  assert = assert, error = raise, ipairs = ipairs, next = next, pairs = pairs, select = select, tostring = tostring,
  type = type, unpack = table.unpack,
  pcall = function(...) return outcome(lua_pcall(...)) end,
  tonumber = function(value, base)
    if base ~= nil and base ~= 10 then error('the embedded Redis reads numbers in base 10 only', 2) end
    return lua_tonumber(value)
  end,
  redis = library('redis', redis),
  math = library('math', {
    abs = math.abs, ceil = math.ceil, floor = math.floor, fmod = math.fmod, huge = math.huge, max = math.max,
    min = math.min, pow = function(x, y) return x ^ y end, sqrt = math.sqrt,
  }),
  string = library('string', string),
  table = library('table', {
    concat = table.concat, getn = function(t) return #t end, insert = table.insert, remove = table.remove,
    sort = table.sort,
  }),
}

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
  pushNativeLibrary(L);
  if (lua.lua_pcall(L, 2, 2, 0) !== lua.LUA_OK) throw new Error(`the sandbox does not start: ${textAt(L, -1)}`);
  lua.lua_rawseti(L, lua.LUA_REGISTRYINDEX, lua.LUA_RIDX_GLOBALS);
  return lauxlib.luaL_ref(L, lua.LUA_REGISTRYINDEX);
}

/** What Lua 5.3 does otherwise than 5.1. */
function pushNativeLibrary(L: LuaState): void {
  pushLibrary(L, {
    rep: (L) => {
      const text = checkText(L, 1);
      const times = Math.max(Math.trunc(lauxlib.luaL_checknumber(L, 2)), 0);
      if (text.length * times > LONGEST_REPETITION) return raise(L, 'resulting string too large');
      pushText(L, text.repeat(times));
      return 1;
    },
    format: (L) => {
      const text = formatString(checkText(L, 1), {
        number: (position) => lauxlib.luaL_checknumber(L, position),
        text: (position) => checkText(L, position),
        fail: (message) => raise(L, message),
      });
      pushText(L, text);
      return 1;
    },
  });
}
