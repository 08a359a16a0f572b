import { unsupported } from './errors';
import { type LibraryNode, node, nodes, text } from './parser';

/** A piece of an expression without parentheses, in the order of the text: an operand, or an operator. */
type Piece = LibraryNode | { readonly operator: string; readonly isPrefix: boolean };

/** Operators by strength, weakest first (MySQL 8.0 Reference Manual, "Operator Precedence"); all group to the left. */
const LEVELS = `OR ||,XOR,AND &&,prefix-NOT,BETWEEN NOT_BETWEEN,= < <= > >= <> != IS IS_NOT LIKE NOT_LIKE IN NOT_IN,
|,&,<< >>,+ -,* / DIV % MOD,^,prefix-- prefix-+ prefix-~,prefix-!`.split(/,\s*/);
const STRENGTH = new Map(
  LEVELS.flatMap((level, strength) =>
    level.split(' ').map((operator) => [operator.replace('_', ' '), strength] as const),
  ),
);

/**
 * The expression with its operators grouped by MySQL's precedence: a tree of `binary_expr`, `unary_expr` and operands.
 *
 * The parser library finds the pieces and the parentheses, but groups some chains wrongly: `a AND b OR c` in a select
 * list becomes `a AND (b OR c)`. So its grouping is not used.
 *
 * @throws SqlError 1235 for an operator that isn't known
 */
export function regroup(expression: LibraryNode): LibraryNode {
  const pieces: Piece[] = [];
  flatten({ ...expression, parentheses: false }, pieces);
  return group(pieces);
}

function flatten(from: LibraryNode, pieces: Piece[]): void {
  const operator = typeof from['operator'] === 'string' ? from['operator'].toUpperCase() : '';
  const isBinary = from['type'] === 'binary_expr';
  if ((!isBinary && from['type'] !== 'unary_expr') || from['parentheses'] === true || from['isGrouped'] === true) {
    const negated = negatedInParentheses(from);
    if (negated !== undefined) pieces.push({ operator: 'NOT', isPrefix: true });
    const operand = negated ?? from;
    pieces.push(operator === '' && negated === undefined ? operand : regroup(operand));
    return;
  }
  if (!STRENGTH.has(isBinary ? operator : `prefix-${operator}`)) throw unsupported(operator);
  if (isBinary) flatten(node(from['left'], operator), pieces);
  pieces.push({ operator, isPrefix: !isBinary });
  flatten(node(from[isBinary ? 'right' : 'expr'], operator), pieces);
}

/** Of `NOT (…)`, which the library takes for a call. */
function negatedInParentheses(from: LibraryNode): LibraryNode | undefined {
  if (from['type'] !== 'function') return undefined;
  const [name] = nodes(node(from['name'], 'NOT')['name'], 'NOT');
  if (text(name)?.toUpperCase() !== 'NOT') return undefined;
  return nodes(node(from['args'], 'NOT')['value'], 'NOT')[0];
}

function group(pieces: readonly Piece[]): LibraryNode {
  let at = 0;
  const operand = (): LibraryNode => {
    const piece = pieces[at++];
    if (piece === undefined) throw new TypeError('an expression ends where an operand is due');
    if (!('isPrefix' in piece)) return piece;
    const expr = climb(STRENGTH.get(`prefix-${String(piece.operator)}`) ?? 0);
    return { type: 'unary_expr', operator: piece.operator, expr, isGrouped: true };
  };
  const climb = (weakest: number): LibraryNode => {
    let left = operand();
    for (;;) {
      const operator = String(pieces[at]?.['operator']);
      const strength = at < pieces.length ? (STRENGTH.get(operator) ?? 0) : -1;
      if (strength < weakest) return left;
      at += 1;
      left = { type: 'binary_expr', operator, left, right: climb(strength + 1), isGrouped: true };
    }
  };
  return climb(0);
}
