import type { Value } from '../value';
import { unsupported } from './errors';
import { type Token, tokenize } from './lexer';

/** Where a value of a statement comes from: from the client's parameters, or from the text. */
type Slot =
  { readonly kind: 'parameter'; readonly position: number } | { readonly kind: 'literal'; readonly value: Value };

/**
 * A statement with its literals taken out: statements that differ only in values share one shape, and with it one
 * parse. It also keeps literals exact, which the parser library doesn't (it rounds whole numbers and leaves escapes).
 */
export interface StatementText {
  /** The text with every parameter replaced by `:p<slot>`, every literal by `:l<slot>`, a bare DEFAULT by `:default`. */
  readonly shape: string;
  readonly tokens: readonly Token[];
  readonly slots: readonly Slot[];
  readonly parameterCount: number;
  /** The first word in upper case; empty for an empty statement. */
  readonly verb: string;
  /** The items of a SELECT's list as written: they name the result's columns. */
  readonly itemTexts: readonly string[];
}

/** @throws SqlError 1064 and 1235 for texts that can't be read */
export function readStatement(sql: string): StatementText {
  const tokens = tokenize(sql);
  const verb = tokens[0]?.kind === 'word' ? tokens[0].text : '';
  const slots: Slot[] = [];
  let parameterCount = 0;
  let shape = '';
  tokens.forEach((token, index) => {
    const before = tokens[index - 1];
    if (before !== undefined && before.end < token.start) shape += ' ';
    if (token.kind === 'parameter') {
      shape += ` :p${slots.push({ kind: 'parameter', position: parameterCount++ }) - 1} `;
    } else if (token.kind === 'literal' && isValue(tokens, index, verb)) {
      shape += ` :l${slots.push({ kind: 'literal', value: token.value ?? null }) - 1} `;
    } else {
      shape += spell(sql, token, before, verb);
    }
  });
  return { shape, tokens, slots, parameterCount, verb, itemTexts: verb === 'SELECT' ? itemTexts(sql, tokens) : [] };
}

/** In a schema's definition only defaults are: lengths, comments and options stay as they are. */
function isValue(tokens: readonly Token[], index: number, verb: string): boolean {
  const before = tokens[index - 1];
  if (verb !== 'CREATE' && verb !== 'ALTER') return before?.text !== 'AS';
  return before?.text === 'DEFAULT' || (before?.text === '-' && tokens[index - 2]?.text === 'DEFAULT');
}

const INSIDE = new Set([',', '(', '=']);

function spell(sql: string, token: Token, before: Token | undefined, verb: string): string {
  const text = token.kind === 'quoted' ? token.text : before?.text === 'AS' ? token.value : undefined;
  if (typeof text === 'string') {
    if (text.includes('`')) throw unsupported('a backtick in a name');
    return `\`${text}\``;
  }
  const isWrite = verb === 'INSERT' || verb === 'UPDATE';
  if (isWrite && token.kind === 'word' && token.text === 'DEFAULT' && INSIDE.has(before?.text ?? ''))
    return ' :default ';
  if (token.text === '<=>') throw unsupported('<=>');
  return sql.slice(token.start, token.end);
}

const LIST_ENDS = new Set(['FROM', 'WHERE', 'GROUP', 'HAVING', 'ORDER', 'LIMIT', 'FOR', 'LOCK', 'UNION', 'INTO']);

function itemTexts(sql: string, tokens: readonly Token[]): readonly string[] {
  const items: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens.slice(tokens[1]?.text === 'DISTINCT' ? 2 : 1)) {
    if (token.kind === 'symbol') depth += token.text === '(' ? 1 : token.text === ')' ? -1 : 0;
    if (depth === 0 && token.kind === 'word' && LIST_ENDS.has(token.text)) break;
    if (depth === 0 && token.text === ',' && token.kind === 'symbol') items.push([]);
    else items.at(-1)?.push(token);
  }
  return items.map((item) => {
    const [first] = item;
    if (item.length === 1 && typeof first?.value === 'string') return first.value;
    return sql.slice(first?.start, item.at(-1)?.end);
  });
}
