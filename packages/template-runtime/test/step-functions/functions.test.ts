import { ExpressionThreads } from '../../step-functions/expressions/threads';
import { compileExpression } from '../../step-functions/expressions/expression';
import { EvaluationError } from '../../step-functions/expressions/values';
import { readKinds, testKinds } from '../conformance/cases';
import type { ConformanceCase } from '../conformance/cases';

interface FunctionCase extends ConformanceCase {
  readonly expression: string;
  readonly value?: unknown;
  /** The expression returns nothing. */
  readonly nothing?: true;
  /** What AWS's cause says after "threw an error during evaluation", or its beginning. */
  readonly error?: string;
}

const threads = new ExpressionThreads();

afterAll(() => threads.close());

async function evaluate(source: string): Promise<Pick<FunctionCase, 'value' | 'nothing' | 'error'>> {
  try {
    const value = await compileExpression(source, threads).evaluate({ states: { input: {} } });
    return value === undefined ? { nothing: true } : { value };
  } catch (error) {
    if (error instanceof EvaluationError)
      return { error: error.ending.replace(/^threw an error during evaluation/, '') };
    throw error;
  }
}

describe('an expression, as measured on AWS', () => {
  testKinds(readKinds<FunctionCase>('step-functions/functions'), async ({ expression, value, nothing, error }) => {
    const result = await evaluate(expression);

    if (error === undefined) expect(result).toEqual(nothing ? { nothing } : { value });
    else expect(result.error?.slice(0, error.length)).toBe(error);
  });
});
