import { setOwn } from '../../own-property';
import { compileJsonPath, JsonPathError, type JsonPath } from '../json-path';
import { isKnownMethod, methodOf } from './methods';
import { assign, PARAMETER_PARTS, type Scope } from './scope';
import { type BinaryExpression, type Expression, type Reference, type Step, TemplateSyntaxError } from './syntax';
import { callUtil, isUtilFunction } from './util';
import {
  calculate,
  emptyMap,
  isEqual,
  isMap,
  isTrue,
  JavaDouble,
  javaList,
  MapEntry,
  mapGet,
  print,
  toNumber,
  type Value,
} from './values';

export type Compiled = (scope: Scope) => Value;

/** What compiling a part of a template needs from the whole. */
export interface TemplateCompiler {
  /** The slot of the scope that a variable of the template lives in. */
  slot(name: string): number;
  /** Compiles a text that has references in it, such as a double-quoted string. */
  interpolation(text: string): Compiled;
}

/** Compiles an operand or a whole expression of `#set` and `#if`. */
export function compileExpression(expression: Expression, compiler: TemplateCompiler): Compiled {
  switch (expression.type) {
    case 'reference':
      return compileReference(expression, compiler);
    case 'string':
      return expression.interpolated ? compiler.interpolation(expression.value) : () => expression.value;
    case 'integer':
    case 'boolean':
      return () => expression.value;
    case 'null':
      return () => null;
    case 'decimal': {
      const value = new JavaDouble(expression.value);
      return () => value;
    }
    case 'list': {
      const items = expression.items.map((item) => compileExpression(item, compiler));
      return (scope) => javaList(items.map((item) => item(scope)));
    }
    case 'range':
      return compileRange(compileExpression(expression.from, compiler), compileExpression(expression.to, compiler));
    case 'map':
      return compileMap(expression.entries, compiler);
    case 'not':
      return compileCondition(expression, compiler);
    case 'binary':
      return compileOperator(expression, compiler);
  }
}

/**
 * Compiles the condition of `#if`. Only a reference, a comparison and `true` can hold: a text, a number or a list that
 * the template writes itself is false to Velocity 1.7.
 */
export function compileCondition(expression: Expression, compiler: TemplateCompiler): (scope: Scope) => boolean {
  switch (expression.type) {
    case 'reference':
    case 'boolean':
    case 'binary': {
      const value = compileExpression(expression, compiler);
      return expression.type === 'binary' ? (scope) => value(scope) === true : (scope) => isTrue(value(scope));
    }
    case 'not': {
      const holds = compileCondition(expression.operand, compiler);
      return (scope) => !holds(scope);
    }
    default:
      return () => false;
  }
}

function compileRange(first: Compiled, last: Compiled): Compiled {
  return (scope) => {
    const [from, to] = [first(scope), last(scope)];
    if (typeof from !== 'number' || typeof to !== 'number') return null;
    const step = from <= to ? 1 : -1;
    return javaList(Array.from({ length: Math.abs(to - from) + 1 }, (_, index) => from + index * step));
  };
}

function compileMap(entries: readonly (readonly [Expression, Expression])[], compiler: TemplateCompiler): Compiled {
  const compiled = entries.map(
    ([key, value]) => [compileExpression(key, compiler), compileExpression(value, compiler)] as const,
  );
  return (scope) => {
    const map = emptyMap();
    for (const [key, value] of compiled) setOwn(map, print(key(scope)), value(scope));
    return map;
  };
}

function compileOperator({ operator, ...operands }: BinaryExpression, compiler: TemplateCompiler): Compiled {
  if (operator === '&&' || operator === '||') {
    const left = compileCondition(operands.left, compiler);
    const right = compileCondition(operands.right, compiler);
    return operator === '&&' ? (scope) => left(scope) && right(scope) : (scope) => left(scope) || right(scope);
  }
  const left = compileExpression(operands.left, compiler);
  const right = compileExpression(operands.right, compiler);
  switch (operator) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return (scope) => calculate(operator, left(scope), right(scope));
    case '==':
      return (scope) => isEqual(left(scope), right(scope));
    case '!=':
      return (scope) => !isEqual(left(scope), right(scope));
    case '<':
      return compileOrder(left, right, (a, b) => a < b);
    case '<=':
      return compileOrder(left, right, (a, b) => a <= b);
    case '>':
      return compileOrder(left, right, (a, b) => a > b);
    case '>=':
      return compileOrder(left, right, (a, b) => a >= b);
  }
}

/** Only numbers have an order; anything else compares to false. */
function compileOrder(left: Compiled, right: Compiled, holds: (left: number, right: number) => boolean): Compiled {
  return (scope) => {
    const a = toNumber(left(scope));
    const b = toNumber(right(scope));
    return a !== undefined && b !== undefined && holds(a, b);
  };
}

/**
 * Compiles `$name.property["index"].method(…)`. A reference that has no value is an empty text, recorded on AWS: it prints
 * nothing, is equal to `""`, and `#if` takes its branch
 * (localstack/airspeed, tests/test_templating.snapshot.json, test_if_statement_considers_None_to_be_truthy).
 */
export function compileReference(reference: Reference, compiler: TemplateCompiler): Compiled {
  const value = compileLookup(reference, compiler);
  return (scope) => value(scope) ?? '';
}

/** Compiles a reference; null where it has no value. */
export function compileLookup({ name, path }: Pick<Reference, 'name' | 'path'>, compiler: TemplateCompiler): Compiled {
  switch (name) {
    case 'input':
      return compileInput(path, compiler);
    case 'util':
      return compileUtil(path, compiler);
    case 'context':
      refuseOverride(path);
      return compileSteps((scope) => scope.context, path, compiler);
    case 'stageVariables':
      return compileSteps((scope) => scope.stageVariables, path, compiler);
    default: {
      const slot = compiler.slot(name);
      return compileSteps((scope) => scope.variables[slot] ?? null, path, compiler);
    }
  }
}

