import { CommandError, type Reply } from '../reply';
import { lua, type LuaState } from './lua51';
import { formatGeneral } from './number-text';
import { pushReply, pushTagged } from './replies';
import { pushLibrary, textAt } from './stack';

/** Carries out a command for a script. An error is a reply. */
export type CommandCaller = (words: readonly string[]) => Reply;

/**
 * Pushes the table `redis`: https://redis.io/docs/latest/develop/interact/programmability/lua-api/#redis_object
 *
 * @param caller carries out what the script that is running calls
 */
export function pushRedisLibrary(L: LuaState, caller: () => CommandCaller): void {
  pushLibrary(L, {
    call: (L) => {
      const reply = callCommand(L, caller());
      pushReply(L, reply);
      return reply instanceof CommandError ? lua.lua_error(L) : 1;
    },
    pcall: (L) => {
      pushReply(L, callCommand(L, caller()));
      return 1;
    },
    status_reply: (L) => tagged(L, 'ok', (text) => text),
    error_reply: (L) => tagged(L, 'err', errorText),
  });
}

function callCommand(L: LuaState, call: CommandCaller): Reply {
  const words: string[] = [];
  const count = lua.lua_gettop(L);
  if (count === 0) return new CommandError('ERR Please specify at least one argument for this redis lib call');
  for (let index = 1; index <= count; index += 1) {
    const type = lua.lua_type(L, index);
    if (type === lua.LUA_TNUMBER) words.push(formatGeneral(lua.lua_tonumber(L, index), 17));
    else if (type === lua.LUA_TSTRING) words.push(textAt(L, index) ?? '');
    else return new CommandError('ERR Lua redis lib command arguments must be strings or integers');
  }
  return call(words);
}

function tagged(L: LuaState, tag: 'ok' | 'err', write: (text: string) => string): number {
  const isText = lua.lua_gettop(L) === 1 && lua.lua_type(L, 1) === lua.LUA_TSTRING;
  if (isText) pushTagged(L, tag, write(textAt(L, 1) ?? ''));
  else pushTagged(L, 'err', 'ERR wrong number or type of arguments');
  return 1;
}

/** An error is a code and a text; what is a single word or begins with a minus gets its code here. */
function errorText(text: string): string {
  if (text.startsWith('-')) return text.slice(1);
  return text.includes(' ') ? text : `ERR ${text}`;
}
