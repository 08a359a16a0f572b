import { startStepFunctions } from '../../step-functions';
import type { StepFunctions } from '../../step-functions';

const arnOf = (name: string): string => `arn:aws:states:eu-west-1:123456789012:stateMachine:${name}`;

const machine = (name: string, output: string) => ({
  arn: arnOf(name),
  name,
  type: 'EXPRESS' as const,
  definition: JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: 'E',
    States: { E: { Type: 'Pass', Output: output, End: true } },
  }),
});

const RUNAWAYS = {
  loop: '{% ($f := function($x){ $f($x + 1) }; $f(1)) %}',
  builtin: '{% $count($distinct($map([1..60000], function($i){ {"k": $i} }))) %}',
  regex: "{% $contains('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', /(a+)+$/) %}",
  memory: "{% $length($join($map([1..200000], function($i){ $pad('x', 4000000) }))) %}",
  padding: "{% $length($pad('x', 400000000)) %}",
};

describe('an expression that runs away', () => {
  let stepFunctions: StepFunctions;

  beforeAll(() => {
    stepFunctions = startStepFunctions({
      region: 'eu-west-1',
      account: '123456789012',
      integrations: {},
      expressionTimeMs: 300,
      stateMachines: [
        ...Object.entries(RUNAWAYS).map(([name, output]) => machine(name, output)),
        machine('ordinary', '{% $states.input.x %}'),
        machine('watched', '{% $map($states.input.x, function($v){ $v * 2 }) %}'),
      ],
    });
  });

  afterAll(() => stepFunctions.close());

  it.each(Object.keys(RUNAWAYS))('ends its own execution: %s', async (name) => {
    const execution = await stepFunctions.startSyncExecution({ stateMachineArn: arnOf(name) });

    expect(execution).toMatchObject({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause: expect.stringMatching(/Expression evaluation (?:timeout|memory limit exceeded): /) as unknown,
    });
  });

  it('does not hold up others', async () => {
    const ended: string[] = [];
    const run = async (name: string, input: unknown) => {
      await stepFunctions.startSyncExecution({ stateMachineArn: arnOf(name), input: JSON.stringify(input) });
      ended.push(name);
    };

    await Promise.all([run('builtin', {}), run('ordinary', { x: 1 })]);

    expect(ended).toEqual(['ordinary', 'builtin']);
  });

  it('leaves the threads working for the next ones', async () => {
    await stepFunctions.startSyncExecution({ stateMachineArn: arnOf('regex') });

    const executions = await Promise.all(
      [1, 2, 3].map((n) =>
        stepFunctions.startSyncExecution({ stateMachineArn: arnOf('watched'), input: `{"x":[${n},2]}` }),
      ),
    );

    expect(executions.map(({ output }) => output)).toEqual(['[2,4]', '[4,4]', '[6,4]']);
  });
});
