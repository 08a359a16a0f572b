import { SqlError, unsupported } from '../sql-error';
import type { ResultType } from '../storage/column-type';
import { collationNamed, type Collation } from '../values/collation';
import { compare, fromTruth, truth, type Value } from '../values/value';
import type { Expression } from './ast';
import { castTo } from './cast';
import { commonType, decisive, type Coercion, type Compiled, type Environment, type Scope } from './environment';
import { compileFunction } from './functions';
import { like } from './like';
import { arithmetic, arithmeticType, bitwise, extractJson, isArithmetic, isBitwise, negate } from './operators';

/** @throws SqlError for names and operations that aren't there */
export function compile(expression: Expression, scope: Scope): Compiled {
  switch (expression.kind) {
    case 'slot': {
      const { slot } = expression;
      return plain(undefined, true, (environment) => environment.values[slot] ?? null);
    }
    case 'null':
      return plain(undefined, true, () => null);
    case 'boolean': {
      const value = fromTruth(expression.value);
      return plain('integer', true, () => value);
    }
    case 'default':
      throw new SqlError(1064, 'DEFAULT stands only for a whole value of INSERT or UPDATE');
    case 'column':
      return compileColumn(expression, scope);
    case 'prefix':
      return compilePrefix(expression, scope);
    case 'infix':
      return compileInfix(expression, scope);
    case 'list':
      throw unsupported('row values such as (a, b)');
    case 'case':
      return compileCase(expression, scope);
    case 'call':
      return compileCall(expression, scope);
    case 'aggregate':
      return compileAggregate(expression, scope);
    case 'cast': {
      const operand = compile(expression.operand, scope);
      const cast = castTo(expression.type);
      return { ...plain(cast.result, operand.constant, nullSafe(operand, cast.convert)), coercion: undefined };
    }
    case 'collate': {
      const operand = compile(expression.operand, scope);
      return { ...operand, coercion: { collation: collationNamed(expression.collation), strength: 'explicit' } };
    }
    case 'variable': {
      const { name, system } = expression;
      return plain(undefined, true, ({ session }) =>
        system ? session.systemVariables.get(name) : (session.userVariables.get(name) ?? null),
      );
    }
  }
}

function plain(type: ResultType | undefined, constant: boolean, evaluate: Compiled['evaluate']): Compiled {
  return { type, coercion: undefined, constant, evaluate };
}

function nullSafe(operand: Compiled, convert: (value: Exclude<Value, null>) => Value): Compiled['evaluate'] {
  return (environment) => {
    const value = operand.evaluate(environment);
    return value === null ? null : convert(value);
  };
}

function compileColumn(expression: Extract<Expression, { kind: 'column' }>, scope: Scope): Compiled {
  const named = expression.table === undefined ? scope.alias?.(expression.name) : undefined;
  if (named !== undefined) return named;
  const column = scope.column(expression.table, expression.name);
  const { position } = column;
  const { type } = column.column;
  return {
    type: type.result,
    coercion: type.result === 'text' ? { collation: type.collation, strength: 'column' } : undefined,
    column,
    constant: false,
    evaluate: (environment) => environment.row[position] ?? null,
  };
}

function compilePrefix({ operator, operand: inner }: Extract<Expression, { kind: 'prefix' }>, scope: Scope): Compiled {
  const operand = compile(inner, scope);
  if (operator === '+') return operand;
  if (operator === 'NOT' || operator === '!') {
    return plain('integer', operand.constant, (environment) => {
      const value = truth(operand.evaluate(environment));
      return fromTruth(value === null ? null : !value);
    });
  }
  if (operator === '~') throw unsupported('~');
  const type = operand.type === 'unsigned' ? 'integer' : operand.type;
  return plain(type === 'text' || type === 'json' ? 'double' : type, operand.constant, nullSafe(operand, negate));
}

type Test = (order: number) => boolean;
const COMPARISONS: Readonly<Record<string, Test>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

