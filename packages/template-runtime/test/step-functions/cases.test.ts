import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { startStepFunctions, TaskError } from '../../step-functions';
import type { Clock, Integration, StepFunctions } from '../../step-functions';
import { asItsCaseSays } from '../conformance/cases';
import { instantClock } from './instant-clock';
import { manualClock } from './manual-clock';

/** `silent` never answers: time has to run out. */
type TaskAnswer =
  { readonly result: unknown } | { readonly error: string; readonly cause: string } | { readonly silent: true };

/** An event as a case writes it: type, id of the previous event, and those details that the case is about. */
type ExpectedEvent = [type: string, previousEventId: number, details?: Record<string, unknown>];

interface Sourced {
  /** Where the expectation comes from: AWS's page, or a public recording of AWS. */
  readonly source: string;
  /** Why the runtime does otherwise, where it does. */
  readonly differs?: string;
}

/** An execution, from its input to its history. */
interface ExecutionCase extends Sourced {
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

/** A call of the API, with JSON in place of the JSON texts in it. */
interface CallCase extends Sourced {
  readonly action: 'TestState' | 'ValidateStateMachineDefinition';
  readonly request: Readonly<Record<string, unknown>>;
  /** The answer, or the error; a string `<…>` stands for any string. */
  readonly expected: unknown;
}

const CASES = path.join(__dirname, 'cases');
const ARN = 'arn:aws:states:eu-west-1:123456789012:stateMachine:machine';

const cases = readdirSync(CASES)
  .sort()
  .map((file) => ({ file, ...(JSON.parse(readFileSync(path.join(CASES, file), 'utf8')) as ExecutionCase | CallCase) }));

function answering(answers: readonly TaskAnswer[]): Integration {
  const left = [...answers];
  return () => {
    const answer = left.shift();
    if (answer === undefined) throw new Error('The case has no answer for this call');
    if ('silent' in answer) return new Promise(() => undefined);
    return 'error' in answer
      ? Promise.reject(new TaskError(answer.error, answer.cause))
      : Promise.resolve(answer.result);
  };
}

let stepFunctions: StepFunctions | undefined;

afterEach(() => stepFunctions?.close());

function start({ definition, tasks = {} }: Pick<ExecutionCase, 'definition' | 'tasks'>, clock: Clock): StepFunctions {
  return startStepFunctions({
    region: 'eu-west-1',
    account: '123456789012',
    clock,
    integrations: Object.fromEntries(
      Object.entries(tasks).map(([resource, answers]) => [resource, answering(answers)]),
    ),
    stateMachines: [{ arn: ARN, name: 'machine', type: 'STANDARD', definition: JSON.stringify(definition) }],
  });
}

/** Where an event's detail is JSON text, a case may write the JSON. */
function detailsFor(expected: Record<string, unknown>, details: Readonly<Record<string, unknown>> = {}): unknown {
  return Object.fromEntries(
    Object.entries(expected).map(([name, value]) => {
      const actual = details[name];
      if (name === 'assignedVariables') return [name, detailsFor(value as typeof expected, actual as typeof details)];
      return [name, typeof actual === 'string' && actual !== value ? fromText(actual) : actual];
    }),
  );
}

function fromText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text; // not JSON: the comparison shows it as it is
  }
}

describe('an execution', () => {
  const executions = cases.filter((test): test is ExecutionCase & { file: string } => !('action' in test));

  it.each(executions.map((test) => [test.file, test] as const))('%s', (_file, test) =>
    asItsCaseSays(test, checkExecution),
  );

  async function checkExecution(test: ExecutionCase): Promise<void> {
    stepFunctions = start(test, instantClock());

    const { executionArn } = await stepFunctions.startExecution({
      stateMachineArn: ARN,
      input: JSON.stringify(test.input),
    });
    const { status, output, error, cause } = await stepFunctions.waitFor(executionArn);

    const { history: expectedHistory, ...expected } = test.expected;
    expect({ status, output: output && (JSON.parse(output.text) as unknown), error, cause }).toEqual({
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
      for (const [index, event] of history.entries()) {
        const details = expectedHistory[index]?.[2];
        if (details) expect(detailsFor(details, event.details)).toEqual(details);
      }
    }
  }
});

const JSON_TEXTS = [
  'definition',
  'input',
  'output',
  'variables',
  'context',
  'result',
  'afterArguments',
  'afterItemSelector',
];

/** JSON to the JSON texts that the API takes. */
function toTexts(request: unknown): unknown {
  if (typeof request !== 'object' || request === null) return request;
  return Object.fromEntries(
    Object.entries(request).map(([name, value]) => {
      if (!JSON_TEXTS.includes(name)) return [name, toTexts(value)];
      return [name, typeof value === 'string' ? value : JSON.stringify(value)];
    }),
  );
}

/** The JSON texts of an answer to JSON. */
function fromTexts(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return answer;
  return Object.fromEntries(
    Object.entries(answer).map(([name, value]) => {
      return [name, JSON_TEXTS.includes(name) && typeof value === 'string' ? fromText(value) : fromTexts(value)];
    }),
  );
}

/** Any string for `<…>`. */
function pattern(expected: unknown): unknown {
  if (typeof expected === 'string') return /^<.*>$/.test(expected) ? (expect.any(String) as unknown) : expected;
  if (Array.isArray(expected)) return expected.map(pattern);
  if (typeof expected !== 'object' || expected === null) return expected;
  return Object.fromEntries(Object.entries(expected).map(([name, value]) => [name, pattern(value)]));
}

describe('a call', () => {
  const calls = cases.filter((test): test is CallCase & { file: string } => 'action' in test);

  it.each(calls.map((test) => [test.file, test] as const))('%s', (_file, test) => asItsCaseSays(test, checkCall));

  async function checkCall(test: CallCase): Promise<void> {
    stepFunctions = startStepFunctions({
      region: 'eu-west-1',
      account: '123456789012',
      clock: manualClock(),
      integrations: {},
      stateMachines: [],
    });

    const { body } = await stepFunctions.handle(test.action, JSON.stringify(toTexts(test.request)));

    expect(fromTexts(JSON.parse(body))).toEqual(pattern(test.expected));
  }
});

describe('the cases', () => {
  it('are 150 or more, and each names the AWS page or the recording of AWS that it comes from', () => {
    const unsourced = cases.filter(
      ({ source }) => !/docs\.aws\.amazon\.com|AWS, recorded in|measured on AWS/.test(source),
    );

    expect(cases.length).toBeGreaterThanOrEqual(150);
    expect(unsourced.map(({ file }) => file)).toEqual([]);
  });
});
