import { toBinaryString, toBytes } from '../binary-string';
import { lauxlib, lua, type LuaFunction, type LuaState } from './lua51';

/** Small steps on Lua's stack, with binary strings for Lua's. */

export function pushText(L: LuaState, text: string): void {
  lua.lua_pushstring(L, toBytes(text));
}

/** The string (or number, written as a string) at `index`. */
export function textAt(L: LuaState, index: number): string | undefined {
  const bytes = lua.lua_tostring(L, index);
  return bytes === null ? undefined : toBinaryString(bytes);
}

/** The argument at `index`, which must be a string or a number; else a Lua error. */
export function checkText(L: LuaState, index: number): string {
  return toBinaryString(lauxlib.luaL_checkstring(L, index));
}

/** Raises a Lua error that names the line of the caller. */
export function raise(L: LuaState, message: string): never {
  return lauxlib.luaL_error(L, toBytes(message.replaceAll('%', '%%')));
}

/** Keeps a text in Lua's registry, where it needn't be made again; answers its place there. */
export function keepText(L: LuaState, text: string): number {
  pushText(L, text);
  return lauxlib.luaL_ref(L, lua.LUA_REGISTRYINDEX);
}

/** Pushes a table of strings. */
export function pushTexts(L: LuaState, texts: readonly string[]): void {
  lua.lua_createtable(L, texts.length, 0);
  texts.forEach((text, index) => {
    pushText(L, text);
    lua.lua_rawseti(L, -2, index + 1);
  });
}

/** Sets a field of the table on top of the stack to what `push` pushes. */
export function setField(L: LuaState, name: string, push: (L: LuaState) => void): void {
  pushText(L, name);
  push(L);
  lua.lua_rawset(L, -3);
}

/** Pushes a table of functions. */
export function pushLibrary(L: LuaState, functions: Readonly<Record<string, LuaFunction>>): void {
  lua.lua_createtable(L, 0, Object.keys(functions).length);
  for (const [name, run] of Object.entries(functions)) setField(L, name, () => lua.lua_pushcfunction(L, run));
}
