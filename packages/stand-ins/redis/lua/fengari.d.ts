/** The parts of fengari that the script engine uses; the package has no types of its own. */

declare module 'fengari' {
  export interface LuaState {
    readonly luaState: unique symbol;
  }
  /** What `lua_getinfo` fills in. */
  export interface LuaDebug {
    source: Uint8Array;
    currentline: number;
  }
  /** A function that Lua calls: its arguments are on the stack; it pushes results and returns how many. */
  export type LuaFunction = (L: LuaState) => number;

  interface Lua {
    readonly LUA_OK: 0;
    readonly LUA_REGISTRYINDEX: number;
    readonly LUA_RIDX_GLOBALS: number;
    readonly LUA_MASKCOUNT: number;
    readonly LUA_TNIL: number;
    readonly LUA_TBOOLEAN: number;
    readonly LUA_TNUMBER: number;
    readonly LUA_TSTRING: number;
    readonly LUA_TTABLE: number;
    readonly lua_Debug: new () => LuaDebug;
    lua_atnativeerror(L: LuaState, handler: LuaFunction): void;
    lua_checkstack(L: LuaState, slots: number): boolean;
    lua_createtable(L: LuaState, array: number, records: number): void;
    lua_error(L: LuaState): never;
    lua_getinfo(L: LuaState, what: Uint8Array, debug: LuaDebug): number;
    lua_getstack(L: LuaState, level: number, debug: LuaDebug): number;
    lua_gettop(L: LuaState): number;
    lua_pcall(L: LuaState, args: number, results: number, handler: number): number;
    lua_pop(L: LuaState, count: number): void;
    lua_pushboolean(L: LuaState, value: boolean): void;
    lua_pushcfunction(L: LuaState, run: LuaFunction): void;
    lua_pushnumber(L: LuaState, value: number): void;
    lua_pushstring(L: LuaState, bytes: Uint8Array): void;
    lua_pushvalue(L: LuaState, index: number): void;
    lua_rawget(L: LuaState, index: number): number;
    lua_rawgeti(L: LuaState, index: number, key: number): number;
    lua_rawset(L: LuaState, index: number): void;
    lua_rawseti(L: LuaState, index: number, key: number): void;
    lua_sethook(L: LuaState, hook: (L: LuaState) => void, mask: number, count: number): void;
    lua_settop(L: LuaState, index: number): void;
    lua_setupvalue(L: LuaState, functionIndex: number, upvalue: number): Uint8Array | null;
    lua_toboolean(L: LuaState, index: number): boolean;
    lua_tonumber(L: LuaState, index: number): number;
    lua_tostring(L: LuaState, index: number): Uint8Array | null;
    lua_touserdata(L: LuaState, index: number): unknown;
    lua_type(L: LuaState, index: number): number;
    lua_typename(L: LuaState, type: number): Uint8Array;
  }

  interface LuaAuxiliary {
    luaL_newstate(): LuaState;
    luaL_checknumber(L: LuaState, argument: number): number;
    luaL_checkstring(L: LuaState, argument: number): Uint8Array;
    luaL_error(L: LuaState, message: Uint8Array): never;
    luaL_loadbuffer(L: LuaState, source: Uint8Array, size: number, name: Uint8Array): number;
    luaL_ref(L: LuaState, table: number): number;
    luaL_unref(L: LuaState, table: number, reference: number): void;
  }

  interface Fengari {
    readonly lua: Lua;
    readonly lauxlib: LuaAuxiliary;
    readonly lualib: { luaL_openlibs(L: LuaState): void };
  }
  const fengari: Fengari;
  export default fengari;
}

declare module 'fengari/src/defs.js' {
  const defs: { readonly constant_types: { LUA_TNUMINT: number; readonly LUA_TNUMFLT: number } };
  export default defs;
}

declare module 'fengari/src/luaconf.js' {
  const luaconf: { LUA_COMPAT_FLOATSTRING: boolean; LUAI_MAXSTACK: number; lua_number2str: (value: number) => string };
  export default luaconf;
}

declare module 'fengari/src/ldebug.js' {
  import type { LuaState } from 'fengari';
  const ldebug: { luaG_runerror(L: LuaState, message: Uint8Array): never };
  export default ldebug;
}

declare module 'fengari/src/lstring.js' {
  import type { LuaState } from 'fengari';
  /** A string of Lua. */
  interface TString {
    /** Its key in tables, once it is known. */
    hash: string | null;
    readonly realstring: Uint8Array;
  }
  const lstring: {
    luaS_hash: (bytes: Uint8Array) => string;
    luaS_hashlongstr: (string: TString) => string;
    /** Makes a string that owns the bytes. */
    luaS_bless: (L: LuaState, bytes: Uint8Array) => TString;
    /** Makes a string of a copy of the bytes. */
    luaS_new: (L: LuaState, bytes: Uint8Array) => TString;
  };
  export default lstring;
}

declare module 'fengari/src/lobject.js' {
  interface TValue {
    setfltvalue(value: number): void;
  }
  const lobject: {
    readonly TValue: { readonly prototype: { ttisinteger: () => boolean } };
    luaO_str2num: (bytes: Uint8Array, target: TValue) => number;
  };
  export default lobject;
}
