/**
 * A node of jsonata's processed syntax tree, as far as it is read here. jsonata's own type knows fewer fields.
 */
export interface AstNode {
  readonly type: string;
  readonly value?: unknown;
  readonly steps?: readonly AstNode[];
  readonly lhs?: AstNode | readonly (readonly [AstNode, AstNode])[];
  readonly rhs?: AstNode;
  readonly condition?: AstNode;
  readonly then?: AstNode;
  readonly else?: AstNode;
  readonly expression?: AstNode;
  /** Of a function that an expression defines. */
  readonly body?: AstNode;
  readonly expressions?: readonly AstNode[];
  readonly procedure?: AstNode;
  readonly arguments?: readonly AstNode[];
  /** Of what is in square brackets behind a variable. */
  readonly predicate?: readonly { readonly type: string; readonly expr?: AstNode }[];
}

/** What makes a node more than its type says: filters, grouping, bindings, flags that keep or carry sequences. */
const EXTRAS = [
  'predicate',
  'stages',
  'group',
  'focus',
  'index',
  'ancestor',
  'tuple',
  'keepArray',
  'keepSingletonArray',
  'consarray',
  'thunk',
] as const;

/** Whether the node does just what its type says. */
export const isBare = (node: AstNode): boolean => !EXTRAS.some((field) => field in node);

/** The names of a path such as `$states.input.id` (`states`, `input`, `id`), or undefined for any other node. */
export function pathNames(node: AstNode): string[] | undefined {
  if (!isBare(node)) return undefined;
  if (node.type === 'variable') return node.value === '' || node.value === '$' ? undefined : [String(node.value)];
  if (node.type !== 'path' || node.steps === undefined) return undefined;
  const [root, ...steps] = node.steps;
  if (root?.type !== 'variable' || root.value === '' || root.value === '$' || !isBare(root)) return undefined;
  if (!steps.every((step) => step.type === 'name' && isBare(step))) return undefined;
  return [String(root.value), ...steps.map((step) => String(step.value))];
}

/** An item of a variable, such as `$seen[$place].used`. */
export interface IndexedPath {
  readonly variable: string;
  /** A number or a path. */
  readonly index: AstNode;
  /** What is read of the item. */
  readonly names: readonly string[];
}

/** The parts of such a path, or undefined for any other node. */
export function indexedPath(node: AstNode): IndexedPath | undefined {
  const [root, ...steps] = node.type === 'path' && isBare(node) ? (node.steps ?? []) : [node];
  if (root?.type !== 'variable' || root.value === '' || root.value === '$') return undefined;
  const { predicate, ...bare } = root;
  const [filter, ...others] = predicate ?? [];
  const index = filter?.type === 'filter' ? filter.expr : undefined;
  if (index === undefined || others.length > 0 || !isBare(bare)) return undefined;
  if (index.type !== 'number' && pathNames(index) === undefined) return undefined;
  if (!steps.every((step) => step.type === 'name' && isBare(step))) return undefined;
  return { variable: String(root.value), index, names: steps.map((step) => String(step.value)) };
}

/** The pairs of an object constructor. */
export function pairs(node: AstNode): readonly (readonly [AstNode, AstNode])[] {
  return Array.isArray(node.lhs) ? (node.lhs as readonly (readonly [AstNode, AstNode])[]) : [];
}

/** The left side of a binary operator. */
export function left(node: AstNode): AstNode | undefined {
  return Array.isArray(node.lhs) ? undefined : (node.lhs as AstNode | undefined);
}

/** All nodes right below `node`. */
export function children(node: AstNode): AstNode[] {
  const direct = [
    left(node),
    node.rhs,
    node.condition,
    node.then,
    node.else,
    node.expression,
    node.body,
    node.procedure,
  ];
  return [
    ...direct.filter((child) => child !== undefined),
    ...(node.steps ?? []),
    ...(node.expressions ?? []),
    ...(node.arguments ?? []),
    ...pairs(node).flat(),
  ];
}

/** How deeply the tree nests. */
export function depth(node: AstNode): number {
  return 1 + Math.max(0, ...children(node).map(depth));
}

/** The name of the function that a call node calls, or undefined where it is computed. */
export function functionName(node: AstNode): string | undefined {
  const { procedure } = node;
  return procedure?.type === 'variable' && isBare(procedure) ? String(procedure.value) : undefined;
}
