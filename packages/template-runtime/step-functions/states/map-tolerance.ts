import { StateError } from '../errors';
import { numberProblem } from '../definition/fields';
import type { Fields } from '../definition/fields';
import { typedField } from '../definition/typed-field';
import type { Visit } from '../execution/visit';

/** How many iterations of a Map state may fail, as the state names it. */
export interface Tolerance {
  readonly toleratedFailureCount?: number;
  readonly toleratedFailurePercentage?: number;
}

/**
 * Reads `ToleratedFailureCount` and `ToleratedFailurePercentage`.
 *
 * An inline Map state takes both and evaluates them (recorded on AWS), but AWS documents what they do for distributed ones
 * only, whose iterations are executions of their own: an inline iteration that fails still fails the state here.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/maprun-fail-threshold.html; the causes were recorded in
 * github.com/localstack/localstack tests/aws/services/stepfunctions/v2/scenarios/test_base_scenarios.snapshot.json
 *
 * @returns what evaluates them; it throws StateError `States.Runtime` where they are out of range
 */
export function compileTolerance(fields: Fields): (visit: Visit) => Promise<Tolerance> {
  const count = typedField(fields, 'ToleratedFailureCount', 'number', {
    written: (value) => numberProblem(value, { least: 0 }),
  });
  const percentage = typedField(fields, 'ToleratedFailurePercentage', 'number', {
    written: (value) => numberProblem(value, { least: 0, most: 100, isDouble: true }),
  });
  return async (visit) => {
    const toleratedFailureCount = await count?.read(visit);
    const toleratedFailurePercentage = await percentage?.read(visit);
    const refuse = (problem: string): never => {
      throw new StateError('States.Runtime', visit.describe(problem));
    };
    if (toleratedFailureCount !== undefined && toleratedFailureCount < 0) {
      refuse('ToleratedFailureCount cannot be negative.');
    }
    if (
      toleratedFailurePercentage !== undefined &&
      !(toleratedFailurePercentage >= 0 && toleratedFailurePercentage <= 100)
    ) {
      refuse('ToleratedFailurePercentage must be between 0 and 100.');
    }
    return {
      ...(toleratedFailureCount !== undefined && { toleratedFailureCount }),
      ...(toleratedFailurePercentage !== undefined && { toleratedFailurePercentage }),
    };
  };
}

/** Whether more iterations failed than are tolerated; a state that names no threshold isn't asked (recorded for TestState). */
export function exceeds(failed: number, all: number, tolerance: Tolerance): boolean {
  const { toleratedFailureCount = Infinity, toleratedFailurePercentage = Infinity } = tolerance;
  return failed > toleratedFailureCount || (failed / all) * 100 > toleratedFailurePercentage;
}
