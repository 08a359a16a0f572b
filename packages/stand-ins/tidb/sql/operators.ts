import { BINARY, OF_NAMES } from '../column';
import { SqlError, unsupported } from '../errors';
import { compare, MAX_BIGINT, MIN_BIGINT, truth, type Value } from '../value';
import type { Expression, Run } from './expression';

/** How strongly operators bind, weakest first (MySQL 8.0 Reference Manual, "Operator Precedence"). */
export const STRENGTH = { or: 1, and: 2, not: 3, comparison: 4, predicate: 5, sum: 6, product: 7, sign: 8 };

/** An operator between two operands; those of one strength group to the left. */
interface Operator {
  readonly strength: number;
  readonly apply: (left: Expression, right: Expression) => Expression;
}

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

const ARITHMETIC: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
};

export const OPERATORS = new Map<string, Operator>([
  ...['OR', '||'].map((operator) => [operator, { strength: STRENGTH.or, apply: either }] as const),
  ...['AND', '&&'].map((operator) => [operator, { strength: STRENGTH.and, apply: both }] as const),
  ...Object.keys(COMPARISONS).map((operator) => {
    const apply: Operator['apply'] = (left, right) => compared(left, operator, right);
    return [operator, { strength: STRENGTH.comparison, apply }] as const;
  }),
  ...Object.keys(ARITHMETIC).map((operator) => {
    const apply: Operator['apply'] = (left, right) => arithmetic(left, operator, right);
    return [operator, { strength: operator === '*' ? STRENGTH.product : STRENGTH.sum, apply }] as const;
  }),
]);

function truthValue(value: boolean | null): Value {
  return value === null ? null : value ? 1n : 0n;
}

export function logical(evaluate: (run: Run) => boolean | null): Expression {
  return { type: 'integer', evaluate: (run) => truthValue(evaluate(run)) };
}

export function not({ evaluate }: Expression): Expression {
  return logical((run) => {
    const value = truth(evaluate(run));
    return value === null ? null : !value;
  });
}

export function both(left: Expression, right: Expression): Expression {
  const test = (run: Run): boolean | null => {
    const a = truth(left.evaluate(run));
    const b = a === false ? a : truth(right.evaluate(run));
    return b === false ? false : a === null ? null : b;
  };
  return { ...logical(test), equality: left.equality ?? right.equality };
}

export function either(left: Expression, right: Expression): Expression {
  return not(both(not(left), not(right)));
}

/** NULL beside NULL is NULL. @throws SqlError 1235, when it is evaluated, for texts of a collation that isn't carried out here */
export function compared(left: Expression, operator: string, right: Expression): Expression {
  const collation = left.collation ?? right.collation;
  const test = COMPARISONS[operator];
  const [column, fixed] = left.source === undefined ? [right, left] : [left, right];
  const isEquality = operator === '=' && column.source !== undefined && fixed.isFixed === true;
  return {
    ...logical((run) => {
      const a = left.evaluate(run);
      const b = right.evaluate(run);
      if (a === null || b === null || test === undefined) return null;
      if (typeof a !== 'string' || typeof b !== 'string') return test(compare(a, b));
      if (collation === OF_NAMES) return test(compare(a.toLowerCase(), b.toLowerCase()));
      refuseCollation(collation ?? run.session.collation);
      return test(compare(a, b));
    }),
    equality: isEquality ? { position: column.source.position, value: fixed.evaluate } : undefined,
  };
}

/** @throws SqlError 1235 for a collation that isn't carried out here */
export function refuseCollation(collation: string): void {
  if (collation !== BINARY) throw unsupported(`comparing by ${collation}`);
}

/** Arithmetic of whole numbers, which mustn't leave 64 bits. @throws SqlError 1690, and 1235 for a text, when it is evaluated */
export function arithmetic(left: Expression, operator: string, right: Expression): Expression {
  if (left.type === 'text' || right.type === 'text') throw unsupported('computing with texts');
  const apply = ARITHMETIC[operator];
  const evaluate = (run: Run): Value => {
    const [a, b] = [left.evaluate(run), right.evaluate(run)];
    if (a === null || b === null || apply === undefined) return null;
    if (typeof a === 'string' || typeof b === 'string') throw unsupported('computing with texts');
    return inRange(apply(inRange(a), inRange(b)));
  };
  return { type: 'integer', evaluate };
}

function inRange(value: bigint): bigint {
  if (value <= MAX_BIGINT && value >= MIN_BIGINT) return value;
  throw new SqlError(1690, 'BIGINT value is out of range');
}
