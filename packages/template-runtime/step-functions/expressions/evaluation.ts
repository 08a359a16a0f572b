import jsonata from 'jsonata';
import { addStepFunctionsFunctions } from './functions';
import { describeEvaluationError, EvaluationError, toPlainJson } from './values';
import type { Bindings } from './plain-expression';

/**
 * Parses an expression.
 *
 * @throws EvaluationError where the source is no JSONata
 */
export function parse(source: string): jsonata.Expression {
  try {
    return jsonata(source);
  } catch (error) {
    throw describeEvaluationError(error);
  }
}

/** jsonata's own compiled form, with the functions of Step Functions. */
export function prepare(source: string): jsonata.Expression {
  const expression = parse(source);
  addStepFunctionsFunctions(expression);
  return expression;
}

/** Evaluates by jsonata itself. */
export async function evaluateCompiled(expression: jsonata.Expression, bindings: Bindings): Promise<unknown> {
  let value: unknown;
  try {
    value = await expression.evaluate(undefined, bindings);
  } catch (error) {
    throw error instanceof EvaluationError ? error : describeEvaluationError(error);
  }
  return toPlainJson(value);
}
