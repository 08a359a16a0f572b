import { compileJsonPath, JsonPathError, type JsonPath } from '../json-path';
import { callMethod, isKnownMethod } from './methods';
import { assign, type Scope } from './scope';
import { type Expression, type Reference, type Step, TemplateSyntaxError } from './syntax';
import { callUtil, isUtilFunction } from './util';
import {
  calculate,
  emptyMap,
  isEqual,
  isMap,
  isTrue,
  JavaList,
  MapEntry,
  mapGet,
  mapPut,
  print,
  type Value,
} from './values';

export type Compiled = (scope: Scope) => Value;

/** What compiling a part of a template needs of the whole. */
export interface TemplateCompiler {
  /** The slot of the scope that a variable of the template lives in. */
  slot(name: string): number;
  /** Compiles a text that has references in it, such as a double-quoted string. */
  interpolation(text: string): Compiled;
}

/** Compiles an operand or a whole expression of `#set` and `#if`. */
export function compileExpression(expression: Expression, compiler: TemplateCompiler): Compiled {
  switch (expression.type) {
    case 'references':
      return compileReference(expression, compiler);
    case 'string':
      return compileString(expression.value, expression.isEval === true, compiler);
    case 'integer':
    case 'decimal': {
      const number = Number(expression.value);
      return () => number;
    }
    case 'bool': {
      const value = expression.value === 'null' ? null : expression.value === 'true';
      return () => value;
    }
    case 'array': {
      if (expression.isRange === true) return compileRange(expression.value, compiler);
      const items = expression.value.map((item) => compileExpression(item, compiler));
      return (scope) => JavaList.from(items.map((item) => item(scope)));
    }
    case 'map':
      return compileMap(expression.value ?? {}, compiler);
    case 'math':
      return compileOperator(expression.operator, expression.expression, compiler);
    case 'runt':
      throw new TemplateSyntaxError(`${expression.value} is neither a text in quotes, nor a number, nor a reference`);
  }
}

function compileString(text: string, interpolated: boolean, compiler: TemplateCompiler): Compiled {
  return interpolated && /[$#]/.test(text) ? compiler.interpolation(text) : () => text;
}

function compileRange(ends: readonly (string | number | Expression)[], compiler: TemplateCompiler): Compiled {
  const [first, last] = ends.map((end): Compiled => {
    if (typeof end === 'object') return compileExpression(end, compiler);
    const number = Number(end);
    return () => number;
  });
  return (scope) => {
    const from = first?.(scope);
    const to = last?.(scope);
    if (typeof from !== 'number' || typeof to !== 'number') return null;
    const step = from <= to ? 1 : -1;
    return JavaList.from({ length: Math.abs(to - from) + 1 }, (_, index) => from + index * step);
  };
}

function compileMap(entries: Record<string, Expression>, compiler: TemplateCompiler): Compiled {
  const compiled = Object.entries(entries).map(([key, value]) => [key, compileExpression(value, compiler)] as const);
  return (scope) => {
    const map = emptyMap();
    for (const [key, value] of compiled) mapPut(map, key, value(scope));
    return map;
  };
}

function compileOperator(operator: string, operands: readonly Expression[], compiler: TemplateCompiler): Compiled {
  const [left = (): Value => null, right = (): Value => null] = operands.map((item) =>
    compileExpression(item, compiler),
  );
  switch (operator) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return (scope) => calculate(operator, left(scope), right(scope));
    case '&&':
      return (scope) => isTrue(left(scope)) && isTrue(right(scope));
    case '||':
      return (scope) => isTrue(left(scope)) || isTrue(right(scope));
    case 'not':
      return (scope) => !isTrue(left(scope));
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
    case 'minus':
      return (scope) => calculate('-', 0, left(scope));
    case 'parenthesis':
      return left;
    default:
      throw new TemplateSyntaxError(`operator ${operator} is not emulated`);
  }
}

