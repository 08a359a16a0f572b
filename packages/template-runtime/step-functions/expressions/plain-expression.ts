import { functionName, indexedPath, isBare, left, pairs, pathNames } from './ast';
import type { AstNode, IndexedPath } from './ast';

/** What an expression may read: `states` and the variables, by name. */
export type Bindings = Readonly<Record<string, unknown>>;

/** A plain expression met a value that only jsonata itself treats right (an array in a path, a number to be printed). */
export const NOT_PLAIN = Symbol('not plain');

/** Evaluates at once; undefined is JSONata's "nothing". */
export type PlainExpression = (bindings: Bindings) => unknown;

/**
 * Compiles what most expressions of a state machine are made of (paths through objects, literals, comparisons, arithmetic,
 * conditions, variables, a few functions) into plain functions: the same values as jsonata gives, some thirty times as fast,
 * because jsonata awaits every node. Whatever isn't known here is left to jsonata: at compile time by returning undefined, at run
 * time by `NOT_PLAIN`. A property-based test holds both against each other.
 */
export function compilePlain(node: AstNode): PlainExpression | undefined {
  const names = pathNames(node);
  if (names !== undefined) return compilePath(names);
  const indexed = indexedPath(node);
  if (indexed !== undefined) return compileIndexedPath(indexed);
  if (!isBare(node)) return undefined;
  switch (node.type) {
    case 'string':
    case 'number':
    case 'value':
      return () => node.value;
    case 'binary':
      return compileBinary(node);
    case 'condition':
      return compileCondition(node);
    case 'unary':
      return node.value === '{' ? compileObject(node) : node.value === '[' ? compileArray(node) : undefined;
    case 'block':
      return compileBlock(node.expressions ?? []);
    case 'function':
      return compileCall(node);
    default:
      return undefined;
  }
}

function compilePath([variable = '', ...names]: readonly string[]): PlainExpression {
  return (bindings) => {
    // An unbound name may be one of jsonata's functions.
    if (!Object.hasOwn(bindings, variable)) return NOT_PLAIN;
    return follow(bindings[variable], names);
  };
}

function compileIndexedPath({ variable, index, names }: IndexedPath): PlainExpression | undefined {
  const place = compilePlain(index);
  if (place === undefined) return undefined;
  return (bindings) => {
    const items = Object.hasOwn(bindings, variable) ? bindings[variable] : undefined;
    const at = place(bindings);
    if (!Array.isArray(items) || typeof at !== 'number') return NOT_PLAIN;
    return follow(items.at(Math.floor(at)) as unknown, names);
  };
}

function follow(start: unknown, names: readonly string[]): unknown {
  let value = start;
  for (const name of names) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (Array.isArray(value)) return NOT_PLAIN;
    if (Object.hasOwn(value, name)) value = (value as Bindings)[name];
    // jsonata reads inherited properties too.
    else if (name in value) return NOT_PLAIN;
    else return undefined;
  }
  // jsonata flattens an array that ends a path of several steps, unless it is the variable itself.
  return Array.isArray(value) ? NOT_PLAIN : value;
}

type Operator = (left: unknown, right: unknown) => unknown;

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null;

const equals: Operator = (a, b) => {
  if (!isScalar(a) || !isScalar(b)) return NOT_PLAIN;
  return a !== undefined && b !== undefined && a === b;
};

const differs: Operator = (a, b) => {
  if (!isScalar(a) || !isScalar(b)) return NOT_PLAIN;
  return a !== undefined && b !== undefined && a !== b;
};

/** Orders two numbers or two strings; anything else is an error that jsonata words. */
const ordered =
  (compare: (a: number | string, b: number | string) => boolean): Operator =>
  (a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return compare(a, b);
    if (typeof a === 'string' && typeof b === 'string') return compare(a, b);
    return NOT_PLAIN;
  };

const concatenate: Operator = (a, b) => {
  if (a !== undefined && typeof a !== 'string') return NOT_PLAIN;
  if (b !== undefined && typeof b !== 'string') return NOT_PLAIN;
  return (a ?? '') + (b ?? '');
};

/** Of two numbers, where the result is one: the rest are errors that jsonata words. */
const arithmetic =
  (calculate: (a: number, b: number) => number): Operator =>
  (a, b) => {
    if (typeof a !== 'number' || typeof b !== 'number') return NOT_PLAIN;
    const result = calculate(a, b);
    return Number.isFinite(result) ? result : NOT_PLAIN;
  };

