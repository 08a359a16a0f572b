import type { Expression } from './ast';

/** A piece of an expression without parentheses, in the order of the text. */
export type Piece =
  | { readonly kind: 'prefix'; readonly operator: Extract<Expression, { kind: 'prefix' }>['operator'] }
  | { readonly kind: 'operand'; readonly expression: Expression }
  | { readonly kind: 'infix'; readonly operator: string };

/** How strongly operators bind (MySQL 8.0 Reference Manual, "Operator Precedence"); BETWEEN is weaker than the comparisons. */
const INFIX_STRENGTH: Readonly<Record<string, number>> = {
  OR: 1,
  '||': 1,
  XOR: 2,
  AND: 3,
  '&&': 3,
  BETWEEN: 5,
  'NOT BETWEEN': 5,
  '=': 6,
  '<': 6,
  '<=': 6,
  '>': 6,
  '>=': 6,
  '<>': 6,
  '!=': 6,
  IS: 6,
  'IS NOT': 6,
  LIKE: 6,
  'NOT LIKE': 6,
  IN: 6,
  'NOT IN': 6,
  '|': 7,
  '&': 8,
  '<<': 9,
  '>>': 9,
  '+': 10,
  '-': 10,
  '*': 11,
  '/': 11,
  DIV: 11,
  '%': 11,
  MOD: 11,
  '^': 12,
  '->': 15,
  '->>': 15,
};
const PREFIX_STRENGTH = { NOT: 4, '-': 13, '+': 13, '~': 13, '!': 14 } as const;

/** Whether the operator is known here. */
export function isInfix(operator: string): boolean {
  return operator in INFIX_STRENGTH;
}

/**
 * Groups the pieces of an expression by MySQL's precedence.
 *
 * The parser library finds the pieces and the parentheses, but groups some chains wrongly: `a AND b OR c` in a select
 * list becomes `a AND (b OR c)`. So its grouping is not used.
 *
 * @param pieces operands, each but the first after an infix operator, prefix operators before operands
 */
export function group(pieces: readonly Piece[]): Expression {
  let at = 0;
  const operand = (): Expression => {
    const piece = pieces[at++];
    if (piece?.kind === 'prefix') {
      return { kind: 'prefix', operator: piece.operator, operand: climb(PREFIX_STRENGTH[piece.operator]) };
    }
    if (piece?.kind !== 'operand') throw new TypeError('an expression ends where an operand is due');
    return piece.expression;
  };
  const climb = (weakest: number): Expression => {
    let left = operand();
    for (;;) {
      const next = pieces[at];
      if (next?.kind !== 'infix') return left;
      const strength = INFIX_STRENGTH[next.operator] ?? 0;
      if (strength < weakest) return left;
      at += 1;
      left = { kind: 'infix', operator: next.operator, left, right: climb(strength + 1) };
    }
  };
  return climb(0);
}
