import { unsupported } from '../sql-error';
import type { Value } from '../values/value';
import { singleStatement, tokenize, type Token } from './lexer';

/** Where a value of a statement comes from: from the client's parameters, or from the text. */
export type Slot =
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

const WITH_VALUES = new Set(['SELECT', 'INSERT', 'REPLACE', 'UPDATE', 'DELETE', 'CREATE']);

const CAST_TYPE = /^(DECIMAL|CHAR|BINARY|DATETIME|TIME|FLOAT)$/;

/** @throws SqlError 1064 and 1235 for texts that can't be read */
export function readStatement(sql: string): StatementText {
  const tokens = singleStatement(tokenize(sql));
  const verb = tokens[0]?.kind === 'word' ? tokens[0].text : '';
  const slots: Slot[] = [];
  let parameterCount = 0;
  let shape = '';
  let inType = false;
  tokens.forEach((token, index) => {
    const before = tokens[index - 1];
    if (before !== undefined && before.end < token.start) shape += ' ';
    // lengths of a type belong to the shape: CAST(… AS DECIMAL(10, 2))
    if (token.text === '(')
      inType = before?.kind === 'word' && CAST_TYPE.test(before.text) && tokens[index - 2]?.text === 'AS';
    else if (token.text === ')') inType = false;
    const slot = WITH_VALUES.has(verb) ? slotFor(token, before, verb, parameterCount, inType) : undefined;
    if (token.kind === 'parameter') parameterCount += 1;
    if (slot === undefined) {
      shape += spell(sql, token, before, tokens[index + 1], verb);
    } else {
      shape += ` :${slot.kind === 'parameter' ? 'p' : 'l'}${slots.push(slot) - 1} `;
    }
  });
  return { shape, tokens, slots, parameterCount, verb, itemTexts: verb === 'SELECT' ? itemTexts(sql, tokens) : [] };
}

function slotFor(
  token: Token,
  before: Token | undefined,
  verb: string,
  parameters: number,
  isTypeLength: boolean,
): Slot | undefined {
  if (token.kind === 'parameter') return { kind: 'parameter', position: parameters };
  if (verb === 'CREATE') {
    // lengths, comments and options stay as they are
    const isDefault = before?.text === 'DEFAULT' || (before?.text === '-' && token.kind === 'literal');
    return isDefault && token.kind === 'literal' ? { kind: 'literal', value: token.value ?? null } : undefined;
  }
  if (token.kind === 'literal' && !isTypeLength) {
    return before?.text === 'AS' && before.kind === 'word'
      ? undefined
      : { kind: 'literal', value: token.value ?? null };
  }
  return undefined;
}

const WRITES = new Set(['INSERT', 'REPLACE', 'UPDATE']);

function spell(sql: string, token: Token, before: Token | undefined, after: Token | undefined, verb: string): string {
  if (WRITES.has(verb) && token.kind === 'word' && token.text === 'DEFAULT' && after?.text !== '(') return ' :default ';
  if (token.kind === 'quoted' || (token.kind === 'literal' && before?.text === 'AS')) {
    const name = token.kind === 'quoted' ? token.text : String(token.value);
    if (name.includes('`')) throw unsupported('a backtick in a name');
    return `\`${name}\``;
  }
  if (token.text === '<=>') throw unsupported('<=>');
  // only says how rows are stored
  if (verb === 'CREATE' && token.kind === 'word' && /^(NON)?CLUSTERED$/.test(token.text)) return '';
  return sql.slice(token.start, token.end);
}

const LIST_ENDS = new Set(['FROM', 'WHERE', 'GROUP', 'HAVING', 'ORDER', 'LIMIT', 'FOR', 'LOCK', 'UNION', 'INTO']);

function itemTexts(sql: string, tokens: readonly Token[]): readonly string[] {
  const texts: string[] = [];
  let depth = 0;
  let first: Token | undefined;
  let last: Token | undefined;
  const finish = () => {
    if (first === undefined || last === undefined) return;
    const only = first === last && typeof first.value === 'string' ? first.value : undefined;
    texts.push(only ?? sql.slice(first.start, last.end));
    first = undefined;
  };
  for (const token of tokens.slice(1)) {
    if (token.kind === 'symbol') depth += token.text === '(' ? 1 : token.text === ')' ? -1 : 0;
    if (depth === 0 && token.kind === 'word' && LIST_ENDS.has(token.text)) break;
    if (depth === 0 && token.kind === 'word' && token.text === 'DISTINCT' && first === undefined) continue;
    if (depth === 0 && token.kind === 'symbol' && token.text === ',') {
      finish();
    } else {
      first ??= token;
      last = token;
    }
  }
  finish();
  return texts;
}
