import fc from 'fast-check';
import type { Expression } from '../../tidb/sql/ast';
import { parse } from '../../tidb/sql/library-statement';

/** Operators by strength, weakest first (MySQL 8.0 Reference Manual, "Operator Precedence"); all group to the left. */
const LEVELS = [
  ['OR', '||'],
  ['XOR'],
  ['AND', '&&'],
  ['=', '<', '<=', '>', '>=', '<>'],
  ['|'],
  ['&'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%', 'DIV', 'MOD'],
  ['^'],
];
const strengthOf = (operator: string) => LEVELS.findIndex((level) => level.includes(operator));

type Tree = number | { readonly operator: string; readonly left: Tree; readonly right: Tree };

const tree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.integer({ min: 0, max: 9 }),
    fc.record({ operator: fc.constantFrom(...LEVELS.flat()), left: tie('tree'), right: tie('tree') }),
  ),
})).tree;

/** The tree with as few parentheses as MySQL's precedence allows. */
function print(node: Tree): string {
  if (typeof node === 'number') return `:p${node}`;
  const strength = strengthOf(node.operator);
  const side = (child: Tree, least: number) =>
    typeof child !== 'number' && strengthOf(child.operator) < least ? `(${print(child)})` : print(child);
  return `${side(node.left, strength)} ${node.operator} ${side(node.right, strength + 1)}`;
}

function read(expression: Expression): Tree {
  if (expression.kind === 'slot') return expression.slot;
  if (expression.kind !== 'infix') throw new Error(`unexpected ${expression.kind}`);
  return { operator: expression.operator, left: read(expression.left), right: read(expression.right) };
}

/** The library can't parse a comparison after a closed parenthesis in a select list; that is refused, not misread. */
function parsed(sql: string): Tree | 'refused' {
  try {
    const statement = parse(sql);
    if (statement.kind !== 'select') throw new Error(`unexpected ${statement.kind}`);
    const expression = statement.where ?? statement.items[0]?.expression;
    return expression === undefined ? 'refused' : read(expression);
  } catch (error) {
    if ((error as { code?: number }).code === 1064) return 'refused';
    throw error;
  }
}

it.each([
  ['a condition', (expression: string) => `SELECT :p1 FROM t WHERE ${expression}`],
  ['a select list', (expression: string) => `SELECT ${expression}`],
])('groups operators in %s as MySQL does, or refuses them', (_, statement) => {
  let understood = 0;
  fc.assert(
    fc.property(tree, (wanted) => {
      const got = parsed(statement(print(wanted)));

      if (got === 'refused') return;
      understood += 1;
      expect(got).toEqual(wanted);
    }),
    { numRuns: 400 },
  );
  expect(understood).toBeGreaterThan(150);
});
