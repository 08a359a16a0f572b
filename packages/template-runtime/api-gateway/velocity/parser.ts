import { Cursor } from './cursor';
import { parseExpression, parseReference, seesReference } from './expression-parser';
import { type Branch, type Node, TemplateSyntaxError } from './syntax';

/** What is left of a line behind a directive's parenthesis, `#else` and `#end`: belongs to the directive, if blank. */
const LINE_END = /(?:[ \t]*(?:\r\n|\n|\r))?/y;
const COMMENT = /##(?:[^\r\n]*(?:\r\n|\n|\r)|(?:[^\r\n]*[^\r\n#$])?(?<!\$!)$)|#\*[^]*?\*#/y;
const UNPARSED = /#\[\[([^]*?)\]\]#/y;
const SET = /[ \t]*#(?:set|\{set\})[ \t]*\(/y;
const ARGUMENTS = /[ \t]*\(/y;
const DIRECTIVE = /#(?:([A-Za-z@][\w@]*)|\{([A-Za-z@][\w@]*)\})/y;
const ESCAPES = /\\+(?=\$!?\{?[A-Za-z_]|#(?![#*[]))/y;
/** Blanks before `#set` belong to it only where they aren't part of text: after a directive or a reference. */
const TEXT = /[^$#\\]+|[^]/y;

/** Velocity's lexer refuses these, or loses parts of them. */
const ODD = /\$[!#{\\]|\\+\$(?=\$)|\\+#[#*[]|#\\|#[*[]|##|[$#]\d*[ \t]*(?=#\{?[a-z])/y;
/** Behind a reference without braces, or `]]#`, it takes these for another one without a `$`. */
const LOST = /##|\((?=#)|\{(?=[A-Za-z_$])|[A-Za-z_][\w-]*(?:\.[A-Za-z]|\[)/y;

/** Directives of Velocity 1.7; an escaped one loses its backslash. */
const KNOWN = new Set(['if', 'elseif', 'else', 'end', 'set', 'foreach', 'break', 'stop', 'include', 'parse', 'define']);
const NOT_EMULATED = new Set(['include', 'parse', 'macro', 'evaluate', 'literal']);

/**
 * Parses a template by the grammar of Apache Velocity 1.7, which decides what happens to blanks and line ends around
 * directives, and to backslashes (https://velocity.apache.org/engine/1.7/user-guide.html, "Escaping Valid VTL References";
 * .ci/velocity compares this with the engine itself).
 *
 * @throws TemplateSyntaxError for what Velocity refuses, and for directives that aren't emulated
 */
export function parseTemplate(template: string): Node[] {
  const cursor = new Cursor(template);
  const nodes = parseNodes(cursor);
  if (!cursor.atEnd) cursor.fail('a directive without its #if or #foreach');
  return nodes;
}

/** Parses until the end, or until an `#elseif`, `#else` or `#end` that belongs to a block around. */
function parseNodes(cursor: Cursor): Node[] {
  const nodes: Node[] = [];
  let behindReference = false;
  while (!cursor.atEnd && !cursor.sees(/#(?:(?:elseif|else|end)(?![\w@])|\{(?:elseif|else|end)\})/y)) {
    const start = cursor.position;
    const node: Node = behindReference ? parseBehindReference(cursor) : parseNode(cursor);
    const last = nodes.at(-1);
    if (typeof node === 'string' && typeof last === 'string') nodes[nodes.length - 1] = last + node;
    else nodes.push(node);
    if (typeof node === 'object' ? node.type !== 'set' : node !== '')
      behindReference = typeof node === 'object' && node.type === 'reference' && !cursor.since(start).endsWith('}');
  }
  return nodes;
}

function parseBehindReference(cursor: Cursor): Node {
  refuseLost(cursor);
  return cursor.take(/\}|[A-Za-z_][\w-]*/y)?.[0] ?? parseNode(cursor);
}

function refuseLost(cursor: Cursor): void {
  const lost = cursor.take(LOST);
  if (lost !== undefined)
    throw new TemplateSyntaxError(`${lost[0]} right behind a reference or ]]# is not emulated: write \${…} or a space`);
}

function parseNode(cursor: Cursor): Node {
  if (cursor.take(COMMENT) !== undefined) return '';
  const unparsed = cursor.take(UNPARSED);
  if (unparsed !== undefined) {
    refuseLost(cursor);
    return unparsed[1] ?? '';
  }
  if (cursor.take(SET) !== undefined) return parseSet(cursor);
  const escapes = cursor.take(ESCAPES);
  if (escapes !== undefined) return parseEscaped(cursor, escapes[0]);
  if (seesReference(cursor)) return parseReference(cursor);
  const start = cursor.position;
  const odd = cursor.take(ODD);
  if (odd !== undefined) throw new TemplateSyntaxError(`${odd[0]} here is not emulated`);
  const directive = cursor.take(DIRECTIVE);
  if (directive !== undefined) return parseDirective(cursor, directive[1] ?? directive[2] ?? '', start);
  const [text] = cursor.expect(TEXT, 'text');
  if (cursor.atEnd && (text === '$' || text === '#')) cursor.fail(`${text} ends the template`);
  return text;
}

/**
 * Parses backslashes and what they stand before: each two are one, and an odd one takes a reference or a directive
 * literally. Before any other `#` they are text.
 */
function parseEscaped(cursor: Cursor, backslashes: string): string {
  const kept = backslashes.slice(0, backslashes.length / 2);
  const isOdd = backslashes.length % 2 === 1;
  const start = cursor.position;
  if (seesReference(cursor)) {
    if (!isOdd) return kept;
    parseReference(cursor);
    const reference = cursor.since(start);
    if (!reference.endsWith('}')) refuseLost(cursor);
    return kept + reference;
  }
  const directive = cursor.take(DIRECTIVE);
  if (directive === undefined) return backslashes;
  const name = directive[1] ?? directive[2] ?? '';
  if (isOdd) return (KNOWN.has(name) ? kept : backslashes) + directive[0];
  cursor.position = start;
  return KNOWN.has(name) && name !== 'set' ? kept : backslashes;
}

function parseDirective(cursor: Cursor, name: string, start: number): Node {
  switch (name) {
    case 'if':
      return parseIf(cursor);
    case 'foreach':
      return parseForeach(cursor);
    case 'define':
      return parseDefine(cursor);
    case 'break':
    case 'stop':
      if (!cursor.sees(ARGUMENTS)) return { type: name };
  }
  if (NOT_EMULATED.has(name) || cursor.sees(ARGUMENTS)) throw new TemplateSyntaxError(`#${name} is not emulated`);
  return cursor.since(start);
}

function parseSet(cursor: Cursor): Node {
  cursor.take(/\s*/y);
  const target = parseReference(cursor);
  cursor.expect(/\s*=/y, '=');
  const value = parseExpression(cursor);
  closeDirective(cursor);
  return { type: 'set', target, value };
}

function parseIf(cursor: Cursor): Node {
  const branches: Branch[] = [parseBranch(cursor)];
  while (cursor.take(/#(?:elseif(?![\w@])|\{elseif\})/y) !== undefined) branches.push(parseBranch(cursor));
  if (cursor.take(/#(?:else(?![\w@])|\{else\})/y) !== undefined) {
    cursor.take(LINE_END);
    branches.push({ condition: undefined, content: parseNodes(cursor) });
  }
  parseEnd(cursor, '#if');
  return { type: 'if', branches };
}

function parseBranch(cursor: Cursor): Branch {
  cursor.expect(/\s*\(/y, '(');
  const condition = parseExpression(cursor);
  closeDirective(cursor);
  return { condition, content: parseNodes(cursor) };
}

function parseForeach(cursor: Cursor): Node {
  const name = parseVariable(cursor);
  cursor.expect(/\s+in(?=[\s$[])/y, 'in');
  const from = parseExpression(cursor);
  if (from.type === 'binary' || from.type === 'not') cursor.fail('expected a list');
  closeDirective(cursor);
  const content = parseNodes(cursor);
  parseEnd(cursor, '#foreach');
  return { type: 'foreach', item: name, from, content };
}

function parseDefine(cursor: Cursor): Node {
  const name = parseVariable(cursor);
  cursor.take(/\s*/y);
  closeDirective(cursor);
  const content = parseNodes(cursor);
  parseEnd(cursor, '#define');
  return { type: 'define', name, content };
}

function parseVariable(cursor: Cursor): string {
  cursor.expect(/\s*\(\s*/y, '(');
  const { name, path } = parseReference(cursor);
  if (path.length > 0) cursor.fail('expected a plain reference; something else');
  return name;
}

function closeDirective(cursor: Cursor): void {
  cursor.expect(/\)/y, ')');
  cursor.take(LINE_END);
}

function parseEnd(cursor: Cursor, block: string): void {
  cursor.expect(/#(?:end(?![\w@])|\{end\})/y, `the #end of ${block}`);
  cursor.take(LINE_END);
}
