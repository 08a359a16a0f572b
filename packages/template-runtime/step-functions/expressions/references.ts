import { children } from './ast';
import type { AstNode } from './ast';

/**
 * What an expression reads and AWS refuses when the state machine is created: names, `$` and `$$` where there is no context
 * item, and `$states.result` and `$states.errorOutput` in a field that doesn't have them. Each is named once.
 *
 * Source: measured on AWS, https://github.com/floci-io/floci/issues/2670 and https://github.com/floci-io/floci/pull/2786
 *
 * @param reads the parts of `$states` that there are, such as `input`
 * @returns AWS's words for each
 */
export function unsupportedReferences(ast: AstNode, reads: readonly string[]): string[] {
  const found = new Set<string>();
  walkTopLevel(ast, reads, found);
  return [...found];
}

/** Parts of `$states` that only some fields have; any other name is just undefined. */
const SOMETIMES = ['result', 'errorOutput'];

/**
 * Walks the nodes that are evaluated with the expression's own context: the bodies of functions too, but not the later
 * steps of paths, nor what filters, sorts or groups a step, nor transformations.
 */
function walkTopLevel(node: AstNode, reads: readonly string[], found: Set<string>): void {
  addState(node, reads, found);
  switch (node.type) {
    case 'path': {
      const [first, ...later] = node.steps ?? [];
      if (first) walkTopLevel(first, reads, found);
      for (const step of later) walkStates(step, reads, found);
      return;
    }
    case 'name':
      found.add(`Reference to '${String(node.value)}' at the top level is not supported.`);
      return;
    case 'variable':
      if (node.value === '') found.add("Reference to '$' at the top level is not supported.");
      if (node.value === '$') found.add("Reference to '$$' is not supported.");
      return;
    case 'transform':
      return;
    default:
      for (const child of children(node)) walkTopLevel(child, reads, found);
  }
}

/** Where names are those of a context item, `$states` is still the same. */
function walkStates(node: AstNode, reads: readonly string[], found: Set<string>): void {
  addState(node, reads, found);
  for (const child of children(node)) walkStates(child, reads, found);
}

function addState({ type, steps = [] }: AstNode, reads: readonly string[], found: Set<string>): void {
  const [root, part] = steps;
  if (type !== 'path' || root?.type !== 'variable' || root.value !== 'states' || part?.type !== 'name') return;
  const name = String(part.value);
  if (SOMETIMES.includes(name) && !reads.includes(name)) found.add(`Field '$states.${name}' does not exist.`);
}
