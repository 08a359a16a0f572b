import { arnOf, inShort, machine, start } from './machines';

const LOOP = {
  A: { Type: 'Pass', Next: 'B' },
  B: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'A' }], Default: 'C' },
  C: { Type: 'Succeed' },
};

describe('limits', () => {
  it.each(['STANDARD', 'EXPRESS'] as const)('end an endless loop of a %s machine at 25,000 events', async (type) => {
    const stepFunctions = start([machine('m', LOOP, { type })]);

    const { executionArn } = await stepFunctions.startExecution({ stateMachineArn: arnOf('m') });
    const { status, error, cause, history } = await stepFunctions.waitFor(executionArn);

    expect({ status, error, cause }).toEqual({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: 'The execution reached the maximum number of history events (25000).',
    });
    expect(history.events).toHaveLength(25_000);
  });

  it('let timers run while states loop', async () => {
    const stepFunctions = start([machine('m', LOOP)]);
    const order: string[] = [];

    const execution = stepFunctions.startSyncExecution({ stateMachineArn: arnOf('m') }).then(() => order.push('loop'));
    setImmediate(() => setImmediate(() => order.push('timer')));
    await execution;

    expect(order).toEqual(['timer', 'loop']);
  });

  it('drop the oldest ended executions, never running ones', async () => {
    const states = { Wait: { Type: 'Wait', Seconds: '{% $states.input.s %}', End: true } };
    const stepFunctions = start([machine('m', states)], { keep: { executions: 2 } });

    const running = await stepFunctions.startExecution({ stateMachineArn: arnOf('m'), input: '{"s":200}' });
    const ended: string[] = [];
    for (let i = 0; i < 4; i += 1) {
      const { executionArn } = await stepFunctions.startSyncExecution({
        stateMachineArn: arnOf('m'),
        input: '{"s":0}',
      });
      ended.push(executionArn);
    }

    const kept = stepFunctions.executions().map(({ arn }) => arn);
    expect(kept).toEqual([ended[3], ended[2], running.executionArn]);
    await stepFunctions.close();
  });

  it('drop executions that take too much memory', async () => {
    const stepFunctions = start([machine('m', { P: { Type: 'Pass', End: true } })], { keep: { bytes: 50_000 } });
    const input = JSON.stringify('x'.repeat(20_000));

    for (let i = 0; i < 3; i += 1) await stepFunctions.startSyncExecution({ stateMachineArn: arnOf('m'), input });

    expect(stepFunctions.executions()).toHaveLength(2);
  });

  it('refuse a task result of more than 256 KiB, counted in UTF-8, catchable by its name only', async () => {
    const task = {
      Type: 'Task',
      Resource: 'arn:aws:states:::test:call',
      Catch: [
        { ErrorEquals: ['States.DataLimitExceeded'], Next: 'Caught' },
        { ErrorEquals: ['States.ALL'], Next: 'Missed' },
      ],
      Next: 'Missed',
    };
    const states = { Call: task, Caught: { Type: 'Succeed' }, Missed: { Type: 'Fail' } };
    const stepFunctions = start([machine('m', states)], {
      integrations: { 'arn:aws:states:::test:': () => Promise.resolve('é'.repeat(131_072)) },
    });

    const { executionArn, output } = await stepFunctions.startSyncExecution({ stateMachineArn: arnOf('m') });

    expect(JSON.parse(output ?? '')).toEqual({
      Error: 'States.DataLimitExceeded',
      Cause: "The state/task 'test' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
    expect(inShort(stepFunctions, executionArn)[4]).toBe('TaskFailed <- 4');
  });
});

describe('a thousand executions at once', () => {
  it('all end, each with its own output', async () => {
    const states = {
      Pick: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.n >= 0 %}', Next: 'Wait' }] },
      Wait: { Type: 'Wait', Seconds: 0, Assign: { n: '{% $states.input.n %}' }, Next: 'Each' },
      Each: {
        Type: 'Map',
        Items: '{% [$n, $n + 1] %}',
        ItemProcessor: { StartAt: 'P', States: { P: { Type: 'Pass', Output: '{% $states.input * 2 %}', End: true } } },
        End: true,
      },
    };
    const stepFunctions = start([machine('m', states)]);

    const executions = await Promise.all(
      Array.from({ length: 1000 }, (_, n) =>
        stepFunctions.startSyncExecution({ stateMachineArn: arnOf('m'), input: JSON.stringify({ n }) }),
      ),
    );

    expect(executions.map(({ output }) => output)).toEqual(
      Array.from({ length: 1000 }, (_, n) => JSON.stringify([n * 2, n * 2 + 2])),
    );
  });
});

describe('stopping', () => {
  it('while an expression is evaluated leaves no event behind the end', async () => {
    const states = {
      Slow: { Type: 'Wait', Seconds: '{% $sum($map([1..2000], function($i){ 0 })) %}', Next: 'Next' },
      Next: { Type: 'Pass', End: true },
    };
    const stepFunctions = start([machine('m', states, { type: 'STANDARD' })]);
    const { executionArn } = await stepFunctions.startExecution({ stateMachineArn: arnOf('m') });

    await stepFunctions.handle('StopExecution', JSON.stringify({ executionArn }));
    await stepFunctions.close();

    const { status, error, cause } = await stepFunctions.waitFor(executionArn);
    expect({ status, error, cause }).toEqual({ status: 'ABORTED', error: undefined, cause: undefined });
    expect(inShort(stepFunctions, executionArn).at(-1)).toBe('ExecutionAborted <- 0');
  });
});
