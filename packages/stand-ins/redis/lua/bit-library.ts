import { lauxlib, lua, type LuaFunction, type LuaState } from './lua51';
import { pushLibrary, pushText } from './stack';

/** Pushes the table `bit`, operations on 32 bits: https://bitop.luajit.org/api.html */
export function pushBitLibrary(L: LuaState): void {
  pushLibrary(L, {
    tobit: unary((a) => a),
    bnot: unary((a) => ~a),
    bswap: unary((a) => ((a & 0xff) << 24) | ((a & 0xff00) << 8) | ((a >>> 8) & 0xff00) | (a >>> 24)),
    band: folded((a, b) => a & b),
    bor: folded((a, b) => a | b),
    bxor: folded((a, b) => a ^ b),
    lshift: shift((a, n) => a << n),
    rshift: shift((a, n) => a >>> n),
    arshift: shift((a, n) => a >> n),
    rol: shift((a, n) => (a << n) | (a >>> (32 - n))),
    ror: shift((a, n) => (a >>> n) | (a << (32 - n))),
    tohex: (L) => {
      const width = lua.lua_gettop(L) > 1 ? bits(L, 2) : 8;
      const text = (bits(L, 1) >>> 0)
        .toString(16)
        .padStart(8, '0')
        .slice(-Math.min(Math.abs(width), 8));
      pushText(L, width === 0 ? '' : width < 0 ? text.toUpperCase() : text);
      return 1;
    },
  });
}

function unary(operation: (a: number) => number): LuaFunction {
  return (L) => answer(L, operation(bits(L, 1)));
}

function folded(operation: (a: number, b: number) => number): LuaFunction {
  return (L) => {
    let result = bits(L, 1);
    for (let index = 2; index <= lua.lua_gettop(L); index += 1) result = operation(result, bits(L, index));
    return answer(L, result);
  };
}

function shift(operation: (a: number, n: number) => number): LuaFunction {
  return (L) => answer(L, operation(bits(L, 1), bits(L, 2) & 31));
}

/** The lower 32 bits of an argument, rounded to a whole number, as a signed one. */
function bits(L: LuaState, index: number): number {
  const value = lauxlib.luaL_checknumber(L, index);
  const rounded = Math.round(value);
  const even = Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
  return even | 0;
}

function answer(L: LuaState, result: number): number {
  lua.lua_pushnumber(L, result | 0);
  return 1;
}
