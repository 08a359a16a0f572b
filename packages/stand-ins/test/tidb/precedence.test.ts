import fc from 'fast-check';
import { Cursor } from '../../tidb/sql/cursor';
import { ExpressionReader } from '../../tidb/sql/expression-reader';
import { tokenize } from '../../tidb/sql/lexer';
import { Table } from '../../tidb/table';

/** Operators by strength, weakest first (MySQL 8.0 Reference Manual, "Operator Precedence"); all group to the left. */
const LEVELS = [['OR', '||'], ['AND', '&&'], ['=', '<', '<=', '>', '>=', '<>', '!='], ['+', '-'], ['*']];
const strengthOf = (operator: string) => LEVELS.findIndex((level) => level.includes(operator));

type Tree = bigint | { readonly operator: string; readonly left: Tree; readonly right: Tree };

const tree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.bigInt({ min: 0n, max: 9n }),
    fc.record({ operator: fc.constantFrom(...LEVELS.flat()), left: tie('tree'), right: tie('tree') }),
  ),
})).tree;

/** The tree with as few parentheses as MySQL's precedence allows. */
function print(node: Tree): string {
  if (typeof node === 'bigint') return String(node);
  const strength = strengthOf(node.operator);
  const side = (child: Tree, least: number) =>
    typeof child !== 'bigint' && strengthOf(child.operator) < least ? `(${print(child)})` : print(child);
  return `${side(node.left, strength)} ${node.operator} ${side(node.right, strength + 1)}`;
}

/** What the tree is by JavaScript's operators. */
function valueOf(node: Tree): bigint {
  if (typeof node === 'bigint') return node;
  const [a, b] = [valueOf(node.left), valueOf(node.right)];
  const values: Record<string, bigint | boolean> = {
    '+': a + b,
    '-': a - b,
    '*': a * b,
    '=': a === b,
    '<>': a !== b,
    '!=': a !== b,
    '<': a < b,
    '<=': a <= b,
    '>': a > b,
    '>=': a >= b,
    AND: a !== 0n && b !== 0n,
    '&&': a !== 0n && b !== 0n,
    OR: a !== 0n || b !== 0n,
    '||': a !== 0n || b !== 0n,
  };
  return BigInt(values[node.operator] ?? 0n);
}

it('groups operators as MySQL does', () => {
  fc.assert(
    fc.property(tree, (wanted) => {
      const sql = print(wanted);

      const { evaluate } = new ExpressionReader(new Cursor(sql, tokenize(sql)), {
        table: new Table('', '', [], []),
        place: 'field list',
      }).expression();

      expect([sql, evaluate({} as Parameters<typeof evaluate>[0])]).toEqual([sql, valueOf(wanted)]);
    }),
    { numRuns: 400 },
  );
});