const OPERATORS: Readonly<Record<string, Operator>> = {
  '=': equals,
  '!=': differs,
  '<': ordered((a, b) => a < b),
  '<=': ordered((a, b) => a <= b),
  '>': ordered((a, b) => a > b),
  '>=': ordered((a, b) => a >= b),
  '&': concatenate,
  '+': arithmetic((a, b) => a + b),
  '-': arithmetic((a, b) => a - b),
  '*': arithmetic((a, b) => a * b),
  '/': arithmetic((a, b) => a / b),
  '%': arithmetic((a, b) => a % b),
};

/** JSONata's truth of a scalar; an object's or an array's is left to jsonata. */
function truth(value: unknown): boolean | typeof NOT_PLAIN {
  if (value === NOT_PLAIN || !isScalar(value) || typeof value === 'function') return NOT_PLAIN;
  return Boolean(value);
}

function compileBinary(node: AstNode): PlainExpression | undefined {
  const a = compileOptional(left(node));
  const b = compileOptional(node.rhs);
  if (a === undefined || b === undefined) return undefined;
  if (node.value === 'and' || node.value === 'or') return compileLogic(node.value === 'or', a, b);
  const operator = typeof node.value === 'string' ? OPERATORS[node.value] : undefined;
  if (operator === undefined) return undefined;
  return (bindings) => {
    const leftValue = a(bindings);
    if (leftValue === NOT_PLAIN) return NOT_PLAIN;
    const rightValue = b(bindings);
    return rightValue === NOT_PLAIN ? NOT_PLAIN : operator(leftValue, rightValue);
  };
}

/** @param decisive the truth of the left side that decides without the right one */
function compileLogic(decisive: boolean, a: PlainExpression, b: PlainExpression): PlainExpression {
  return (bindings) => {
    const leftTruth = truth(a(bindings));
    return leftTruth === NOT_PLAIN || leftTruth === decisive ? leftTruth : truth(b(bindings));
  };
}

function compileCondition(node: AstNode): PlainExpression | undefined {
  const condition = compileOptional(node.condition);
  const then = compileOptional(node.then);
  const otherwise = node.else === undefined ? () => undefined : compilePlain(node.else);
  if (condition === undefined || then === undefined || otherwise === undefined) return undefined;
  return (bindings) => {
    const isMet = truth(condition(bindings));
    if (isMet === NOT_PLAIN) return NOT_PLAIN;
    return isMet ? then(bindings) : otherwise(bindings);
  };
}

/** Expressions of which all but the last give a variable its value, for those after it. */
function compileBlock(expressions: readonly AstNode[]): PlainExpression | undefined {
  const result = compileOptional(expressions.at(-1));
  const variables: (readonly [string, PlainExpression])[] = [];
  for (const node of expressions.slice(0, -1)) {
    const value = compileOptional(node.rhs);
    const name = left(node)?.value;
    if (node.type !== 'bind' || typeof name !== 'string' || value === undefined) return undefined;
    variables.push([name, value]);
  }
  if (result === undefined || variables.length === 0) return result;
  return (bindings) => {
    const inner = { ...bindings };
    for (const [name, evaluate] of variables) {
      const value = evaluate(inner);
      if (value === NOT_PLAIN) return NOT_PLAIN;
      inner[name] = value;
    }
    return result(inner);
  };
}

function compileObject(node: AstNode): PlainExpression | undefined {
  const fields: (readonly [string, PlainExpression])[] = [];
  for (const [key, value] of pairs(node)) {
    const compiled = compilePlain(value);
    if (key.type !== 'string' || typeof key.value !== 'string' || compiled === undefined) return undefined;
    fields.push([key.value, compiled]);
  }
  // Two equal keys are an error that jsonata words; __proto__ as a key needs its care too.
  const keys = new Set(fields.map(([key]) => key));
  if (keys.size !== fields.length || keys.has('__proto__')) return undefined;
  return (bindings) => {
    const object: Record<string, unknown> = {};
    for (const [key, evaluate] of fields) {
      const value = evaluate(bindings);
      if (value === NOT_PLAIN) return NOT_PLAIN;
      if (value !== undefined) object[key] = value;
    }
    return object;
  };
}

/** JSONata flattens arrays inside an array constructor, unless they are constructors themselves: left to jsonata. */
function compileArray(node: AstNode): PlainExpression | undefined {
  const items = (node.expressions ?? []).map(compilePlain);
  if (!items.every((item) => item !== undefined)) return undefined;
  return (bindings) => {
    const array: unknown[] = [];
    for (const evaluate of items) {
      const value = evaluate(bindings);
      if (value === NOT_PLAIN || Array.isArray(value)) return NOT_PLAIN;
      if (value !== undefined) array.push(value);
    }
    return array;
  };
}

