import type { SFNClient, TestStateCommandInput } from '@aws-sdk/client-sfn';
import { TestStateCommand } from '@aws-sdk/client-sfn';
import { TaskError } from '../../step-functions';
import { serveApi } from './api-server';
import type { ApiServer } from './api-server';
import { manualClock } from './manual-clock';
import type { ManualClock } from './manual-clock';
import { start } from './machines';

const ROLE = 'arn:aws:iam::123456789012:role/any';
const TASK = { Type: 'Task', Resource: 'arn:aws:states:::test:call', End: true };
const MAP = {
  Type: 'Map',
  Items: '{% $states.input %}',
  ItemProcessor: { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } },
  End: true,
};

// What AWS was seen to answer is in cases/test-state-*.json; here is what no recording shows.
describe('TestState, through the AWS SDK', () => {
  let server: ApiServer;
  let client: SFNClient;
  let clock: ManualClock;

  beforeEach(async () => {
    clock = manualClock();
    const integrations = {
      'arn:aws:states:::test:call': ({ arguments: call }: { arguments: unknown }) =>
        call === 'fail' ? Promise.reject(new TaskError('Test.Refused', 'no')) : Promise.resolve({ called: call }),
    };
    server = await serveApi(start([], { clock, integrations }));
    client = server.client;
  });

  afterEach(() => server.close());

  const test = (state: object, more: Partial<TestStateCommandInput> = {}) =>
    client.send(new TestStateCommand({ definition: JSON.stringify({ QueryLanguage: 'JSONata', ...state }), ...more }));

  it('calls the service where there is a role and no mock', async () => {
    const state = {
      ...TASK,
      Arguments: '{% $states.input.n %}',
      Output: '{% $states.result.called + 1 %}',
      Next: 'More',
    };

    const tested = await test(
      { ...state, End: undefined },
      { roleArn: ROLE, input: '{"n":1}', inspectionLevel: 'DEBUG' },
    );

    expect(tested).toMatchObject({
      status: 'SUCCEEDED',
      output: '2',
      nextState: 'More',
      inspectionData: { input: '{"n":1}', afterArguments: '1', result: '{"called":1}' },
    });
  });

  it('tells of the error of a called service', async () => {
    expect(await test({ ...TASK, Arguments: 'fail' }, { roleArn: ROLE })).toMatchObject({
      status: 'FAILED',
      error: 'Test.Refused',
      cause: 'no',
    });
  });

  it('names a resource that is not emulated', async () => {
    const state = { ...TASK, Resource: 'arn:aws:states:::sqs:sendMessage' };

    await expect(test(state, { roleArn: ROLE })).rejects.toMatchObject({
      name: 'InvalidDefinition',
      message: 'The resource arn:aws:states:::sqs:sendMessage is not emulated: give a mock',
    });
    expect(await test(state, { mock: { result: '{"MessageId":"1"}' } })).toMatchObject({ output: '{"MessageId":"1"}' });
  });

  it('gives the variables as they are after the state', async () => {
    const { inspectionData } = await test(
      { Type: 'Pass', Assign: { b: '{% $a + 1 %}', c: 3 }, End: true },
      { variables: '{"a":1,"b":1}', inspectionLevel: 'TRACE' },
    );

    expect(JSON.parse(inspectionData?.variables ?? '')).toEqual({ a: 1, b: 2, c: 3 });
  });

  it('gives the items as the iterations would get them', async () => {
    const state = { ...MAP, ItemSelector: '{% $states.context.Map.Item.Index & $states.context.Map.Item.Value %}' };

    const { inspectionData } = await test(state, {
      input: '["a","b"]',
      inspectionLevel: 'DEBUG',
      mock: { result: '[1,2]' },
    });

    expect(inspectionData?.afterItemSelector).toBe('["0a","1b"]');
  });

  it('shows the state a mocked context', async () => {
    const tested = await test(
      { ...TASK, Arguments: '{% $states.context.Execution.Name %}' },
      { context: '{"Execution":{"Name":"mine"}}', mock: { result: '1' }, inspectionLevel: 'DEBUG' },
    );

    expect(tested.inspectionData?.afterArguments).toBe('"mine"');
    await expect(test({ Type: 'Pass', End: true }, { context: '{}' })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('ends a state that takes longer than five minutes', async () => {
    const tested = test({ Type: 'Wait', Seconds: 301, End: true });
    await clock.waiting();
    await clock.advance(300_000);

    expect(await tested).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  // The causes were recorded on AWS for numbers read by JSONPath: see states/map-tolerance.ts.
  it.each([
    [{ ToleratedFailureCount: '{% -1 %}' }, 'ToleratedFailureCount cannot be negative.'],
    [{ ToleratedFailurePercentage: '{% 100.1 %}' }, 'ToleratedFailurePercentage must be between 0 and 100.'],
  ])('refuses %j in a Map state', async (tolerance, problem) => {
    const tested = await test({ ...MAP, ...tolerance }, { input: '[]', mock: { result: '[]' } });

    expect(tested).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(tested.cause).toContain(problem);
  });

  it('refuses states that JSONPath was meant for', async () => {
    await expect(test({ Type: 'Pass', ResultPath: '$.a', End: true })).rejects.toThrow(
      /field 'ResultPath' is only supported for the 'JSONPath' QueryLanguage/,
    );
    await expect(test({ Type: 'Pass', End: true, QueryLanguage: 'JSONPath' })).rejects.toThrow(
      /write "QueryLanguage": "JSONata"/,
    );
  });
});