function compileInfix({ operator, left: l, right: r }: Extract<Expression, { kind: 'infix' }>, scope: Scope): Compiled {
  if (operator === 'IN' || operator === 'NOT IN') return compileIn(operator, l, r, scope);
  if (operator === 'BETWEEN' || operator === 'NOT BETWEEN') return compileBetween(operator, l, r, scope);
  if (operator === 'IS' || operator === 'IS NOT') return compileIs(operator, l, r, scope);
  const left = compile(l, scope);
  const right = compile(r, scope);
  const constant = left.constant && right.constant;
  const test = COMPARISONS[operator];
  if (test !== undefined) {
    const coercion = decisive(left.coercion, right.coercion);
    return plain('integer', constant, (environment) => {
      const order = orderOf(left.evaluate(environment), right.evaluate(environment), coercion, environment);
      return order === null ? null : fromTruth(test(order));
    });
  }
  switch (operator) {
    case 'AND':
    case '&&':
      return plain('integer', constant, (environment) => and(left, right, environment));
    case 'OR':
    case '||':
      return plain('integer', constant, (environment) => or(left, right, environment));
    case 'XOR':
      return plain('integer', constant, (environment) => {
        const a = truth(left.evaluate(environment));
        const b = truth(right.evaluate(environment));
        return a === null || b === null ? null : fromTruth(a !== b);
      });
    case 'LIKE':
    case 'NOT LIKE': {
      const coercion = decisive(left.coercion, right.coercion);
      return plain('integer', constant, (environment) => {
        const matches = like(
          left.evaluate(environment),
          right.evaluate(environment),
          collationFor(coercion, environment),
        );
        return matches === null ? null : fromTruth(matches === (operator === 'LIKE'));
      });
    }
    case '->':
    case '->>':
      return plain(operator === '->' ? 'json' : 'text', constant, (environment) =>
        extractJson(left.evaluate(environment), right.evaluate(environment), operator === '->>'),
      );
  }
  if (isBitwise(operator)) {
    return plain('unsigned', constant, (environment) =>
      bitwise(operator, left.evaluate(environment), right.evaluate(environment)),
    );
  }
  if (!isArithmetic(operator)) throw unsupported(operator);
  const unsigned = left.type === 'unsigned' || right.type === 'unsigned';
  return plain(arithmeticType(operator, left.type, right.type), constant, (environment) =>
    arithmetic(operator, left.evaluate(environment), right.evaluate(environment), unsigned, environment.writes),
  );
}

function collationFor(coercion: Coercion | undefined, { session }: Environment): Collation {
  return coercion?.collation ?? session.collation;
}

function orderOf(a: Value, b: Value, coercion: Coercion | undefined, environment: Environment): number | null {
  return a === null || b === null ? null : compare(a, b, collationFor(coercion, environment));
}

function and(left: Compiled, right: Compiled, environment: Environment): Value {
  const a = truth(left.evaluate(environment));
  if (a === false) return 0n;
  const b = truth(right.evaluate(environment));
  return b === false ? 0n : a === null || b === null ? null : 1n;
}

function or(left: Compiled, right: Compiled, environment: Environment): Value {
  const a = truth(left.evaluate(environment));
  if (a === true) return 1n;
  const b = truth(right.evaluate(environment));
  return b === true ? 1n : a === null || b === null ? null : 0n;
}

function compileIn(operator: string, l: Expression, r: Expression, scope: Scope): Compiled {
  if (r.kind !== 'list') throw unsupported(`${operator} without a list`);
  const left = compile(l, scope);
  const items = r.items.map((item) => compile(item, scope));
  return plain('integer', left.constant && items.every((item) => item.constant), (environment) => {
    const value = left.evaluate(environment);
    if (value === null) return null;
    let unknown = false;
    for (const item of items) {
      const order = orderOf(value, item.evaluate(environment), decisive(left.coercion, item.coercion), environment);
      if (order === 0) return fromTruth(operator === 'IN');
      unknown ||= order === null;
    }
    return unknown ? null : fromTruth(operator !== 'IN');
  });
}

