import { SqlError, syntaxError, unsupported } from '../errors';
import type { Value } from '../value';

export interface Token {
  readonly kind: 'word' | 'quoted' | 'literal' | 'parameter' | 'variable' | 'symbol';
  /** A word in upper case, otherwise as written. */
  readonly text: string;
  /** What a word or a quoted identifier names. */
  readonly name?: string;
  /** A literal's value. */
  readonly value?: Value;
  /** Where it begins and ends in the statement, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

const SPACE = /(?:\s+|--(?:[\s][^\n]*|$)|#[^\n]*|\/\*(?![!T])[\s\S]*?\*\/)+/y;
const KINDS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['literal', /'[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*'|"[^"\\]*(?:(?:\\[\s\S]|"")[^"\\]*)*"/y],
  ['literal', /(?:0x[\da-fA-F]+|0b[01]+|[xXbB]'[^']*'|\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w$])/y],
  ['word', /[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*/y],
  ['quoted', /`(?:[^`]|``)+`/y],
  ['variable', /@@?[A-Za-z_$][\w$.]*/y],
  ['parameter', /\?/y],
  ['symbol', /<=>|:=|<=|>=|<>|!=|<<|>>|\|\||&&|(?!\/\*)[-+*/%=<>!~^|&(),.;@]/y],
];

/**
 * Splits a statement into tokens; comments vanish.
 *
 * @throws SqlError 1064 for characters that begin no token, 8130 for a second statement
 */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; ; at = tokens.at(-1)?.end ?? at) {
    at += match(SPACE, sql, at)?.length ?? 0;
    if (at >= sql.length) break;
    const token = readToken(sql, at);
    const last = tokens.at(-1);
    if (last?.text === ';' && last.kind === 'symbol')
      throw new SqlError(8130, 'client has multi-statement capability disabled');
    const isText = typeof token.value === 'string' && typeof last?.value === 'string';
    // adjacent strings are one string
    if (isText)
      tokens[tokens.length - 1] = Object.assign(last, { value: `${last.value}${token.value}`, end: token.end });
    else tokens.push(token);
  }
  return tokens.at(-1)?.text === ';' ? tokens.slice(0, -1) : tokens;
}

function match(pattern: RegExp, sql: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(sql)?.[0];
}

function readToken(sql: string, start: number): Token {
  for (const [kind, pattern] of KINDS) {
    const text = match(pattern, sql, start);
    if (text === undefined) continue;
    const end = start + text.length;
    switch (kind) {
      case 'literal':
        return { kind, start, end, text, value: /^['"]/.test(text) ? unquote(text) : readNumber(text) };
      case 'quoted':
        return { kind, start, end, text, name: text.slice(1, -1).replaceAll('``', '`') };
      case 'word':
        return { kind, start, end, text: text.toUpperCase(), name: text };
      default:
        return { kind, start, end, text };
    }
  }
  if (sql.startsWith('/*', start)) throw unsupported('executable comments (/*! … */ and /*T! … */)');
  throw syntaxError(sql.slice(start));
}

function readNumber(text: string): bigint {
  const integer = /^\d+$/.test(text) ? BigInt(text) : undefined;
  if (integer === undefined || integer >= 2n ** 64n) throw unsupported(`the literal ${text}`);
  return integer;
}

const ESCAPES: Readonly<Record<string, string>> = { '0': '\0', b: '\b', n: '\n', r: '\r', t: '\t', Z: '\x1a' };

/** Removes quotes and escapes (MySQL, "String Literals"): `\%` and `\_` keep their backslash. */
function unquote(literal: string): string {
  const quote = literal.charAt(0);
  return literal.slice(1, -1).replace(/\\([\s\S])|''|""/g, (pair, escaped: string | undefined) => {
    if (escaped === undefined) return pair.charAt(0) === quote ? quote : pair;
    return escaped === '%' || escaped === '_' ? pair : (ESCAPES[escaped] ?? escaped);
  });
}
