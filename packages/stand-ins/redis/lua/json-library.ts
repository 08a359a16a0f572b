import { toBinaryString } from '../binary-string';
import { formatGeneral } from '../numbers';
import { lua, type LuaState } from './lua51';
import { checkText, pushLibrary, pushText, raise, setField, textAt } from './stack';

/** What `cjson.encode` and `cjson.decode` allow to nest, and how sparse an array may be: https://kyne.au/~mark/software/lua-cjson-manual.html */
const MAX_DEPTH = 1000;
const SPARSE_RATIO = 2;
const SPARSE_SAFE = 10;

/** Pushes the table `cjson` with encode, decode and null; its settings are left out. */
export function pushJsonLibrary(L: LuaState): void {
  pushLibrary(L, {
    encode: (L) => {
      lua.lua_settop(L, 1);
      pushText(L, encodeTop(L, 0));
      return 1;
    },
    decode: (L) => {
      const value = parse(checkText(L, 1));
      if (value === undefined) return raise(L, 'Expected value but found invalid token');
      pushValue(L, value.parsed, 0);
      return 1;
    },
  });
  setField(L, 'null', () => lua.lua_pushlightuserdata(L, null));
}

function encodeTop(L: LuaState, depth: number): string {
  switch (lua.lua_type(L, -1)) {
    case lua.LUA_TSTRING:
      return quoted(textAt(L, -1) ?? '');
    case lua.LUA_TNUMBER: {
      const number = lua.lua_tonumber(L, -1);
      if (!Number.isFinite(number)) return raise(L, 'Cannot serialise number: must not be NaN or Inf');
      return formatGeneral(number, 14);
    }
    case lua.LUA_TBOOLEAN:
      return lua.lua_toboolean(L, -1) ? 'true' : 'false';
    case lua.LUA_TNIL:
      return 'null';
    case lua.LUA_TLIGHTUSERDATA:
      return 'null';
    case lua.LUA_TTABLE:
      if (depth >= MAX_DEPTH || !lua.lua_checkstack(L, 4)) {
        return raise(L, `Cannot serialise, excessive depth (${depth + 1})`);
      }
      return encodeTable(L, depth + 1);
    default:
      return raise(L, `Cannot serialise ${typeName(L)}: type not supported`);
  }
}

function encodeTable(L: LuaState, depth: number): string {
  const length = arrayLength(L);
  const parts: string[] = [];
  if (length > 0) {
    for (let index = 1; index <= length; index += 1) {
      lua.lua_rawgeti(L, -1, index);
      parts.push(encodeTop(L, depth));
      lua.lua_pop(L, 1);
    }
    return `[${parts.join(',')}]`;
  }
  lua.lua_pushnil(L);
  while (lua.lua_next(L, -2) !== 0) {
    const value = encodeTop(L, depth);
    lua.lua_pop(L, 1);
    const type = lua.lua_type(L, -1);
    if (type !== lua.LUA_TSTRING && type !== lua.LUA_TNUMBER) {
      return raise(L, 'Cannot serialise table: table key must be a number or string');
    }
    const key = type === lua.LUA_TNUMBER ? formatGeneral(lua.lua_tonumber(L, -1), 14) : (textAt(L, -1) ?? '');
    parts.push(`${quoted(key)}:${value}`);
  }
  return `{${parts.join(',')}}`;
}

/** The greatest index of a table whose keys are whole numbers from 1; 0 for any other. */
function arrayLength(L: LuaState): number {
  let greatest = 0;
  let items = 0;
  lua.lua_pushnil(L);
  while (lua.lua_next(L, -2) !== 0) {
    lua.lua_pop(L, 1);
    const key = lua.lua_type(L, -1) === lua.LUA_TNUMBER ? lua.lua_tonumber(L, -1) : 0;
    if (!(key >= 1) || !Number.isInteger(key)) {
      lua.lua_pop(L, 1);
      return 0;
    }
    greatest = Math.max(greatest, key);
    items += 1;
  }
  if (greatest > SPARSE_SAFE && greatest > items * SPARSE_RATIO) {
    return raise(L, 'Cannot serialise table: excessively sparse array');
  }
  return greatest;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '/': '\\/',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function quoted(text: string): string {
  // All but printable characters, and but the bytes of characters beyond ASCII, which pass as they are.
  const escaped = text.replace(/["\\/]|[^ -~\x80-\xff]/g, (character) => {
    return ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `"${escaped}"`;
}

function typeName(L: LuaState): string {
  return toBinaryString(lua.lua_typename(L, lua.lua_type(L, -1)));
}

/** Parses a binary string; what `\u` stands for becomes UTF-8, as everything else in it already is. */
function parse(text: string): { parsed: unknown } | undefined {
  const bytes = text.replace(/\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|u....|[^])/g, (escape) => {
    if (!escape.startsWith('\\u') || /^\\u00[0-7]/.test(escape)) return escape;
    const units = escape
      .split('\\u')
      .slice(1)
      .map((unit) => parseInt(unit, 16));
    if (units.some(Number.isNaN)) return escape;
    return Buffer.from(String.fromCharCode(...units), 'utf8').toString('latin1');
  });
  try {
    return { parsed: JSON.parse(bytes) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function pushValue(L: LuaState, value: unknown, depth: number): void {
  if (depth > MAX_DEPTH || !lua.lua_checkstack(L, 4)) return raise(L, 'Found too many nested data structures');
  if (typeof value === 'string') pushText(L, value);
  else if (typeof value === 'number') lua.lua_pushnumber(L, value);
  else if (typeof value === 'boolean') lua.lua_pushboolean(L, value);
  else if (Array.isArray(value)) {
    lua.lua_createtable(L, value.length, 0);
    value.forEach((element: unknown, index) => {
      pushValue(L, element, depth + 1);
      lua.lua_rawseti(L, -2, index + 1);
    });
  } else if (typeof value === 'object' && value !== null) {
    lua.lua_createtable(L, 0, 0);
    for (const [key, element] of Object.entries(value)) setField(L, key, () => pushValue(L, element, depth + 1));
  } else {
    lua.lua_pushlightuserdata(L, null);
  }
}