/** Only numbers have an order; anything else compares to false. */
function compileOrder(left: Compiled, right: Compiled, holds: (left: number, right: number) => boolean): Compiled {
  return (scope) => {
    const a = left(scope);
    const b = right(scope);
    return typeof a === 'number' && typeof b === 'number' && holds(a, b);
  };
}

/** Compiles `$name.property["index"].method(…)`. */
export function compileReference({ id, path = [], args }: Reference, compiler: TemplateCompiler): Compiled {
  if (args !== undefined)
    throw new TemplateSyntaxError(`$${id}(…) is no Velocity: only a value's method can be called`);
  switch (id) {
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
      const slot = compiler.slot(id);
      return compileSteps((scope) => scope.variables[slot] ?? null, path, compiler);
    }
  }
}

/** Only headers of the integration's request can be overridden here: an action has neither path parameters nor a query. */
function refuseOverride([first, second]: readonly Step[]): void {
  if (first?.type !== 'property' || first.id !== 'requestOverride' || second?.type !== 'property') return;
  if (second.id !== 'header')
    throw new TemplateSyntaxError(`$context.requestOverride.${second.id} is not emulated, only header is`);
}

function compileSteps(start: Compiled, path: readonly Step[], compiler: TemplateCompiler): Compiled {
  return path.reduce((receiver, step) => compileStep(receiver, step, compiler), start);
}

function compileStep(receiver: Compiled, step: Step, compiler: TemplateCompiler): Compiled {
  switch (step.type) {
    case 'property':
      return (scope) => property(receiver(scope), step.id);
    case 'index': {
      const index = compileExpression(step.id, compiler);
      return (scope) => element(receiver(scope), index(scope));
    }
    case 'method': {
      const name = step.id;
      if (!isKnownMethod(name)) throw new TemplateSyntaxError(`method ${name} is not emulated`);
      const args = compileArguments(step.args, compiler);
      if (name === 'put') return compilePut(receiver, args);
      return (scope) =>
        callMethod(
          receiver(scope),
          name,
          args.map((arg) => arg(scope)),
        );
    }
  }
}

const compileArguments = (args: Expression[] | false, compiler: TemplateCompiler): Compiled[] =>
  args === false ? [] : args.map((arg) => compileExpression(arg, compiler));

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
  if (first?.type === 'property' && first.id === 'body')
    return compileSteps((scope) => scope.input.body, rest, compiler);
  if (first?.type !== 'method')
    throw new TemplateSyntaxError(
      `$input has body, path, json and params, not ${first?.type === 'property' ? first.id : 'this'}`,
    );
  const [argument] = first.args === false ? [] : first.args;
  const value = argument === undefined ? undefined : compileExpression(argument, compiler);
  switch (first.id) {
    case 'path':
    case 'json': {
      const method = first.id;
      const select = compileSelector(argument, value);
      return compileSteps((scope) => scope.input[method](select(scope)), rest, compiler);
    }
    case 'params':
      if (value === undefined) return compileSteps((scope) => scope.input.params(), rest, compiler);
      return compileSteps((scope) => scope.input.param(print(value(scope))), rest, compiler);
    default:
      throw new TemplateSyntaxError(`$input has body, path, json and params, not ${first.id}`);
  }
}

/** A JSONPath that the template writes out is compiled once, and a bad one refused at once. */
function compileSelector(argument: Expression | undefined, value: Compiled | undefined): (scope: Scope) => JsonPath {
  if (argument === undefined || value === undefined)
    throw new TemplateSyntaxError('$input.path and $input.json need a JSONPath');
  if (argument.type !== 'string' || (argument.isEval === true && /\$[\w{!]/.test(argument.value)))
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
  if (first?.type !== 'method' || !isUtilFunction(first.id))
    throw new TemplateSyntaxError(`$util.${first?.type === 'index' ? '[…]' : (first?.id ?? '')} is not emulated`);
  const name = first.id;
  const [argument = (): Value => null] = compileArguments(first.args, compiler);
  return compileSteps((scope) => callUtil(name, argument(scope)), rest, compiler);
}
