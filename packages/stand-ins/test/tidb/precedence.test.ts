import fc from 'fast-check';
import { type LibraryNode, node, nodes, parse } from '../../tidb/sql/parser';
import { regroup } from '../../tidb/sql/precedence';

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

function read(expression: LibraryNode): Tree {
  const tree = expression['isGrouped'] === true ? expression : regroup(expression);
  if (tree['type'] === 'param') return Number(String(tree['value']).slice('p'.length));
  const [left, right] = [node(tree['left'], 'left'), node(tree['right'], 'right')];
  return { operator: String(tree['operator']), left: read(left), right: read(right) };
}

/** The library can't parse a comparison after a closed parenthesis in a select list; that is refused, not misread. */
function parsed(sql: string): Tree | 'refused' {
  try {
    const { where, columns } = parse(sql);
    return read(node(where ?? nodes(columns, 'columns')[0]?.['expr'], 'an expression'));
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