/** The greatest of those that jsonata, which rounds to fifteen digits, prints as they are. */
const EXACT_WHOLE = 1e15 - 1;
/** As the runtime writes times. */
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/;

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[Ee][-+]?\d+)?$/;
const SURROGATE = /[\uD800-\uDFFF]/;

/** Functions of one argument, for the arguments whose result needs no thought. */
const FUNCTIONS: Readonly<Record<string, (argument: unknown) => unknown>> = {
  exists: (value) => value !== undefined,
  type: (value) => {
    if (value === undefined) return undefined;
    return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  },
  merge: (value) => {
    if (!Array.isArray(value) || !value.every((item) => !isScalar(item) && !Array.isArray(item))) return NOT_PLAIN;
    return Object.assign({}, ...(value as object[])) as unknown;
  },
  length: (value) => (typeof value === 'string' && !SURROGATE.test(value) ? value.length : NOT_PLAIN),
  not: (value) => {
    if (value === undefined) return undefined;
    const isTrue = truth(value);
    return isTrue === NOT_PLAIN ? NOT_PLAIN : !isTrue;
  },
  string: (value) => {
    if (typeof value === 'string') return value;
    return Number.isInteger(value) && Math.abs(value as number) <= EXACT_WHOLE ? String(value) : NOT_PLAIN;
  },
  floor: (value) => (typeof value === 'number' ? Math.floor(value) : NOT_PLAIN),
  ceil: (value) => (typeof value === 'number' ? Math.ceil(value) : NOT_PLAIN),
  max: (value) => (areNumbers(value) ? Math.max(...value) : NOT_PLAIN),
  min: (value) => (areNumbers(value) ? Math.min(...value) : NOT_PLAIN),
  toMillis: (value) => {
    const time = typeof value === 'string' && ISO_TIME.test(value) ? Date.parse(value) : NaN;
    return Number.isNaN(time) ? NOT_PLAIN : time;
  },
  number: (value) => {
    if (typeof value !== 'string' || !JSON_NUMBER.test(value)) return NOT_PLAIN;
    const number = Number(value);
    return Number.isFinite(number) ? number : NOT_PLAIN;
  },
};

const areNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'number');

/** Functions of two arguments, likewise. */
const FUNCTIONS_OF_TWO: Readonly<Record<string, (first: unknown, second: unknown) => unknown>> = {
  lookup: (object, key) => {
    if (typeof object !== 'object' || object === null || Array.isArray(object) || typeof key !== 'string')
      return NOT_PLAIN;
    if (!Object.hasOwn(object, key)) return key in object ? NOT_PLAIN : undefined;
    const value = (object as Bindings)[key];
    return Array.isArray(value) ? NOT_PLAIN : value;
  },
  formatNumber: (value, picture) => (picture === '0' && Number.isSafeInteger(value) ? String(value) : NOT_PLAIN),
};

function compileCall(node: AstNode): PlainExpression | undefined {
  const name = functionName(node);
  const [first, second, ...more] = node.arguments ?? [];
  const argument = compileOptional(first);
  if (name === undefined || argument === undefined || more.length > 0) return undefined;
  if (name === 'contains') return compileContains(argument, second);
  if (second !== undefined) return compileCallOfTwo(name, argument, compilePlain(second));
  const call = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (call === undefined) return undefined;
  return (bindings) => {
    // A variable of that name hides the function.
    if (Object.hasOwn(bindings, name)) return NOT_PLAIN;
    const value = argument(bindings);
    return value === NOT_PLAIN ? NOT_PLAIN : call(value);
  };
}

function compileCallOfTwo(
  name: string,
  first: PlainExpression,
  second: PlainExpression | undefined,
): PlainExpression | undefined {
  const call = Object.hasOwn(FUNCTIONS_OF_TWO, name) ? FUNCTIONS_OF_TWO[name] : undefined;
  if (call === undefined || second === undefined) return undefined;
  return (bindings) => {
    if (Object.hasOwn(bindings, name)) return NOT_PLAIN;
    const [one, other] = [first(bindings), second(bindings)];
    return one === NOT_PLAIN || other === NOT_PLAIN ? NOT_PLAIN : call(one, other);
  };
}

function compileContains(text: PlainExpression, wanted: AstNode | undefined): PlainExpression | undefined {
  if (wanted?.type !== 'regex' || !(wanted.value instanceof RegExp)) return undefined;
  const regex = new RegExp(wanted.value.source, wanted.value.flags.replace('g', ''));
  return (bindings) => {
    const value = text(bindings);
    return typeof value === 'string' && !Object.hasOwn(bindings, 'contains') ? regex.test(value) : NOT_PLAIN;
  };
}

const compileOptional = (node: AstNode | undefined): PlainExpression | undefined =>
  node === undefined ? undefined : compilePlain(node);
