import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { startStepFunctions, TaskError } from '../../../local/step-functions';
import type { Integration, StepFunctions } from '../../../local/step-functions';
import { instantClock } from './instant-clock';

type TaskAnswer = { readonly result: unknown } | { readonly error: string; readonly cause: string };

/** An event as a case writes it: type, id of the previous event, and those details that the case is about. */
type ExpectedEvent = [type: string, previousEventId: number, details?: Record<string, unknown>];

interface Case {
  /** Where the expectation comes from. */
  readonly source: string;
  readonly definition: unknown;
  readonly input: unknown;
  /** What the called services answer, one after the other, by resource. */
  readonly tasks?: Readonly<Record<string, readonly TaskAnswer[]>>;
  readonly expected: {
    readonly status: string;
    readonly output?: unknown;
    readonly error?: string;
    readonly cause?: string;
    readonly history?: readonly ExpectedEvent[];
  };
}

const CASES = path.join(__dirname, 'cases');
const ARN = 'arn:aws:states:eu-west-1:123456789012:stateMachine:machine';

function answering(answers: readonly TaskAnswer[]): Integration {
  const left = [...answers];
  return () => {
    const answer = left.shift();
    if (answer === undefined) throw new Error('The case has no answer for this call');
    return 'error' in answer
      ? Promise.reject(new TaskError(answer.error, answer.cause))
      : Promise.resolve(answer.result);
  };
}

function start({ definition, tasks = {} }: Case): StepFunctions {
  return startStepFunctions({
    region: 'eu-west-1',
    account: '123456789012',
    clock: instantClock(),
    integrations: Object.fromEntries(
      Object.entries(tasks).map(([resource, answers]) => [resource, answering(answers)]),
    ),
    stateMachines: [{ arn: ARN, name: 'machine', type: 'STANDARD', definition: JSON.stringify(definition) }],
  });
}

describe('an execution', () => {
  const files = readdirSync(CASES).sort();

  it.each(files)('%s', async (file) => {
    const test = JSON.parse(readFileSync(path.join(CASES, file), 'utf8')) as Case;
    const stepFunctions = start(test);

    const { executionArn } = await stepFunctions.startExecution({
      stateMachineArn: ARN,
      input: JSON.stringify(test.input),
    });
    const { status, output, error, cause } = await stepFunctions.waitFor(executionArn);

    const { history: expectedHistory, ...expected } = test.expected;
    expect({ status, output: output?.value, error, cause }).toEqual({
      output: undefined,
      error: undefined,
      cause: undefined,
      ...expected,
    });
    if (expectedHistory) {
      const history = stepFunctions.history(executionArn);
      expect(history.map(({ type, previousEventId }) => [type, previousEventId])).toEqual(
        expectedHistory.map(([type, previousEventId]) => [type, previousEventId]),
      );
      for (const [index, [, , details]] of expectedHistory.entries()) {
        if (details) expect(history[index]?.details).toMatchObject(details);
      }
    }
    await stepFunctions.close();
  });
});
