import { children, depth, functionName, isBare, pathNames } from './ast';
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
  if (pathNames(node) !== undefined) return true;
  if (!isBare(node)) return false;
  switch (node.type) {
    case 'string':
    case 'number':
    case 'value':
      return true;
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
      return node.expressions?.length === 1 && areBounded(node, growingAround);
    case 'function':
      return isBoundedCall(node, growingAround);
    default:
      return false;
  }
}

const areBounded = (node: AstNode, growingAround: number): boolean =>
  children(node).every((child) => isBoundedNode(child, growingAround));

/** Plain names after a bounded start, such as a function's result: each step at most goes through what is there. */
function isBoundedPath(node: AstNode, growingAround: number): boolean {
  const [first, ...names] = node.steps ?? [];
  if (first === undefined || !isBoundedNode(first, growingAround)) return false;
  return names.every((step) => step.type === 'name' && isBare(step));
}

function isBoundedCall(node: AstNode, growingAround: number): boolean {
  const name = functionName(node);
  if (name === undefined) return false;
  const growing = growingAround + (GROWING_FUNCTIONS.has(name) ? 1 : 0);
  if (growing > MOST_GROWING_NESTED || !(BOUNDED_FUNCTIONS.has(name) || GROWING_FUNCTIONS.has(name))) return false;
  return (node.arguments ?? []).every((argument) => isBoundedNode(argument, growing));
}

/** A regular expression without quantifiers and back references takes time linear in the text. */
const backtracks = (regex: RegExp): boolean => /[*+?{]|\\\d|\\k/.test(withoutClasses(regex.source));

/** In a character class quantifiers are plain characters, and an escaped one is plain anywhere. */
const withoutClasses = (source: string): string =>
  source.replace(/\\[^\dk]/g, '').replace(/\[(?:\\[\dk]|[^\]])*\]/g, '');
