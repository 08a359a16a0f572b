import { children, depth, functionName, indexedPath, isBare, left, pathNames } from './ast';
import type { AstNode } from './ast';

/** Functions that end soon and return little, whatever they are given. */
const BOUNDED_FUNCTIONS = new Set([
  ...['type', 'exists', 'not', 'boolean', 'number', 'length', 'contains', 'uppercase', 'lowercase', 'trim'],
  ...['substring', 'substringBefore', 'substringAfter', 'abs', 'floor', 'ceil', 'round', 'sqrt', 'power'],
  ...['sum', 'max', 'min', 'average', 'count', 'keys', 'lookup', 'append', 'merge', 'reverse'],
  ...['now', 'millis', 'uuid', 'random', 'hash', 'parse', 'base64decode'],
]);

/** Functions whose result may be several times as long as their argument: harmless alone, not when piled up. */
const GROWING_FUNCTIONS = new Set(['string', 'base64encode', 'encodeUrl', 'encodeUrlComponent']);

const MOST_GROWING_NESTED = 2;

/** What a variable of a block may be made of besides paths and numbers: bound texts could double with each variable. */
const SMALL_FUNCTIONS = new Set(['type', 'exists', 'not', 'boolean', 'number', 'length', 'contains', 'floor', 'ceil']);

/** Times that the runtime has written; any other text may be one at which jsonata's pattern of a time goes astray. */
const OWN_TIMES = new Set(['states.context.Execution.StartTime', 'states.context.State.EnteredTime']);

/** AWS gives up at a nesting depth of about 100; above half of it an expression is watched. */
const DEEPEST = 50;

/**
 * Whether it can be seen from the expression alone that it ends soon and needs little memory, for any payload: no loops,
 * no recursion, no product of sequences, no backtracking regular expression. Such an expression needs no watching.
 */
export function isBounded(ast: AstNode): boolean {
  return depth(ast) <= DEEPEST && isBoundedNode(ast, 0);
}

function isBoundedNode(node: AstNode, growingAround: number): boolean {
  if (isLeaf(node)) return true;
  if (!isBare(node)) return false;
  switch (node.type) {
    case 'regex':
      return node.value instanceof RegExp && !backtracks(node.value);
    case 'binary':
      return node.value !== '..' && areBounded(node, growingAround);
    case 'unary':
    case 'condition':
      return areBounded(node, growingAround);
    case 'path':
      return isBoundedPath(node, growingAround);
    case 'block':
      return isBoundedBlock(node.expressions ?? [], growingAround);
    case 'function':
      return isBoundedCall(node, growingAround);
    default:
      return false;
  }
}

const areBounded = (node: AstNode, growingAround: number): boolean =>
  children(node).every((child) => isBoundedNode(child, growingAround));

/** Variables that hold no more than they are made of, and an expression of them. `$states` stays what it is. */
function isBoundedBlock(expressions: readonly AstNode[], growingAround: number): boolean {
  const result = expressions.at(-1);
  const areSmall = expressions
    .slice(0, -1)
    .every(
      (node) => node.type === 'bind' && left(node)?.value !== 'states' && node.rhs !== undefined && isSmall(node.rhs),
    );
  return areSmall && result !== undefined && isBoundedNode(result, growingAround);
}

const LITERALS = new Set(['string', 'number', 'value']);

/** What is read or written as it is. */
function isLeaf(node: AstNode): boolean {
  if (pathNames(node) !== undefined || indexedPath(node) !== undefined) return true;
  return isBare(node) && LITERALS.has(node.type);
}

function isSmall(node: AstNode): boolean {
  if (isLeaf(node)) return true;
  if (!isBare(node)) return false;
  switch (node.type) {
    case 'binary':
      return node.value !== '&' && node.value !== '..' && children(node).every(isSmall);
    case 'condition':
      return children(node).every(isSmall);
    case 'function':
      return SMALL_FUNCTIONS.has(functionName(node) ?? '') && isBoundedCall(node, 0);
    default:
      return false;
  }
}

/** Plain names after a bounded start, such as a function's result: each step at most goes through what is there. */
function isBoundedPath(node: AstNode, growingAround: number): boolean {
  const [first, ...names] = node.steps ?? [];
  if (first === undefined || !isBoundedNode(first, growingAround)) return false;
  return names.every((step) => step.type === 'name' && isBare(step));
}

function isBoundedCall(node: AstNode, growingAround: number): boolean {
  const name = functionName(node);
  const [first, second, third] = node.arguments ?? [];
  if (name === undefined) return false;
  if (name === 'toMillis') return first !== undefined && second === undefined && isOwnTime(first);
  if (name === 'formatNumber') {
    return (
      first !== undefined && second?.type === 'string' && third === undefined && isBoundedNode(first, growingAround)
    );
  }
  const growing = growingAround + (GROWING_FUNCTIONS.has(name) ? 1 : 0);
  if (growing > MOST_GROWING_NESTED || !(BOUNDED_FUNCTIONS.has(name) || GROWING_FUNCTIONS.has(name))) return false;
  return (node.arguments ?? []).every((argument) => isBoundedNode(argument, growing));
}

const isOwnTime = (node: AstNode): boolean => OWN_TIMES.has(pathNames(node)?.join('.') ?? '');

/** Each doubles what is tried at most, however long the text. */
const MOST_OPTIONAL = 4;

/**
 * Whether a regular expression may take longer than in proportion to the text. It doesn't without repetitions and back
 * references, nor with one repeated character or class behind the start of the text, which can only give back one at a time.
 */
function backtracks({ source, flags }: RegExp): boolean {
  const bare = withoutClasses(source).replace(/\(\?(?::|=|!|<=|<!|<\w+>)/g, '(');
  if (/\{|\\\d|\\k/.test(bare)) return true;
  const repeated = bare.match(/[*+]/g)?.length ?? 0;
  const optional = bare.match(/\?/g)?.length ?? 0;
  if (optional > MOST_OPTIONAL || repeated > 1) return true;
  return repeated === 1 && (!bare.startsWith('^') || flags.includes('m') || /\||\)[*+]/.test(bare));
}

/** In a character class quantifiers are plain characters, and an escaped one is plain anywhere. */
const withoutClasses = (source: string): string =>
  source.replace(/\\[^\dk]/g, 'x').replace(/\[(?:\\[\dk]|[^\]])*\]/g, 'x');
