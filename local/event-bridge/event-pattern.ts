import { BlockList, isIP } from 'node:net';

/** Whether an event matches. */
export type EventPattern = (event: unknown) => boolean;

/** A test of the values that a field has: none, one, or those of a list. Objects are no values of a field. */
type FieldTest = (values: readonly unknown[]) => boolean;

type ValueTest = (value: unknown) => boolean;

/**
 * Compiles an event pattern. Where the event has a list of objects, one and the same object must match a nested pattern.
 * Numbers are compared as numbers; EventBridge's exact match compares how they are written.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 *
 * @throws SyntaxError for what EventBridge would refuse
 */
export function compileEventPattern(pattern: unknown): EventPattern {
  if (!isObject(pattern) || Object.keys(pattern).length === 0) {
    throw new SyntaxError('an event pattern is an object with at least one field');
  }
  return compileFields(pattern);
}

function compileFields(pattern: Readonly<Record<string, unknown>>): EventPattern {
  const tests = Object.entries(pattern).map(([name, condition]): EventPattern => {
    if (name === '$or') return compileOr(condition);
    if (Array.isArray(condition)) {
      const test = compileField(name, condition);
      return (event) => test(fieldValues(property(event, name)));
    }
    if (!isObject(condition)) throw new SyntaxError(`"${name}" must be a list or an object`);
    if (Object.keys(condition).length === 0) throw new SyntaxError(`"${name}" is an empty object`);
    const test = compileFields(condition);
    return (event) => {
      const value = property(event, name);
      return Array.isArray(value) && value.length > 0 ? value.some(test) : test(value);
    };
  });
  return (event) => tests.every((test) => test(event));
}

function compileOr(alternatives: unknown): EventPattern {
  if (!Array.isArray(alternatives) || alternatives.length < 2 || !alternatives.every(isObject)) {
    throw new SyntaxError('"$or" must be a list of two patterns or more');
  }
  const tests = alternatives.map(compileFields);
  return (event) => tests.some((test) => test(event));
}

function compileField(name: string, conditions: readonly unknown[]): FieldTest {
  if (conditions.length === 0) throw new SyntaxError(`"${name}" is an empty list`);
  const tests = conditions.map((condition): FieldTest => {
    if (!isObject(condition)) {
      if (Array.isArray(condition)) throw new SyntaxError(`"${name}" has a list within its list`);
      return (values) => values.includes(condition);
    }
    const [operator = '', operand] = onlyEntry(condition, name);
    if (operator === 'exists') {
      if (typeof operand !== 'boolean') throw new SyntaxError(`"${name}": exists takes true or false`);
      return (values) => values.length > 0 === operand;
    }
    const test = compileOperator(name, operator, operand);
    return (values) => values.some(test);
  });
  return (values) => tests.some((test) => test(values));
}

function compileOperator(name: string, operator: string, operand: unknown): ValueTest {
  const compile = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  const test = compile?.(operand);
  if (test) return test;
  throw new SyntaxError(
    compile
      ? `"${name}": ${operator} can not take ${JSON.stringify(operand)}`
      : `"${name}" has no operator ${operator}`,
  );
}

/** Each gives undefined for an operand that it can't take. */
const OPERATORS: Readonly<Record<string, (operand: unknown) => ValueTest | undefined>> = {
  prefix: (operand) => affix(operand, (text, part) => text.startsWith(part)),
  suffix: (operand) => affix(operand, (text, part) => text.endsWith(part)),
  'equals-ignore-case': (operand) =>
    typeof operand === 'string' ? onText((text) => text.toLowerCase() === operand.toLowerCase()) : undefined,
  wildcard: (operand) => (typeof operand === 'string' ? wildcard(operand) : undefined),
  numeric: (operand) => (Array.isArray(operand) ? numeric(operand) : undefined),
  cidr: (operand) => (typeof operand === 'string' ? cidr(operand) : undefined),
  'anything-but': anythingBut,
};

function onText(test: (text: string) => boolean): ValueTest {
  return (value) => typeof value === 'string' && test(value);
}

function affix(operand: unknown, matches: (text: string, part: string) => boolean): ValueTest | undefined {
  if (typeof operand === 'string') return onText((text) => matches(text, operand));
  if (!isObject(operand)) return undefined;
  const { 'equals-ignore-case': part, ...others } = operand;
  if (typeof part !== 'string' || Object.keys(others).length > 0) return undefined;
  return onText((text) => matches(text.toLowerCase(), part.toLowerCase()));
}

/** `*` stands for any text, `\*` and `\\` for themselves. */
function wildcard(pattern: string): ValueTest | undefined {
  if (/\*\*/.test(pattern.replace(/\\./g, '')) || /\\(?![*\\])/.test(pattern.replace(/\\\\/g, ''))) return undefined;
  const source = pattern.replace(
    /\\([*\\])|(\*)|[^*\\]+/g,
    (text, escaped: string | undefined, star: string | undefined) =>
      star === undefined ? escapeRegularExpression(escaped ?? text) : '.*',
  );
  const expression = new RegExp(`^${source}$`, 's');
  return onText((text) => expression.test(text));
}

function escapeRegularExpression(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** `[">", 0, "<=", 5]` */
function numeric(operand: readonly unknown[]): ValueTest | undefined {
  if (operand.length !== 2 && operand.length !== 4) return undefined;
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const compare = COMPARISONS[String(operand[index])];
    const limit = operand[index + 1];
    if (!compare || typeof limit !== 'number') return undefined;
    tests.push((value) => compare(value, limit));
  }
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function cidr(operand: string): ValueTest | undefined {
  const [, network = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(operand) ?? [];
  const family = isIP(network);
  if (family === 0 || Number(bits) > (family === 4 ? 32 : 128)) return undefined;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return onText((text) => isIP(text) === family && list.check(text, family === 4 ? 'ipv4' : 'ipv6'));
}

/** Any value but the given ones: texts or numbers, or those that one of the text operators matches. */
function anythingBut(operand: unknown): ValueTest | undefined {
  if (!isObject(operand)) {
    const refused: unknown[] = Array.isArray(operand) ? operand : [operand];
    const [first] = refused;
    const isUniform = refused.every((value) => typeof value === typeof first);
    if (!isUniform || (typeof first !== 'string' && typeof first !== 'number')) return undefined;
    return (value) => !refused.includes(value);
  }
  const [[operator, inner] = [], ...others] = Object.entries(operand);
  if (operator === undefined || others.length > 0) return undefined;
  if (!['prefix', 'suffix', 'equals-ignore-case', 'wildcard'].includes(operator)) return undefined;
  const tests = (Array.isArray(inner) ? inner : [inner]).map((text) => OPERATORS[operator]?.(text));
  if (tests.length === 0 || tests.includes(undefined)) return undefined;
  return (value) => !tests.some((test) => test?.(value));
}

function onlyEntry(condition: Readonly<Record<string, unknown>>, name: string): [string, unknown] {
  const [entry, ...others] = Object.entries(condition);
  if (!entry || others.length > 0) throw new SyntaxError(`"${name}" must have one operator in each object`);
  return entry;
}

function property(event: unknown, name: string): unknown {
  return isObject(event) && Object.hasOwn(event, name) ? event[name] : undefined;
}

function fieldValues(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(fieldValues);
  return value === undefined || isObject(value) ? [] : [value];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
