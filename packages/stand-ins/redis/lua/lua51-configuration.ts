import defs from 'fengari/src/defs.js';
import luaconf from 'fengari/src/luaconf.js';
import lstring from 'fengari/src/lstring.js';
import { toBinaryString } from '../binary-string';
import { countStringBytes } from './memory';
import { formatGeneral } from './number-text';

/**
 * Configures fengari, whose language is Lua 5.3, before it loads; lua51.ts does the rest. Redis' Lua is 5.1, whose
 * numbers are doubles and nothing else. In fengari some would be integers of 32 bits, and 2147483647 + 1 negative.
 * The package is pinned to one version, and packages/stand-ins/test/redis/lua notices if another has other internals.
 */

// The tag of integers becomes that of doubles: whatever makes an integer makes a double.
defs.constant_types.LUA_TNUMINT = defs.constant_types.LUA_TNUMFLT;
luaconf.LUA_COMPAT_FLOATSTRING = true; // 10/2 prints as 5, not 5.0
luaconf.lua_number2str = (value) => formatGeneral(value, 14);
// fengari's own table keys collide for some strings with control characters ("\x01\x11" and "\x11\x01").
lstring.luaS_hash = (bytes) => `|${toBinaryString(bytes)}`;
lstring.luaS_hashlongstr = (string) => (string.hash ??= lstring.luaS_hash(string.realstring));

// Lua 5.1 stops at 20,000 nested calls; 5.3 would fill hundreds of megabytes first.
luaconf.LUAI_MAXSTACK = 200_000;

const keepBytes = lstring.luaS_bless;
lstring.luaS_bless = function (L, bytes) {
  countStringBytes(L, bytes.length);
  return keepBytes(L, bytes);
};
// A function, since fengari calls it by `new`, too.
lstring.luaS_new = function (L, bytes) {
  countStringBytes(L, bytes.length);
  return keepBytes(L, new Uint8Array(bytes)); // ten times as fast as fengari's Uint8Array.from
};
