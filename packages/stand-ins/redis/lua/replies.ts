import { truncateToInt64 } from '../numbers';
import { CommandError, Status, type Reply } from '../reply';
import { lua, type LuaState } from './lua51';
import { keepText, pushText, setField, textAt } from './stack';

/** Replies to Lua values and back: https://redis.io/docs/latest/develop/interact/programmability/lua-api/#data-type-conversion */

/** Pushes what `redis.call` returns for a reply. */
export function pushReply(L: LuaState, reply: Reply): void {
  if (typeof reply === 'string') pushText(L, reply);
  else if (typeof reply === 'number' || typeof reply === 'bigint') lua.lua_pushnumber(L, Number(reply));
  else if (reply === null) lua.lua_pushboolean(L, false);
  else if (reply instanceof Status) pushTagged(L, 'ok', reply.text);
  else if (reply instanceof CommandError) pushTagged(L, 'err', reply.message);
  else {
    lua.lua_createtable(L, reply.length, 0);
    reply.forEach((element, index) => {
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

/** Fields by which a table is a reply of RESP3, which this server lacks. */
const RESP3_TAGS = ['double', 'map', 'set', 'big_number', 'verbatim_string'] as const;
const TAGS = ['err', 'ok', ...RESP3_TAGS] as const;
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
    return this.textOf(L, 'err');
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
    const status = this.textOf(L, 'ok');
    if (status !== undefined) return new Status(status);
    for (const tag of RESP3_TAGS) {
      const isThere = this.pushField(L, tag) !== lua.LUA_TNIL;
      lua.lua_pop(L, 1);
      if (isThere) throw new CommandError(`ERR the embedded Redis does not support "${tag}" in a reply`);
    }
    const elements: Reply[] = [];
    while (lua.lua_rawgeti(L, -1, elements.length + 1) !== lua.LUA_TNIL) elements.push(this.pop(L));
    lua.lua_pop(L, 1);
    return elements;
  }

  /** A field of the table on top of the stack, if it is there and a string. */
  private textOf(L: LuaState, tag: Tag): string | undefined {
    const text = this.pushField(L, tag) === lua.LUA_TSTRING ? textAt(L, -1) : undefined;
    lua.lua_pop(L, 1);
    return text;
  }

  /** @returns its type */
  private pushField(L: LuaState, tag: Tag): number {
    lua.lua_rawgeti(L, lua.LUA_REGISTRYINDEX, this.names[tag]);
    return lua.lua_rawget(L, -2);
  }
}
