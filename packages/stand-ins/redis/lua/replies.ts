import { formatDouble, truncateToInt64 } from '../numbers';
import { CommandError, DoubleReply, MapReply, NullArray, Status, VerbatimReply, type Reply } from '../reply';
import { lua, type LuaState } from './lua51';
import { keepText, pushText, setField, textAt } from './stack';

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

/** How deeply tables may be nested in a reply. */
const DEEPEST = 1000;

/** Fields that make a table another reply than an array. */
const TAGS = ['err', 'ok', 'double', 'map', 'set', 'big_number', 'verbatim_string'] as const;
type Tag = (typeof TAGS)[number];

/** Turns what scripts return into replies. */
export class ReplyReader {
  /** Where the names of the tags are, in Lua's registry: making the strings for every table is slow. */
  private readonly names: Readonly<Record<Tag, number>>;

  constructor(L: LuaState) {
    this.names = Object.fromEntries(TAGS.map((tag) => [tag, keepText(L, tag)])) as Record<Tag, number>;
  }

  /**
   * Takes the value on top of the stack, which a script has returned.
   *
   * @throws CommandError when it is nested too deeply or of a type that this server lacks
   */
  pop(L: LuaState): Reply {
    const reply = this.read(L);
    lua.lua_pop(L, 1);
    return reply;
  }

  /** The text of an error, `{err = text}`, on top of the stack. */
  errorAtTop(L: LuaState): string | undefined {
    return this.tag(L, 'err', lua.LUA_TSTRING, () => textAt(L, -1));
  }

  private read(L: LuaState): Reply {
    switch (lua.lua_type(L, -1)) {
      case lua.LUA_TSTRING:
        return textAt(L, -1) ?? null;
      case lua.LUA_TNUMBER:
        return truncateToInt64(lua.lua_tonumber(L, -1));
      case lua.LUA_TBOOLEAN:
        return lua.lua_toboolean(L, -1) ? 1 : null;
      case lua.LUA_TTABLE:
        return this.readTable(L);
      default:
        return null;
    }
  }

  private readTable(L: LuaState): Reply {
    if (lua.lua_gettop(L) > DEEPEST || !lua.lua_checkstack(L, 4)) {
      throw new CommandError('ERR reached lua stack limit');
    }
    const error = this.errorAtTop(L);
    if (error !== undefined) return new CommandError(error);
    const status = this.tag(L, 'ok', lua.LUA_TSTRING, () => textAt(L, -1));
    if (status !== undefined) return new Status(status);
    const double = this.tag(L, 'double', lua.LUA_TNUMBER, () => lua.lua_tonumber(L, -1));
    if (double !== undefined) return new DoubleReply(double);
    const map = this.tag(L, 'map', lua.LUA_TTABLE, () => this.readPairs(L));
    if (map !== undefined) return new MapReply(map);
    for (const tag of ['set', 'big_number', 'verbatim_string'] as const) {
      if (this.tag(L, tag, undefined, () => true)) {
        throw new CommandError(`ERR a script's reply with "${tag}" is not supported by the embedded Redis`);
      }
    }
    const elements: Reply[] = [];
    while (lua.lua_rawgeti(L, -1, elements.length + 1) !== lua.LUA_TNIL) elements.push(this.pop(L));
    lua.lua_pop(L, 1);
    return elements;
  }

  /** Reads a field of the table on top when it is there and of the type asked for (undefined: any). */
  private tag<T>(L: LuaState, tag: Tag, type: number | undefined, read: () => T): T | undefined {
    lua.lua_rawgeti(L, lua.LUA_REGISTRYINDEX, this.names[tag]);
    const found = lua.lua_rawget(L, -2);
    const value = found !== lua.LUA_TNIL && (type === undefined || found === type) ? read() : undefined;
    lua.lua_pop(L, 1);
    return value;
  }

  private readPairs(L: LuaState): [Reply, Reply][] {
    const entries: [Reply, Reply][] = [];
    lua.lua_pushnil(L);
    while (lua.lua_next(L, -2) !== 0) {
      const value = this.pop(L);
      lua.lua_pushvalue(L, -1);
      entries.push([this.pop(L), value]);
    }
    return entries;
  }
}
