import { formatDouble, truncateToInt64 } from '../numbers';
import { CommandError, DoubleReply, MapReply, NullArray, Status, VerbatimReply, type Reply } from '../reply';
import { lua, type LuaState } from './lua51';
import { pushText, setField, textAt } from './stack';

/** Replies to Lua values and back: https://redis.io/docs/latest/develop/interact/programmability/lua-api/#data-type-conversion */

/** Pushes what `redis.call` returns for a reply, by the rules for RESP2. */
export function pushReply(L: LuaState, reply: Reply): void {
  if (typeof reply === 'string') pushText(L, reply);
  else if (typeof reply === 'number' || typeof reply === 'bigint') lua.lua_pushnumber(L, Number(reply));
  else if (reply === null || reply instanceof NullArray) lua.lua_pushboolean(L, false);
  else if (reply instanceof Status) pushTagged(L, 'ok', reply.text);
  else if (reply instanceof CommandError) pushTagged(L, 'err', reply.message);
  else if (reply instanceof DoubleReply) pushText(L, formatDouble(reply.value));
  else if (reply instanceof VerbatimReply) pushText(L, reply.text);
  else {
    const elements = reply instanceof MapReply ? reply.entries.flat() : reply;
    lua.lua_createtable(L, elements.length, 0);
    elements.forEach((element, index) => {
      pushReply(L, element);
      lua.lua_rawseti(L, -2, index + 1);
    });
  }
}

/** Pushes `{ok = text}` or `{err = text}`. */
export function pushTagged(L: LuaState, tag: 'ok' | 'err', text: string): void {
  lua.lua_createtable(L, 0, 1);
  setField(L, tag, () => pushText(L, text));
}

const UNSUPPORTED_TAGS = ['set', 'big_number', 'verbatim_string'];

/**
 * Turns the value on top of the stack, which a script has returned, into a reply.
 *
 * @throws CommandError when it is nested too deeply or of a type that this server lacks
 */
export function popReply(L: LuaState): Reply {
  const reply = topReply(L);
  lua.lua_pop(L, 1);
  return reply;
}

function topReply(L: LuaState): Reply {
  switch (lua.lua_type(L, -1)) {
    case lua.LUA_TSTRING:
      return textAt(L, -1) ?? null;
    case lua.LUA_TNUMBER:
      return truncateToInt64(lua.lua_tonumber(L, -1));
    case lua.LUA_TBOOLEAN:
      return lua.lua_toboolean(L, -1) ? 1 : null;
    case lua.LUA_TTABLE:
      return tableReply(L);
    default:
      return null;
  }
}

function tableReply(L: LuaState): Reply {
  if (!lua.lua_checkstack(L, 4)) throw new CommandError('ERR reached lua stack limit');
  const error = errorAtTop(L);
  if (error !== undefined) return new CommandError(error);
  const status = field(L, 'ok', lua.LUA_TSTRING, () => textAt(L, -1));
  if (status !== undefined) return new Status(status);
  const double = field(L, 'double', lua.LUA_TNUMBER, () => lua.lua_tonumber(L, -1));
  if (double !== undefined) return new DoubleReply(double);
  const map = field(L, 'map', lua.LUA_TTABLE, () => pairs(L));
  if (map !== undefined) return new MapReply(map);
  for (const tag of UNSUPPORTED_TAGS) {
    if (field(L, tag, undefined, () => tag) !== undefined) {
      throw new CommandError(`ERR a script's reply with "${tag}" is not supported by the embedded Redis`);
    }
  }
  const elements: Reply[] = [];
  while (lua.lua_rawgeti(L, -1, elements.length + 1) !== lua.LUA_TNIL) elements.push(popReply(L));
  lua.lua_pop(L, 1);
  return elements;
}

/** The text of an error, `{err = text}`, on top of the stack. */
export function errorAtTop(L: LuaState): string | undefined {
  return field(L, 'err', lua.LUA_TSTRING, () => textAt(L, -1));
}

/** Reads a field of the table on top when it has the type asked for (undefined: any). */
function field<T>(L: LuaState, name: string, type: number | undefined, read: () => T): T | undefined {
  pushText(L, name);
  const found = lua.lua_rawget(L, -2);
  const value = found !== lua.LUA_TNIL && (type === undefined || found === type) ? read() : undefined;
  lua.lua_pop(L, 1);
  return value;
}

function pairs(L: LuaState): [Reply, Reply][] {
  const entries: [Reply, Reply][] = [];
  lua.lua_pushnil(L);
  while (lua.lua_next(L, -2) !== 0) {
    const value = popReply(L);
    lua.lua_pushvalue(L, -1);
    entries.push([popReply(L), value]);
  }
  return entries;
}
