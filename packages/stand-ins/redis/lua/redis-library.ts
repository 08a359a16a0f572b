import { createHash } from 'node:crypto';
import { ArityError, carryOut, UnknownCommandError } from '../commands/command';
import { formatGeneral } from '../numbers';
import { REDIS_VERSION } from '../version';
import { CommandError, type Reply } from '../reply';
import type { Session } from '../session';
import { lua, type LuaState } from './lua51';
import { pushReply, pushTagged } from './replies';
import { pushLibrary, pushText, setField, textAt } from './stack';

/** The script that is running. */
export interface RunningScript {
  readonly session: Session;
  /** It has declared that it doesn't write. */
  readonly readOnly: boolean;
}

export function sha1hex(text: string): string {
  return createHash('sha1').update(text, 'latin1').digest('hex');
}

/** Constants that scripts may hand to `redis.log` and `redis.set_repl`. */
const CONSTANTS = {
  LOG_DEBUG: 0,
  LOG_VERBOSE: 1,
  LOG_NOTICE: 2,
  LOG_WARNING: 3,
  REPL_NONE: 0,
  REPL_AOF: 1,
  REPL_SLAVE: 2,
  REPL_REPLICA: 2,
  REPL_ALL: 3,
};

/**
 * Pushes the table `redis`: https://redis.io/docs/latest/develop/interact/programmability/lua-api/#redis_object
 *
 * @param running tells which script calls
 */
export function pushRedisLibrary(L: LuaState, running: () => RunningScript): void {
  pushLibrary(L, {
    call: (L) => {
      const reply = callCommand(L, running());
      pushReply(L, reply);
      return reply instanceof CommandError ? lua.lua_error(L) : 1;
    },
    pcall: (L) => {
      pushReply(L, callCommand(L, running()));
      return 1;
    },
    sha1hex: (L) => {
      if (lua.lua_gettop(L) !== 1) return raiseRedisError(L, 'ERR wrong number of arguments');
      pushText(L, sha1hex(textAt(L, 1) ?? ''));
      return 1;
    },
    status_reply: (L) => tagged(L, 'ok', (text) => text),
    error_reply: (L) => tagged(L, 'err', errorText),
    log: (L) => {
      // The log itself is nowhere to be read, so a right call does nothing.
      if (lua.lua_gettop(L) < 2) return raiseRedisError(L, 'ERR redis.log() requires two arguments or more.');
      return 0;
    },
    // There is neither a replica nor an append-only file, so these do nothing.
    set_repl: () => 0,
    replicate_commands: (L) => {
      lua.lua_pushboolean(L, true);
      return 1;
    },
    setresp: (L) => {
      const version = lua.lua_tonumber(L, 1);
      if (version === 2) return 0;
      return raiseRedisError(
        L,
        version === 3
          ? 'ERR redis.setresp(3) is not supported by the embedded Redis'
          : 'ERR RESP version must be 2 or 3.',
      );
    },
  });
  for (const [name, value] of Object.entries(CONSTANTS)) setField(L, name, () => lua.lua_pushnumber(L, value));
  setField(L, 'REDIS_VERSION', () => pushText(L, REDIS_VERSION));
  setField(L, 'REDIS_VERSION_NUM', () => lua.lua_pushnumber(L, versionNumber(REDIS_VERSION)));
}

function callCommand(L: LuaState, { session, readOnly }: RunningScript): Reply {
  const words: string[] = [];
  const count = lua.lua_gettop(L);
  if (count === 0) return new CommandError('ERR Please specify at least one argument for this redis lib call');
  for (let index = 1; index <= count; index += 1) {
    const type = lua.lua_type(L, index);
    if (type === lua.LUA_TNUMBER) words.push(formatGeneral(lua.lua_tonumber(L, index), 17));
    else if (type === lua.LUA_TSTRING) words.push(textAt(L, index) ?? '');
    else return new CommandError('ERR Lua redis lib command arguments must be strings or integers');
  }
  try {
    const call = session.server.findCall(words);
    if (call.command.refusedInScripts) return new CommandError('ERR This Redis command is not allowed from script');
    if (readOnly && call.command.writes) {
      return new CommandError('ERR Write commands are not allowed from read-only scripts.');
    }
    return carryOut(session, call);
  } catch (error) {
    if (error instanceof UnknownCommandError) {
      return new CommandError('ERR Unknown Redis command called from script');
    }
    if (error instanceof ArityError) {
      return new CommandError('ERR Wrong number of args calling Redis command from script');
    }
    throw error;
  }
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

function raiseRedisError(L: LuaState, message: string): never {
  pushTagged(L, 'err', message);
  return lua.lua_error(L);
}

/** One byte for each part of the version. */
function versionNumber(version: string): number {
  return version.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}
