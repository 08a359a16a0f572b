import type { ExpressionThreads } from '../expressions/threads';
import type { DefinitionProblems } from './problems';

/** What all pieces of a definition are read with. */
export interface Reading {
  readonly threads: ExpressionThreads;
  readonly problems: DefinitionProblems;
}
