import { InvalidDefinitionError } from './errors';
import { children, pairs, pathNames } from './jsonata-ast';
import type { AstNode } from './jsonata-ast';

/**
 * Refuses what AWS refuses when the state machine is created: names and `$`, `$$` at the top level, where there is no context
 * item, and parts of `$states` that the field doesn't have.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
 *
 * @param reads the parts of `$states` there are, such as `input`
 * @param at the field's place, such as `/States/Count/Output`
 * @throws InvalidDefinitionError
 */
export function checkReferences(ast: AstNode, reads: readonly string[], at: string): void {
  checkTopLevel(ast, at);
  checkStates(ast, reads, at);
}

const unsupported = (problem: string, at: string): InvalidDefinitionError =>
  new InvalidDefinitionError('UNSUPPORTED_JSONATA_EXPRESSION', problem, at);

/** Walks the nodes that are evaluated without a context item: not the later steps of paths, nor bodies of functions. */
function checkTopLevel(node: AstNode, at: string): void {
  switch (node.type) {
    case 'path': {
      const [first] = node.steps ?? [];
      if (first) checkTopLevel(first, at);
      return;
    }
    case 'name':
      throw unsupported(`Reference to '${String(node.value)}' at the top level is not supported.`, at);
    case 'variable':
      if (node.value === '' || node.value === '$') {
        throw unsupported(`Reference to '$${String(node.value)}' at the top level is not supported.`, at);
      }
      return;
    case 'lambda':
    case 'transform':
      return;
    default:
      for (const child of children(node)) checkTopLevel(child, at);
  }
}

/** `$states.result` where there is no result would be "nothing" at every run: AWS names it at creation. */
function checkStates(node: AstNode, reads: readonly string[], at: string): void {
  const [root, part] = pathNames(node) ?? [];
  if (root === 'states' && part !== undefined && !reads.includes(part)) {
    throw unsupported(`The field $states.${part} is not available here; available: ${reads.join(', ')}.`, at);
  }
  for (const child of [...children(node), ...pairs(node).flat()]) checkStates(child, reads, at);
}
