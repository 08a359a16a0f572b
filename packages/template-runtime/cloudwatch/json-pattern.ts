import { compileRegularExpression } from './regular-expression';
import { compileSelector, type Selector } from './selector';

/** A field that has to have a certain value, written as a text. */
export interface Equality {
  /** Such as `$.type`; equal for equal fields. */
  readonly field: string;
  readonly get: Selector;
  readonly value: string;
}

/** A compiled condition, and what has to be so, among other things, where it holds. */
interface Condition {
  readonly equalities: readonly Equality[];
  matches(document: unknown): boolean;
}

type Predicate = (value: unknown) => boolean;

type Token =
  | { readonly type: 'punctuation'; readonly text: string }
  | { readonly type: 'selector' | 'quoted' | 'expression' | 'word'; readonly text: string };

const TOKEN =
  /\s*(?:(&&|\|\||[(){}]|!=|<=|>=|=|<|>)|(\$(?:\.?\['[^']*'\]|\[(?:\d+|\*)\]|\.[\w-]+|\.\*)+)|"((?:[^"\\]|\\.)*)"|%((?:[^%\\]|\\.)*)%|([^\s(){}&|=!<>"]+))/y;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

const MOST_EXPRESSIONS = 2;
const MOST_WILDCARDS = 3;

/**
 * Compiles a pattern for JSON events, such as `{ $.type = "A" && ($.n > 1 || $.m NOT EXISTS) }`.
 *
 * A comparison fails for a field that is missing, null, a list or an object, whatever the operator (tried on AWS:
 * https://github.com/DataBiosphere/azul/issues/5884). Numbers may stand in strings.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html
 *
 * @throws SyntaxError
 */
export function compileJsonPattern(text: string): Condition {
  const tokens = tokenize(text);
  const count = (isCounted: (token: Token) => boolean): number => tokens.filter(isCounted).length;
  if (count(({ type }) => type === 'expression') > MOST_EXPRESSIONS) {
    throw new SyntaxError(`a pattern may have ${MOST_EXPRESSIONS} regular expressions`);
  }
  if (count((token) => token.type === 'selector' && token.text.includes('*')) > MOST_WILDCARDS) {
    throw new SyntaxError(`a pattern may have ${MOST_WILDCARDS} wildcard selectors`);
  }
  const reader = new Reader(tokens);
  reader.expect('{');
  const condition = readAlternatives(reader);
  reader.expect('}');
  reader.expectEnd();
  return condition;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new SyntaxError(`"${text.slice(at).trim()}" is not understood`);
    const [, punctuation, selector, quoted, expression, word] = match;
    if (punctuation !== undefined) tokens.push({ type: 'punctuation', text: punctuation });
    else if (selector !== undefined) tokens.push({ type: 'selector', text: selector });
    else if (quoted !== undefined) tokens.push({ type: 'quoted', text: quoted.replace(/\\(.)/g, '$1') });
    else if (expression !== undefined) tokens.push({ type: 'expression', text: expression });
    else tokens.push({ type: 'word', text: word ?? '' });
  }
  return tokens;
}

class Reader {
  #next = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  next(what: string): Token {
    const token = this.tokens[this.#next];
    if (!token) throw new SyntaxError(`${what} is missing at the end`);
    this.#next += 1;
    return token;
  }

  /** Takes the next token where it is this punctuation. */
  take(text: string): boolean {
    const token = this.tokens[this.#next];
    if (token?.type !== 'punctuation' || token.text !== text) return false;
    this.#next += 1;
    return true;
  }

  expect(text: string): void {
    const token = this.next(`"${text}"`);
    if (token.type !== 'punctuation' || token.text !== text) {
      throw new SyntaxError(`"${text}" is expected instead of "${token.text}"`);
    }
  }

  expectEnd(): void {
    const token = this.tokens[this.#next];
    if (token) throw new SyntaxError(`the pattern has ended before "${token.text}"`);
  }
}

function readAlternatives(reader: Reader): Condition {
  const conditions = [readConjunction(reader)];
  while (reader.take('||')) conditions.push(readConjunction(reader));
  const [first] = conditions;
  if (first && conditions.length === 1) return first;
  return { equalities: [], matches: (document) => conditions.some(({ matches }) => matches(document)) };
}

function readConjunction(reader: Reader): Condition {
  const conditions = [readCondition(reader)];
  while (reader.take('&&')) conditions.push(readCondition(reader));
  const [first] = conditions;
  if (first && conditions.length === 1) return first;
  return {
    equalities: conditions.flatMap(({ equalities }) => equalities),
    matches: (document) => conditions.every(({ matches }) => matches(document)),
  };
}

function readCondition(reader: Reader): Condition {
  if (reader.take('(')) {
    const inner = readAlternatives(reader);
    reader.expect(')');
    return inner;
  }
  const token = reader.next('a selector');
  if (token.type !== 'selector') throw new SyntaxError(`a selector is expected instead of "${token.text}"`);
  const { text: field } = token;
  const { get, test } = compileSelector(field);
  const { predicate, value } = readPredicate(reader);
  const isOne = value !== undefined && !field.includes('*');
  return { equalities: isOne ? [{ field, get, value }] : [], matches: (document) => test(document, predicate) };
}

/** @returns with the value, where just that, written as a text, satisfies the predicate */
function readPredicate(reader: Reader): { predicate: Predicate; value?: string } {
  const operator = reader.next('an operator');
  switch (operator.text.toUpperCase()) {
    case '=':
    case '!=':
      return readEquality(reader, operator.text === '=');
    case '<':
    case '>':
    case '<=':
    case '>=':
      return { predicate: readOrder(reader, operator.text) };
    case 'IS':
      return { predicate: readIs(reader) };
    case 'NOT': {
      const { text } = reader.next('EXISTS');
      if (text.toUpperCase() !== 'EXISTS') throw new SyntaxError(`EXISTS is expected after NOT instead of "${text}"`);
      return { predicate: (value) => value === undefined };
    }
    default:
      throw new SyntaxError(`"${operator.text}" is no operator of filter patterns`);
  }
}

function readIs(reader: Reader): Predicate {
  const { text } = reader.next('NULL, TRUE or FALSE');
  switch (text.toUpperCase()) {
    case 'NULL':
      return (value) => value === null;
    case 'TRUE':
      return (value) => value === true;
    case 'FALSE':
      return (value) => value === false;
    default:
      throw new SyntaxError(`IS ${text} is no operator of filter patterns`);
  }
}

function readOrder(reader: Reader, operator: string): Predicate {
  const { type, text } = reader.next('a number');
  if (type !== 'word' || !NUMBER.test(text)) throw new SyntaxError(`${operator} takes a number, got "${text}"`);
  const limit = Number(text);
  const isOrdered = { '<': below, '>': above, '<=': atMost, '>=': atLeast }[operator as '<' | '>' | '<=' | '>='];
  return (value) => {
    const number = toNumber(value);
    return number !== undefined && isOrdered(number, limit);
  };
}

const below = (a: number, b: number): boolean => a < b;
const above = (a: number, b: number): boolean => a > b;
const atMost = (a: number, b: number): boolean => a <= b;
const atLeast = (a: number, b: number): boolean => a >= b;

function readEquality(reader: Reader, isEqual: boolean): { predicate: Predicate; value?: string } {
  const operand = reader.next('a value');
  if (operand.type === 'punctuation' || operand.type === 'selector') {
    throw new SyntaxError(`a value is expected instead of "${operand.text}"`);
  }
  const matches = equality(operand);
  if (!isEqual) {
    return { predicate: (value) => isScalar(value) && !matches(value) };
  }
  const { type, text } = operand;
  const isLiteral = type === 'quoted' || (type === 'word' && !NUMBER.test(text));
  const isExact = isLiteral && !text.startsWith('*') && !text.endsWith('*');
  return { predicate: (value) => isScalar(value) && matches(value), ...(isExact && { value: text }) };
}

/** Whether a text, number or boolean equals the pattern's value. */
function equality({ type, text }: Token): (value: string | number | boolean) => boolean {
  if (type === 'expression') {
    const expression = compileRegularExpression(text);
    return (value) => expression.test(String(value));
  }
  if (type === 'word' && NUMBER.test(text)) {
    const number = Number(text);
    return (value) => toNumber(value) === number || value === text;
  }
  // An asterisk stands for any text at the beginning and at the end; between others it stands for itself.
  const [start, end] = [text.startsWith('*'), text.endsWith('*')];
  const literal = text.slice(start ? 1 : 0, end && text.length > 1 ? -1 : undefined);
  if (start && end) return (value) => String(value).includes(literal);
  if (start) return (value) => String(value).endsWith(literal);
  if (end) return (value) => String(value).startsWith(literal);
  return (value) => value === text || (typeof value !== 'string' && String(value) === text);
}

/** Whether a value can be compared: no null, list or object. */
export function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** The number that a JSON number, or a text that is one, stands for. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && NUMBER.test(value) ? Number(value) : undefined;
}