function compileBetween(operator: string, l: Expression, r: Expression, scope: Scope): Compiled {
  const [low, high] = r.kind === 'list' ? r.items : [];
  if (low === undefined || high === undefined) throw unsupported(`${operator} without two bounds`);
  const bounded: Expression = {
    kind: 'infix',
    operator: 'AND',
    left: { kind: 'infix', operator: '>=', left: l, right: low },
    right: { kind: 'infix', operator: '<=', left: l, right: high },
  };
  return compile(operator === 'BETWEEN' ? bounded : { kind: 'prefix', operator: 'NOT', operand: bounded }, scope);
}

function compileIs(operator: string, l: Expression, r: Expression, scope: Scope): Compiled {
  const left = compile(l, scope);
  const isWanted = operator === 'IS';
  if (r.kind === 'null') {
    return plain('integer', left.constant, (environment) =>
      fromTruth((left.evaluate(environment) === null) === isWanted),
    );
  }
  if (r.kind !== 'boolean') throw unsupported(`${operator} with something else than NULL, TRUE and FALSE`);
  const wanted = r.value;
  return plain('integer', left.constant, (environment) =>
    fromTruth((truth(left.evaluate(environment)) === wanted) === isWanted),
  );
}

function compileCase({ operand, whens, otherwise }: Extract<Expression, { kind: 'case' }>, scope: Scope): Compiled {
  const branches = whens.map(({ condition, result }) => ({
    condition: compile(
      operand === undefined ? condition : { kind: 'infix', operator: '=', left: operand, right: condition },
      scope,
    ),
    result: compile(result, scope),
  }));
  const last = otherwise === undefined ? undefined : compile(otherwise, scope);
  const results = [...branches.map(({ result }) => result), ...(last === undefined ? [] : [last])];
  const parts = [...results, ...branches.map(({ condition }) => condition)];
  return {
    type: commonType(results),
    coercion: results.map(({ coercion }) => coercion).reduce(decisive, undefined),
    constant: parts.every(({ constant }) => constant),
    evaluate(environment) {
      const branch = branches.find(({ condition }) => truth(condition.evaluate(environment)) === true);
      return (branch?.result ?? last)?.evaluate(environment) ?? null;
    },
  };
}

function compileCall({ name, arguments: list }: Extract<Expression, { kind: 'call' }>, scope: Scope): Compiled {
  if (name === 'VALUES' || name === 'DEFAULT') {
    const [column] = list;
    if (column?.kind !== 'column' || list.length !== 1) throw unsupported(`${name}() of something else than a column`);
    const { position, column: definition } = scope.column(column.table, column.name);
    const { result } = definition.type;
    if (name === 'DEFAULT') return plain(result, false, () => definition.default?.() ?? null);
    return plain(result, false, (environment) => environment.proposed?.[position] ?? null);
  }
  return compileFunction(
    name,
    list.map((argument) => compile(argument, scope)),
  );
}

const AGGREGATE_TYPES: Readonly<Record<string, (argument: Compiled | undefined) => ResultType | undefined>> = {
  COUNT: () => 'integer',
  SUM: (argument) => (isReal(argument?.type) ? 'double' : 'decimal'),
  AVG: (argument) => (isReal(argument?.type) ? 'double' : 'decimal'),
  MIN: (argument) => argument?.type,
  MAX: (argument) => argument?.type,
};

function isReal(type: ResultType | undefined): boolean {
  return type === 'double' || type === 'text' || type === 'json';
}

function compileAggregate(expression: Extract<Expression, { kind: 'aggregate' }>, scope: Scope): Compiled {
  const { name, distinct } = expression;
  const typeOf = AGGREGATE_TYPES[name];
  if (typeOf === undefined) throw unsupported(`${name}()`);
  const argument = expression.argument === undefined ? undefined : compile(expression.argument, scope);
  const number = scope.aggregate({ name, distinct, argument });
  return plain(typeOf(argument), false, (environment) => environment.aggregates[number] ?? null);
}
