import type { SFNClient } from '@aws-sdk/client-sfn';
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { StepFunctions } from '../../step-functions';
import { serveApi } from './api-server';
import type { ApiServer } from './api-server';
import { arnOf, machine, start } from './machines';

const PASS = { Count: { Type: 'Pass', Output: { n: '{% $states.input.n + 1 %}' }, End: true } };
const WAIT = { Wait: { Type: 'Wait', Seconds: 600, End: true } };

describe('the API, through the AWS SDK', () => {
  let stepFunctions: StepFunctions;
  let server: ApiServer;
  let client: SFNClient;

  beforeAll(async () => {
    const logging = { level: 'ALL', includeExecutionData: true, logGroupName: 'g' } as const;
    stepFunctions = start([
      machine('express', PASS, { logging }),
      machine('standard', PASS, { type: 'STANDARD' }),
      machine('waiting', WAIT, { type: 'STANDARD' }),
    ]);
    server = await serveApi(stepFunctions);
    client = server.client;
  });

  afterAll(() => server.close());

  it('StartSyncExecution answers with the ended execution', async () => {
    const { $metadata, ...output } = await client.send(
      new StartSyncExecutionCommand({ stateMachineArn: arnOf('express'), input: '{"n":1}', name: 'first' }),
    );

    expect($metadata.httpStatusCode).toBe(200);
    expect(output).toEqual({
      executionArn: expect.stringMatching(/:express:express:first:[\w-]{36}$/) as unknown,
      stateMachineArn: arnOf('express'),
      name: 'first',
      startDate: expect.any(Date) as unknown,
      stopDate: expect.any(Date) as unknown,
      status: 'SUCCEEDED',
      input: '{"n":1}',
      inputDetails: { included: true },
      output: '{"n":2}',
      outputDetails: { included: true },
      billingDetails: { billedMemoryUsedInMB: 64, billedDurationInMilliseconds: 100 },
    });
  });

  it('a failed execution is an answer, not an error', async () => {
    const output = await client.send(
      new StartSyncExecutionCommand({ stateMachineArn: arnOf('express'), input: '{"n":"x"}' }),
    );

    expect(output).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
    expect(output.output).toBeUndefined();
  });

  it('StartExecution, DescribeExecution and GetExecutionHistory follow a Standard execution', async () => {
    const { executionArn } = await client.send(
      new StartExecutionCommand({ stateMachineArn: arnOf('standard'), input: '{"n":1}', name: 'run-1' }),
    );
    await stepFunctions.waitFor(executionArn ?? '');

    const described = await client.send(new DescribeExecutionCommand({ executionArn }));
    const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn }));

    expect(executionArn).toBe('arn:aws:states:eu-west-1:123456789012:execution:standard:run-1');
    expect(described).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"n":2}',
      redriveCount: 0,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
    });
    expect(events?.map(({ timestamp, ...event }) => ({ ...event, dated: timestamp instanceof Date }))).toMatchObject([
      {
        id: 1,
        previousEventId: 0,
        type: 'ExecutionStarted',
        executionStartedEventDetails: { input: '{"n":1}' },
        dated: true,
      },
      {
        id: 2,
        previousEventId: 0,
        type: 'PassStateEntered',
        stateEnteredEventDetails: { name: 'Count', input: '{"n":1}' },
      },
      {
        id: 3,
        previousEventId: 2,
        type: 'PassStateExited',
        stateExitedEventDetails: { name: 'Count', output: '{"n":2}' },
      },
      { id: 4, previousEventId: 3, type: 'ExecutionSucceeded', executionSucceededEventDetails: { output: '{"n":2}' } },
    ]);
  });

  it('GetExecutionHistory goes by pages, and backwards, and without data', async () => {
    const { executionArn } = await client.send(
      new StartExecutionCommand({ stateMachineArn: arnOf('standard'), input: '{"n":1}' }),
    );
    await stepFunctions.waitFor(executionArn ?? '');
    const get = (more: object) => client.send(new GetExecutionHistoryCommand({ executionArn, ...more }));

    const first = await get({ maxResults: 3 });
    const second = await get({ maxResults: 3, nextToken: first.nextToken });
    const backwards = await get({ reverseOrder: true, includeExecutionData: false });

    expect([first, second].map(({ events }) => events?.map(({ id }) => id))).toEqual([[1, 2, 3], [4]]);
    expect(second.nextToken).toBeUndefined();
    expect(backwards.events?.map(({ id }) => id)).toEqual([4, 3, 2, 1]);
    expect(backwards.events?.[1]?.stateExitedEventDetails).toEqual({ name: 'Count' });
  });

  it('StopExecution ends a Wait at once', async () => {
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn: arnOf('waiting') }));

    const { stopDate } = await client.send(new StopExecutionCommand({ executionArn, error: 'Enough', cause: 'bored' }));

    const described = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect(described).toMatchObject({ status: 'ABORTED', error: 'Enough', cause: 'bored', stopDate });
    expect(
      stepFunctions.history(executionArn ?? '').map(({ type, previousEventId }) => [type, previousEventId]),
    ).toEqual([
      ['ExecutionStarted', 0],
      ['WaitStateEntered', 0],
      ['ExecutionAborted', 0],
    ]);
  });

  it('ListExecutions lists the latest first, by status and by pages', async () => {
    const running = await client.send(new StartExecutionCommand({ stateMachineArn: arnOf('waiting'), name: 'w-1' }));
    await client.send(new StartExecutionCommand({ stateMachineArn: arnOf('waiting'), name: 'w-2' }));
    await client.send(new StopExecutionCommand({ executionArn: running.executionArn }));
    const list = (more: object) =>
      client.send(new ListExecutionsCommand({ stateMachineArn: arnOf('waiting'), ...more }));

    const runs = await list({ statusFilter: 'RUNNING' });
    const page = await list({ maxResults: 1 });

    expect(runs.executions?.map(({ name }) => name)).toEqual(['w-2']);
    expect(page.executions?.map(({ name }) => name)).toEqual(['w-2']);
    expect((await list({ maxResults: 1, nextToken: page.nextToken })).executions?.[0]).toMatchObject({
      name: 'w-1',
      status: 'ABORTED',
    });
  });

  it('Express executions stay inspectable here', async () => {
    const { executionArn } = await client.send(
      new StartSyncExecutionCommand({ stateMachineArn: arnOf('express'), input: '{"n":41}' }),
    );

    const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn }));

    expect(events?.at(-1)?.executionSucceededEventDetails?.output).toBe('{"n":42}');
  });

  it('ListStateMachines and DescribeStateMachine tell what is served', async () => {
    const { stateMachines } = await client.send(new ListStateMachinesCommand({}));
    const described = await client.send(new DescribeStateMachineCommand({ stateMachineArn: arnOf('express') }));

    expect(stateMachines?.map(({ name, type }) => [name, type])).toEqual([
      ['express', 'EXPRESS'],
      ['standard', 'STANDARD'],
      ['waiting', 'STANDARD'],
    ]);
    expect(described).toMatchObject({
      status: 'ACTIVE',
      type: 'EXPRESS',
      loggingConfiguration: {
        level: 'ALL',
        includeExecutionData: true,
        destinations: [
          { cloudWatchLogsLogGroup: { logGroupArn: 'arn:aws:logs:eu-west-1:123456789012:log-group:g:*' } },
        ],
      },
    });
    expect(JSON.parse(described.definition ?? '')).toMatchObject({ StartAt: 'Count' });
  });

  it('the same name with the same input gives the running execution, otherwise it is taken', async () => {
    const request = { stateMachineArn: arnOf('waiting'), name: 'once', input: '{"a":1}' };

    const first = await client.send(new StartExecutionCommand(request));
    const second = await client.send(new StartExecutionCommand(request));

    expect(second.executionArn).toBe(first.executionArn);
    await expect(client.send(new StartExecutionCommand({ ...request, input: '{}' }))).rejects.toMatchObject({
      name: 'ExecutionAlreadyExists',
      message: `Execution Already Exists: '${first.executionArn}'`,
    });
  });

  // Recorded in github.com/localstack/localstack tests/aws/services/stepfunctions/v2/test_sfn_api.snapshot.json
  it.each([
    [
      new StartExecutionCommand({ stateMachineArn: arnOf('nope') }),
      'StateMachineDoesNotExist',
      `State Machine Does Not Exist: '${arnOf('nope')}'`,
    ],
    [
      new StartExecutionCommand({ stateMachineArn: arnOf('standard'), input: 'not json' }),
      'InvalidExecutionInput',
      undefined,
    ],
    [
      new StartExecutionCommand({ stateMachineArn: arnOf('standard'), name: 'a b' }),
      'InvalidName',
      "Invalid Name: 'a b'",
    ],
    [
      new DescribeExecutionCommand({ executionArn: 'not_a_valid_arn' }),
      'InvalidArn',
      "Invalid Arn: 'Invalid ARN prefix: not_a_valid_arn'",
    ],
    [
      new DescribeExecutionCommand({ executionArn: arnOf('standard') }),
      'InvalidArn',
      "Invalid Arn: 'Resource type not valid in this context: stateMachine'",
    ],
    [
      new DescribeExecutionCommand({ executionArn: 'arn:aws:states:eu-west-1:1:execution:a:b' }),
      'ExecutionDoesNotExist',
      "Execution Does Not Exist: 'arn:aws:states:eu-west-1:1:execution:a:b'",
    ],
    [
      new ListExecutionsCommand({ stateMachineArn: arnOf('standard'), maxResults: 1001 }),
      'ValidationException',
      "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
    ],
    [
      new ListExecutionsCommand({ stateMachineArn: arnOf('standard'), statusFilter: 'succeeded' as 'SUCCEEDED' }),
      'ValidationException',
      "1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]",
    ],
    [
      new ListExecutionsCommand({ stateMachineArn: arnOf('standard'), nextToken: 'x' }),
      'InvalidToken',
      "Invalid Token: 'x'",
    ],
    [
      new ListExecutionsCommand({ stateMachineArn: arnOf('standard'), redriveFilter: 'REDRIVEN' }),
      'ValidationException',
      "Map runs ('redriveFilter') are not emulated by the local runtime",
    ],
    [
      new DescribeStateMachineCommand({ stateMachineArn: arnOf('standard'), includedData: 'SOME' as 'ALL_DATA' }),
      'ValidationException',
      "1 validation error detected: Value 'SOME' at 'includedData' failed to satisfy constraint: Member must satisfy enum value set: [ALL_DATA, METADATA_ONLY]",
    ],
    [
      new StartSyncExecutionCommand({ stateMachineArn: arnOf('standard') }),
      'StateMachineTypeNotSupported',
      'This operation is not supported by this type of state machine',
    ],
    [
      new StartExecutionCommand({ stateMachineArn: arnOf('standard'), input: JSON.stringify('x'.repeat(262_143)) }),
      'ValidationException',
      undefined,
    ],
  ])('answers a bad request as AWS does (%#)', async (command, name, message) => {
    const answer = client.send(command as StartExecutionCommand);

    await expect(answer).rejects.toMatchObject({ name, ...(message !== undefined && { message }) });
  });

  it('a page token is good for its own list only', async () => {
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn: arnOf('standard') }));
    await stepFunctions.waitFor(executionArn ?? '');
    const history = (more: object) => client.send(new GetExecutionHistoryCommand({ executionArn, ...more }));

    const { nextToken } = await history({ maxResults: 1, reverseOrder: true });

    expect((await history({ reverseOrder: true, nextToken })).events?.map(({ id }) => id)).toEqual([3, 2, 1]);
    const list = new ListExecutionsCommand({ stateMachineArn: arnOf('standard'), nextToken });
    for (const call of [() => history({ nextToken }), () => client.send(list)]) {
      await expect(call()).rejects.toMatchObject({ name: 'InvalidToken', message: `Invalid Token: '${nextToken}'` });
    }
  });

  // Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html
  it.each([
    ['error', 256],
    ['cause', 32_768],
  ])('StopExecution refuses an %s of more than %i characters, and stops nothing', async (name, most) => {
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn: arnOf('waiting') }));
    const stop = (length: number) =>
      client.send(new StopExecutionCommand({ executionArn, [name]: 'x'.repeat(length) }));

    await expect(stop(most + 1)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(new RegExp(`at '${name}' .* less than or equal to ${most}$`)) as unknown,
    });

    expect((await client.send(new DescribeExecutionCommand({ executionArn }))).status).toBe('RUNNING');
    await stop(most);
    expect((await client.send(new DescribeExecutionCommand({ executionArn }))).status).toBe('ABORTED');
  });

  it('METADATA_ONLY leaves out definitions and payloads', async () => {
    const { executionArn } = await client.send(
      new StartExecutionCommand({ stateMachineArn: arnOf('standard'), input: '{"n":1}' }),
    );
    await stepFunctions.waitFor(executionArn ?? '');
    const includedData = 'METADATA_ONLY';

    const machine = await client.send(
      new DescribeStateMachineCommand({ stateMachineArn: arnOf('standard'), includedData }),
    );
    const executed = await client.send(new DescribeStateMachineForExecutionCommand({ executionArn, includedData }));
    const execution = await client.send(new DescribeExecutionCommand({ executionArn, includedData }));

    expect([machine.definition, executed.definition]).toEqual(['{}', '{}']);
    expect(execution).toMatchObject({ status: 'SUCCEEDED', inputDetails: { included: false } });
    expect([execution.input, execution.output]).toEqual([undefined, undefined]);
  });

  it('an answer that is taken unprinted is what its print says, and nobody else’s', async () => {
    const started = await stepFunctions.startSyncExecution({ stateMachineArn: arnOf('express'), input: '{"n":1}' });
    const { executionArn } = started;
    const calls = {
      StartSyncExecution: { stateMachineArn: arnOf('express'), input: '{"n":1}' },
      DescribeExecution: { executionArn },
      GetExecutionHistory: { executionArn },
      ListStateMachines: {},
      CreateActivity: {},
    };

    for (const [action, parameters] of Object.entries(calls)) {
      const answer = await stepFunctions.handle(action, JSON.stringify(parameters));
      const { body } = answer;

      for (const value of Object.values(answer.document() as object)) {
        if (typeof value === 'object') Object.assign(value, { changed: true });
      }

      expect(answer.document()).toStrictEqual(JSON.parse(body));
      expect(answer.body).toBe(body);
    }
  });

  it('names an action that is not emulated', async () => {
    const { status, body } = await stepFunctions.handle('CreateActivity', '{}');

    expect(status).toBe(400);
    expect(JSON.parse(body)).toEqual({
      __type: 'UnknownOperationException',
      message: 'The action CreateActivity is not emulated',
    });
  });
});
