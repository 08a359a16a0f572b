import './lua51-configuration'; // first: fengari reads it while it loads
import fengari from 'fengari';
import ldebug from 'fengari/src/ldebug.js';
import lobject from 'fengari/src/lobject.js';
import { toBinaryString } from '../binary-string';

/** Lua with the numbers of Lua 5.1: all are doubles (see lua51-configuration.ts). */
export const { lua, lauxlib, lualib } = fengari;
export type { LuaFunction, LuaState } from 'fengari';

/** Raises a Lua error wherever the interpreter is, even where its stack is full; `lua_error` is for functions. */
export const raiseAnywhere = ldebug.luaG_runerror;

lobject.TValue.prototype.ttisinteger = () => false;

const readNumber = lobject.luaO_str2num;
lobject.luaO_str2num = (bytes, target) => {
  const length = readNumber(bytes, target);
  // fengari wraps a hexadecimal integer around at 32 bits.
  const isHexadecimal = length > 0 && (bytes.includes(0x78) || bytes.includes(0x58));
  const [, sign, digits] = isHexadecimal ? (/^\s*([+-]?)(0x[0-9a-f]+)\s*\0?$/i.exec(toBinaryString(bytes)) ?? []) : [];
  if (digits !== undefined) target.setfltvalue(sign === '-' ? -Number(digits) : Number(digits));
  return length;
};