/** Only headers of the integration's request can be overridden here: an action has neither path parameters nor a query. */
function refuseOverride([first, second]: readonly Step[]): void {
  if (first?.type !== 'property' || first.name !== 'requestOverride' || second?.type !== 'property') return;
  if (second.name !== 'header')
    throw new TemplateSyntaxError(`$context.requestOverride.${second.name} is not emulated, only header is`);
}

function compileSteps(start: Compiled, path: readonly Step[], compiler: TemplateCompiler): Compiled {
  return path.reduce((receiver, step) => compileStep(receiver, step, compiler), start);
}

function compileStep(receiver: Compiled, step: Step, compiler: TemplateCompiler): Compiled {
  switch (step.type) {
    case 'property':
      return (scope) => property(receiver(scope), step.name);
    case 'index': {
      const index = compileExpression(step.index, compiler);
      return (scope) => element(receiver(scope), index(scope));
    }
    case 'method': {
      const { name } = step;
      if (!isKnownMethod(name)) throw new TemplateSyntaxError(`method ${name} is not emulated`);
      const args = compileArguments(step.args, compiler);
      if (name === 'put') return compilePut(receiver, args);
      const call = methodOf(name);
      return (scope) =>
        call(
          receiver(scope),
          args.map((arg) => arg(scope)),
        );
    }
  }
}

const compileArguments = (args: readonly Expression[], compiler: TemplateCompiler): Compiled[] =>
  args.map((arg) => compileExpression(arg, compiler));

function compilePut(receiver: Compiled, [key = (): Value => null, value = (): Value => null]: Compiled[]): Compiled {
  return (scope) => {
    const map = receiver(scope);
    if (!isMap(map)) return null;
    const name = print(key(scope));
    const before = mapGet(map, name);
    assign(scope, map, name, value(scope));
    return before;
  };
}

function property(receiver: Value, name: string): Value {
  if (isMap(receiver)) return mapGet(receiver, name);
  if (receiver instanceof MapEntry) return name === 'key' ? receiver.key : name === 'value' ? receiver.value : null;
  return name === 'empty' && (Array.isArray(receiver) || typeof receiver === 'string') ? receiver.length === 0 : null;
}

function element(receiver: Value, index: Value): Value {
  if (isMap(receiver)) return mapGet(receiver, print(index));
  return Array.isArray(receiver) && typeof index === 'number' ? (receiver.at(index) ?? null) : null;
}

/** `$input.body`, `$input.path(…)`, `$input.json(…)`, `$input.params(…)`. */
function compileInput([first, ...rest]: readonly Step[], compiler: TemplateCompiler): Compiled {
  if (first?.type === 'property' && first.name === 'body')
    return compileSteps((scope) => scope.input.body, rest, compiler);
  if (first?.type !== 'method')
    throw new TemplateSyntaxError(
      `$input has body, path, json and params, not ${first?.type === 'property' ? first.name : 'this'}`,
    );
  const [argument] = first.args;
  const value = argument === undefined ? undefined : compileExpression(argument, compiler);
  switch (first.name) {
    case 'path':
    case 'json': {
      const method = first.name;
      const select = compileSelector(argument, value);
      return compileSteps((scope) => scope.input[method](select(scope)), rest, compiler);
    }
    case 'params':
      if (value === undefined) return compileParams(rest, compiler);
      return compileSteps((scope) => scope.input.param(print(value(scope))), rest, compiler);
    default:
      throw new TemplateSyntaxError(`$input has body, path, json and params, not ${first.name}`);
  }
}

/** `$input.params()`. Where one of its maps is read, only that is made. */
function compileParams(steps: readonly Step[], compiler: TemplateCompiler): Compiled {
  const [first, ...rest] = steps;
  const read = first?.type === 'property' ? PARAMETER_PARTS.find((part) => part === first.name) : undefined;
  if (read !== undefined) return compileSteps(({ input }) => input.params(read), rest, compiler);
  const all: Compiled = ({ input }) => {
    const maps = emptyMap();
    for (const part of PARAMETER_PARTS) maps[part] = input.params(part);
    return maps;
  };
  return compileSteps(all, steps, compiler);
}

/** A literal JSONPath is compiled once, and an invalid one refused at once. */
function compileSelector(argument: Expression | undefined, value: Compiled | undefined): (scope: Scope) => JsonPath {
  if (argument === undefined || value === undefined)
    throw new TemplateSyntaxError('$input.path and $input.json need a JSONPath');
  if (argument.type !== 'string' || (argument.interpolated && /\$[\w{!]/.test(argument.value)))
    return (scope) => compileJsonPath(print(value(scope)));
  try {
    const select = compileJsonPath(argument.value);
    return () => select;
  } catch (error) {
    if (error instanceof JsonPathError) throw new TemplateSyntaxError(error.message, { cause: error });
    throw error;
  }
}

function compileUtil([first, ...rest]: readonly Step[], compiler: TemplateCompiler): Compiled {
  if (first?.type !== 'method' || !isUtilFunction(first.name))
    throw new TemplateSyntaxError(`$util.${first?.type === 'index' ? '[…]' : (first?.name ?? '')} is not emulated`);
  const { name } = first;
  const [argument = (): Value => null] = compileArguments(first.args, compiler);
  return compileSteps((scope) => callUtil(name, argument(scope)), rest, compiler);
}
