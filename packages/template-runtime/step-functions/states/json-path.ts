import { numberProblem } from '../definition/fields';
import type { Bounds, Fields } from '../definition/fields';
import type { State, StateGraph } from '../execution/interpreter';
import { processorOf } from './map';
import { LONGEST_SECONDS } from './task';

const NUMBERS: Readonly<Record<string, Bounds>> = {
  TimeoutSeconds: { least: 1, most: LONGEST_SECONDS },
  Seconds: { least: 0, most: LONGEST_SECONDS },
  MaxConcurrency: { least: 0 },
  ToleratedFailureCount: { least: 0 },
  ToleratedFailurePercentage: { least: 0, most: 100, isDouble: true },
};

/**
 * A state of the query language JSONPath: it isn't executed, but what AWS refuses in it is told, as far as it doesn't depend
 * on paths, and the states inside it may be JSONata.
 *
 * @param inner compiles a branch or an item processor
 */
export function compileJsonPathState(
  name: string,
  type: string,
  fields: Fields,
  inner: { readonly branch: (fields: Fields) => StateGraph; readonly processor: (fields: Fields) => StateGraph },
): State {
  for (const [field, bounds] of Object.entries(NUMBERS)) {
    const problem = fields.has(field) ? numberProblem(fields.raw(field), bounds) : undefined;
    if (problem !== undefined) fields.report(problem, field);
  }
  if (type === 'Parallel') fields.items('Branches').forEach(inner.branch);
  if (type === 'Map') inner.processor(processorOf(fields));
  if (!['Choice', 'Succeed', 'Fail'].includes(type)) fields.next();
  return { name, type, run: () => Promise.reject(new Error(`State ${name} is not executed`)) };
}
