import type { Cursor } from './cursor';
import type { Expression, Operator, Reference, Step } from './syntax';

const BLANKS = /[ \t\r\n]*/y;
const NAME = /[A-Za-z_][\w-]*/y;
const REFERENCE_START = /\$!?(\{?)(?=[A-Za-z_])/y;
const OPEN = /\(/y;
const CLOSE = /\)/y;
const COMMA = /,/y;

/** From loose to tight; a level's operators group to the left. A minus before a digit is the number's sign, never one. */
const LEVELS: readonly { readonly pattern: RegExp; readonly operators: Readonly<Record<string, Operator>> }[] = [
  { pattern: /\|\||or\b/y, operators: { '||': '||', or: '||' } },
  { pattern: /&&|and\b/y, operators: { '&&': '&&', and: '&&' } },
  { pattern: /==|!=|eq\b|ne\b/y, operators: { '==': '==', eq: '==', '!=': '!=', ne: '!=' } },
  {
    pattern: /<=|>=|<|>|le\b|ge\b|lt\b|gt\b/y,
    operators: { '<=': '<=', le: '<=', '>=': '>=', ge: '>=', '<': '<', lt: '<', '>': '>', gt: '>' },
  },
  { pattern: /\+|-(?![\d.])/y, operators: { '+': '+', '-': '-' } },
  { pattern: /[*/%]/y, operators: { '*': '*', '/': '/', '%': '%' } },
];

/** Parses what `#if` and `#set` evaluate, with the blanks around it. */
export function parseExpression(cursor: Cursor, level = 0): Expression {
  const { pattern, operators } = LEVELS[level] ?? {};
  if (pattern === undefined || operators === undefined) return parseUnary(cursor);
  let left = parseExpression(cursor, level + 1);
  for (;;) {
    const operator = operators[cursor.take(pattern)?.[0] ?? ''];
    if (operator === undefined) return left;
    left = { type: 'binary', operator, left, right: parseExpression(cursor, level + 1) };
  }
}

function parseUnary(cursor: Cursor): Expression {
  cursor.take(BLANKS);
  if (cursor.take(/!|not\b/y) !== undefined) return { type: 'not', operand: parseUnary(cursor) };
  const expression = cursor.take(OPEN) === undefined ? parseOperand(cursor) : parseGroup(cursor);
  cursor.take(BLANKS);
  return expression;
}

function parseGroup(cursor: Cursor): Expression {
  const expression = parseExpression(cursor);
  cursor.expect(CLOSE, ')');
  return expression;
}

/** Parses an operand: all that a method's argument can be. */
function parseOperand(cursor: Cursor): Expression {
  const text = cursor.take(/"((?:[^"]|"")*)"|'((?:[^']|'')*)'/y);
  if (text !== undefined) return toString(text);
  const number = cursor.take(/-?(?:\d+\.(?!\.)\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|(\d+))/y);
  if (number !== undefined) return toNumber(cursor, number);
  const word = cursor.take(/(?:true|false)\b/y);
  if (word !== undefined) return { type: 'boolean', value: word[0] === 'true' };
  if (cursor.sees(REFERENCE_START)) return parseReference(cursor);
  if (cursor.take(/\[/y) !== undefined) return parseListOrRange(cursor);
  if (cursor.take(/\{/y) !== undefined) return parseMap(cursor);
  return cursor.fail('expected a text in quotes, a number, a reference, a list or a map');
}

/** A quote that is doubled stands for itself; in double quotes `\uXXXX` is a character, no other escape is known. */
function toString([, interpolated, plain]: RegExpExecArray): Expression {
  if (plain !== undefined) return { type: 'string', value: plain.replaceAll("''", "'"), interpolated: false };
  const value = (interpolated ?? '')
    .replace(/\\u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll('""', '"');
  return { type: 'string', value, interpolated: /[$#]/.test(interpolated ?? '') };
}

function toNumber(cursor: Cursor, [text, digits]: RegExpExecArray): Expression {
  const value = Number(text);
  if (digits === undefined) return { type: 'decimal', value };
  if (!Number.isSafeInteger(value)) cursor.fail(`${text} is beyond ±(2^53 − 1), which is not emulated,`);
  return { type: 'integer', value };
}

function parseListOrRange(cursor: Cursor): Expression {
  cursor.take(BLANKS);
  if (cursor.take(/\]/y) !== undefined) return { type: 'list', items: [] };
  const first = parseArgument(cursor);
  if (cursor.take(/\.\./y) !== undefined) {
    const range: Expression = { type: 'range', from: first, to: parseArgument(cursor) };
    cursor.expect(/\]/y, ']');
    return range;
  }
  const items = [first];
  while (cursor.take(COMMA) !== undefined) items.push(parseArgument(cursor));
  cursor.expect(/\]/y, ']');
  return { type: 'list', items };
}

function parseMap(cursor: Cursor): Expression {
  const entries: [Expression, Expression][] = [];
  cursor.take(BLANKS);
  if (cursor.take(/\}/y) !== undefined) return { type: 'map', entries };
  do {
    const key = parseArgument(cursor);
    cursor.expect(/:/y, ':');
    entries.push([key, parseArgument(cursor)]);
  } while (cursor.take(COMMA) !== undefined);
  cursor.expect(/\}/y, '}');
  return { type: 'map', entries };
}

function parseArgument(cursor: Cursor): Expression {
  cursor.take(BLANKS);
  const argument = parseOperand(cursor);
  cursor.take(BLANKS);
  return argument;
}

/** Velocity takes a bare name here for a reference without a value; any but `null` is a forgotten `$`. */
function parseMethodArgument(cursor: Cursor): Expression {
  return cursor.take(/\s*null\s*(?=[,)])/y) === undefined ? parseArgument(cursor) : { type: 'null' };
}

/** Whether a reference begins here: a `$` before a name. */
export const seesReference = (cursor: Cursor): boolean => cursor.sees(REFERENCE_START);

/** Parses a reference, `$name`, `${name}` or `$!name`, and all that belongs to it. */
export function parseReference(cursor: Cursor): Reference {
  const [, brace] = cursor.expect(REFERENCE_START, 'a reference');
  const [name] = cursor.expect(NAME, 'a name');
  const path: Step[] = [];
  for (;;) {
    if (cursor.sees(/\[/y)) path.push(parseIndex(cursor));
    else if (cursor.take(/\.(?=[A-Za-z])/y) !== undefined) path.push(parseMember(cursor));
    else break;
  }
  if (brace === '{') cursor.expect(/\}/y, '}');
  return { type: 'reference', name, path };
}

function parseIndex(cursor: Cursor): Step {
  cursor.expect(/\[/y, '[');
  const index = parseArgument(cursor);
  if (index.type !== 'string' && index.type !== 'integer' && index.type !== 'reference')
    cursor.fail('an index is a text, a whole number or a reference; something else');
  cursor.expect(/\]/y, ']');
  return { type: 'index', index };
}

function parseMember(cursor: Cursor): Step {
  const [name] = cursor.expect(NAME, 'a name');
  if (cursor.take(OPEN) === undefined) return { type: 'property', name };
  const args: Expression[] = [];
  cursor.take(BLANKS);
  if (cursor.take(CLOSE) !== undefined) return { type: 'method', name, args };
  do args.push(parseMethodArgument(cursor));
  while (cursor.take(COMMA) !== undefined);
  cursor.expect(CLOSE, ')');
  return { type: 'method', name, args };
}
