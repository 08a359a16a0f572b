import { lambdaIntegrations } from '../../../step-functions';
import type { InvokeFunction } from '../../../step-functions';
import { arnOf, machine, start } from '../machines';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:count';

const run = async (invoke: InvokeFunction, task: object) => {
  const stepFunctions = start([machine('m', { Call: { Type: 'Task', End: true, ...task } })], {
    integrations: lambdaIntegrations(invoke, [ARN]),
  });
  return stepFunctions.startSyncExecution({ stateMachineArn: arnOf('m'), input: '{"id":"votes"}' });
};
const byInvoke = {
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: ARN, Payload: '{% $states.input %}' },
};
const failing =
  (name: string, message: string): InvokeFunction =>
  () =>
    Promise.reject(Object.assign(new Error(message), { name }));

describe('the Lambda integrations', () => {
  it('give the payload under Payload by lambda:invoke, alone by ARN', async () => {
    const calls: string[][] = [];
    const invoke: InvokeFunction = (name, payload) => {
      calls.push([name, payload]);
      return Promise.resolve({ payload: '{"counter":1}' });
    };

    const invoked = await run(invoke, byInvoke);
    const direct = await run(invoke, { Resource: ARN });

    expect(JSON.parse(invoked.output ?? '')).toEqual({
      ExecutedVersion: '$LATEST',
      Payload: { counter: 1 },
      StatusCode: 200,
    });
    expect(direct.output).toBe('{"counter":1}');
    expect(calls).toEqual([
      [ARN, '{"id":"votes"}'],
      [ARN, '{"id":"votes"}'],
    ]);
  });

  it.each([byInvoke, { Resource: ARN }])(
    "name a function's error by its type, the cause is its JSON (%#)",
    async (task) => {
      const payload = '{"errorType":"NotAppliedError","errorMessage":"busy","trace":[]}';

      const execution = await run(() => Promise.resolve({ payload, functionError: 'Unhandled' }), task);

      expect(execution).toMatchObject({ status: 'FAILED', error: 'NotAppliedError', cause: payload });
    },
  );

  // https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
  it.each([
    '{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: 1 Error: Task timed out after 5.00 seconds"}',
    '{"errorType":"Runtime.ExitError","errorMessage":"RequestId: 1 Error: Runtime exited with error: exit status 1"}',
    '{"errorMessage":"no type"}',
    'null',
    'not even JSON',
  ])('name what the function did not raise itself Lambda.Unknown: %s', async (payload) => {
    const execution = await run(() => Promise.resolve({ payload, functionError: 'Unhandled' }), byInvoke);

    expect(execution).toMatchObject({ error: 'Lambda.Unknown', cause: expect.stringContaining(payload) as unknown });
  });

  it.each([
    ['Lambda.TooManyRequestsException', 'Lambda.TooManyRequestsException'],
    ['TypeError', 'Lambda.Unknown'],
  ])('pass on what the service refuses: %s becomes %s', async (name, error) => {
    expect(await run(failing(name, 'why'), byInvoke)).toMatchObject({ error, cause: 'why' });
  });

  it('refuse arguments that are not emulated', async () => {
    const task = { ...byInvoke, Arguments: { FunctionName: ARN, InvocationType: 'Event' } };

    const execution = await run(() => Promise.resolve({ payload: 'null' }), task);

    expect(execution.cause).toBe("The field 'InvocationType' is not emulated");
  });

  it('refuse a function that is not there when the machine is created', () => {
    const other = { Call: { Type: 'Task', Resource: `${ARN}2`, End: true } };
    const integrations = lambdaIntegrations(() => Promise.resolve({ payload: 'null' }), [ARN]);

    expect(() => start([machine('m', other)], { integrations })).toThrow(/count2 is not emulated/);
  });
});
