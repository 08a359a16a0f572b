import { SqlError, syntaxError, unsupported } from '../sql-error';
import { Decimal } from '../values/decimal';
import type { Value } from '../values/value';

export interface Token {
  readonly kind: 'word' | 'quoted' | 'literal' | 'parameter' | 'variable' | 'symbol';
  /** A word in upper case, a quoted identifier without its quotes, otherwise as written. */
  readonly text: string;
  /** A literal's value. */
  readonly value?: Value;
  /** Where it begins and ends in the statement, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

const SPACE = /(?:\s+|--(?:[\s][^\n]*|$)|#[^\n]*|\/\*(?![!+T])[\s\S]*?\*\/|\/\*\+[\s\S]*?\*\/)+/y;
/** TiDB's own comments that only say how a row is stored: they change no answer. */
const STORAGE_COMMENT = /\/\*T!\[(?:clustered_index|auto_id_cache|placement|ttl)\][\s\S]*?\*\//y;
const STRING = /'[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*'|"[^"\\]*(?:(?:\\[\s\S]|"")[^"\\]*)*"/y;
const HEX = /(?:0x([0-9A-Fa-f]+)|[xX]'((?:[0-9A-Fa-f]{2})*)')(?![\w$])/y;
const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w$])/y;
const WORD = /[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*/y;
const QUOTED = /`((?:[^`]|``)+)`/y;
const VARIABLE = /@@?(?:[A-Za-z_$][\w$.]*|`[^`]+`)/y;
const SYMBOL = /<=>|->>|->|:=|<=|>=|<>|!=|<<|>>|\|\||&&|[-+*/%=<>!~^|&(),.;:@]/y;

/**
 * Splits a statement into tokens; comments vanish.
 *
 * @throws SqlError 1064 for characters that begin no token
 */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(sql);
  };
  for (;;) {
    at += match(SPACE)?.[0].length ?? 0;
    const comment = match(STORAGE_COMMENT);
    if (comment !== null) {
      at += comment[0].length;
      continue;
    }
    if (at >= sql.length) return tokens;
    const token = readToken(sql, at, match);
    at = token.end;
    const last = tokens.at(-1);
    if (typeof token.value === 'string' && typeof last?.value === 'string') {
      // adjacent strings are one string
      tokens[tokens.length - 1] = { ...last, value: last.value + token.value, end: token.end };
    } else if (
      token.value !== undefined &&
      last?.kind === 'word' &&
      /^_(UTF8MB4|UTF8|BINARY|LATIN1)$/.test(last.text)
    ) {
      const value = last.text === '_BINARY' && typeof token.value === 'string' ? Buffer.from(token.value) : token.value;
      tokens[tokens.length - 1] = { ...token, value, start: last.start };
    } else {
      tokens.push(token);
    }
  }
}

function readToken(sql: string, start: number, match: (pattern: RegExp) => RegExpExecArray | null): Token {
  const string = match(STRING);
  if (string !== null) {
    return { kind: 'literal', text: string[0], value: unquote(string[0]), start, end: start + string[0].length };
  }
  const hex = match(HEX);
  if (hex !== null) {
    const digits = hex[1] ?? hex[2] ?? '';
    const value = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
    return { kind: 'literal', text: hex[0], value, start, end: start + hex[0].length };
  }
  const number = match(NUMBER);
  if (number !== null) {
    return { kind: 'literal', text: number[0], value: readNumber(number[0]), start, end: start + number[0].length };
  }
  if (sql[start] === '?') return { kind: 'parameter', text: '?', start, end: start + 1 };
  const word = match(WORD);
  if (word !== null) return { kind: 'word', text: word[0].toUpperCase(), start, end: start + word[0].length };
  const quoted = match(QUOTED);
  if (quoted !== null) {
    const name = (quoted[1] ?? '').replaceAll('``', '`');
    return { kind: 'quoted', text: name, start, end: start + quoted[0].length };
  }
  const variable = match(VARIABLE);
  if (variable !== null) {
    return { kind: 'variable', text: variable[0].replaceAll('`', ''), start, end: start + variable[0].length };
  }
  if (sql.startsWith('/*', start)) throw unsupported('executable comments (/*! … */ and /*T! … */)');
  const symbol = match(SYMBOL);
  if (symbol !== null) return { kind: 'symbol', text: symbol[0], start, end: start + symbol[0].length };
  throw syntaxError(`near '${sql.slice(start, start + 80)}'`);
}

function readNumber(text: string): Value {
  if (/^\d+$/.test(text)) {
    const integer = BigInt(text);
    return integer < 2n ** 64n ? integer : new Decimal(integer, 0);
  }
  return /[eE]/.test(text) ? Number(text) : Decimal.parse(text);
}

const ESCAPES: Readonly<Record<string, string>> = { '0': '\0', b: '\b', n: '\n', r: '\r', t: '\t', Z: '\x1a' };

/** Removes quotes and escapes (MySQL, "String Literals"): `\%` and `\_` keep their backslash. */
function unquote(literal: string): string {
  const quote = literal.charAt(0);
  const body = literal.slice(1, -1);
  if (!body.includes('\\') && !body.includes(quote)) return body;
  return body.replace(/\\([\s\S])|''|""/g, (pair, escaped: string | undefined) => {
    if (escaped === undefined) return pair.charAt(0) === quote ? quote : pair;
    if (escaped === '%' || escaped === '_') return pair;
    return ESCAPES[escaped] ?? escaped;
  });
}

/** @throws SqlError when a second statement follows */
export function singleStatement(tokens: readonly Token[]): readonly Token[] {
  const end = tokens.findIndex((token) => token.text === ';' && token.kind === 'symbol');
  if (end < 0) return tokens;
  if (end < tokens.length - 1) {
    // TiDB's answer to a client without CLIENT_MULTI_STATEMENTS; with it, the stand-in refuses as well
    throw new SqlError(8130, 'client has multi-statement capability disabled');
  }
  return tokens.slice(0, end);
}
