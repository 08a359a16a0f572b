import { arnOf, machine, start } from '../machines';

const CHILD = machine('child', { Count: { Type: 'Pass', Output: { n: '{% $states.input.n + 1 %}' }, End: true } });
const parent = (resource: string, more: object = {}) =>
  machine(
    'parent',
    {
      Run: {
        Type: 'Task',
        Resource: `arn:aws:states:::states:${resource}`,
        Arguments: { StateMachineArn: '{% $states.input.child %}', Input: { n: '{% $states.input.n %}' } },
        End: true,
        ...more,
      },
    },
    { type: 'STANDARD' },
  );

const runParent = async (resource: string, input: object, child = CHILD, more: object = {}) => {
  const stepFunctions = start([parent(resource, more), child]);
  const { executionArn } = await stepFunctions.startExecution({
    stateMachineArn: arnOf('parent'),
    input: JSON.stringify(input),
  });
  return { stepFunctions, execution: await stepFunctions.waitFor(executionArn) };
};

describe('nested executions', () => {
  it('are started and not waited for by startExecution', async () => {
    const { stepFunctions, execution } = await runParent('startExecution', { child: arnOf('child'), n: 1 });

    const { ExecutionArn } = execution.output?.value as { ExecutionArn: string };
    expect((await stepFunctions.waitFor(ExecutionArn)).output?.value).toEqual({ n: 2 });
  });

  it('are waited for by startExecution.sync:2, with the output as JSON', async () => {
    const standard = { ...CHILD, type: 'STANDARD' as const };

    const { execution } = await runParent('startExecution.sync:2', { child: arnOf('child'), n: 1 }, standard, {
      Output: '{% $states.result.Output.n %}',
    });

    expect(execution.output?.value).toBe(2);
  });

  it('fail the task when they fail', async () => {
    const { execution } = await runParent('startExecution.sync:2', { child: arnOf('child'), n: 'x' });

    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
    expect(JSON.parse(execution.cause ?? '')).toMatchObject({
      Status: 'FAILED',
      Error: 'States.QueryEvaluationError',
    });
  });

  it('are stopped with the execution that waits for them', async () => {
    const waiting = machine('child', { Wait: { Type: 'Wait', Seconds: 600, End: true } }, { type: 'STANDARD' });
    const stepFunctions = start([parent('startExecution.sync:2'), waiting]);
    const input = JSON.stringify({ child: arnOf('child'), n: 1 });
    const { executionArn } = await stepFunctions.startExecution({ stateMachineArn: arnOf('parent'), input });
    while (stepFunctions.executions({ stateMachineArn: arnOf('child') }).length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }

    await stepFunctions.handle('StopExecution', JSON.stringify({ executionArn }));

    const [child] = stepFunctions.executions({ stateMachineArn: arnOf('child') });
    expect((await child?.ended)?.status).toBe('ABORTED');
  });

  it('name a state machine that is not there', async () => {
    const { execution } = await runParent('startExecution', { child: arnOf('nobody'), n: 1 });

    expect(execution.error).toBe('StepFunctions.StateMachineDoesNotExistException');
  });
});
