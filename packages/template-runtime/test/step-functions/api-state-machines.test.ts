import type { SFNClient } from '@aws-sdk/client-sfn';
import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  UpdateStateMachineCommand,
  ValidateStateMachineDefinitionCommand,
} from '@aws-sdk/client-sfn';
import type { StepFunctions } from '../../step-functions';
import { serveApi } from './api-server';
import type { ApiServer } from './api-server';
import { manualClock } from './manual-clock';
import type { ManualClock } from './manual-clock';
import { arnOf, machine, start } from './machines';

const ROLE = 'arn:aws:iam::123456789012:role/any';

const answering = (output: unknown): string =>
  machine('m', { Answer: { Type: 'Pass', Output: output, End: true } }).definition;
const TWO_WAITS = machine('m', {
  First: { Type: 'Wait', Seconds: 600, Next: 'Second' },
  Second: { Type: 'Wait', Seconds: 600, End: true },
}).definition;

// What the recordings say: github.com/localstack/localstack tests/aws/services/stepfunctions/v2/test_sfn_api.snapshot.json,
// test_sfn_api_logs.snapshot.json and test_sfn_api_validation.snapshot.json.
describe('state machines, through the AWS SDK', () => {
  let stepFunctions: StepFunctions;
  let server: ApiServer;
  let client: SFNClient;
  let clock: ManualClock;

  beforeEach(async () => {
    clock = manualClock();
    stepFunctions = start([], { clock });
    server = await serveApi(stepFunctions);
    client = server.client;
  });

  afterEach(() => server.close());

  const create = (name: string, definition: string, more: object = {}) =>
    client.send(new CreateStateMachineCommand({ name, definition, roleArn: ROLE, type: 'EXPRESS', ...more }));

  it('a created machine is described, listed and executed', async () => {
    const { stateMachineArn, creationDate } = await create('made', answering(1));

    const described = await client.send(new DescribeStateMachineCommand({ stateMachineArn }));
    const { stateMachines } = await client.send(new ListStateMachinesCommand({}));
    const { output } = await client.send(new StartSyncExecutionCommand({ stateMachineArn }));

    expect(stateMachineArn).toBe(arnOf('made'));
    expect(described).toMatchObject({
      name: 'made',
      type: 'EXPRESS',
      status: 'ACTIVE',
      roleArn: ROLE,
      definition: answering(1),
      creationDate,
      loggingConfiguration: { level: 'OFF', includeExecutionData: false },
      tracingConfiguration: { enabled: false },
    });
    expect(described.revisionId).toBeUndefined();
    expect(stateMachines).toEqual([{ stateMachineArn, name: 'made', type: 'EXPRESS', creationDate }]);
    expect(output).toBe('1');
  });

  it('is Standard where nothing is said', async () => {
    const { stateMachineArn } = await create('made', answering(1), { type: undefined });

    expect((await client.send(new DescribeStateMachineCommand({ stateMachineArn }))).type).toBe('STANDARD');
  });

  it('creating the same again gives the same, whatever the role', async () => {
    const first = await create('made', answering(1));
    const second = await create('made', answering(1), { roleArn: `${ROLE}-2` });

    expect(second).toMatchObject({ stateMachineArn: first.stateMachineArn, creationDate: first.creationDate });
  });

  it('an update holds for later executions, and an earlier one tells what it ran', async () => {
    const { stateMachineArn } = await create('made', answering('old'), { type: 'STANDARD' });
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn }));
    await stepFunctions.waitFor(executionArn ?? '');

    const update = await client.send(new UpdateStateMachineCommand({ stateMachineArn, definition: answering('new') }));
    const next = await client.send(new StartExecutionCommand({ stateMachineArn }));

    expect((await stepFunctions.waitFor(next.executionArn ?? '')).output?.value).toBe('new');
    expect(update.revisionId).toMatch(/^[\da-f-]{36}$/);
    const described = await client.send(new DescribeStateMachineCommand({ stateMachineArn }));
    expect(described).toMatchObject({ definition: answering('new'), roleArn: ROLE, revisionId: update.revisionId });
    const ran = await client.send(new DescribeStateMachineForExecutionCommand({ executionArn }));
    expect(ran).toMatchObject({
      stateMachineArn,
      name: 'made',
      definition: answering('old'),
      roleArn: ROLE,
      updateDate: described.creationDate,
      loggingConfiguration: { level: 'OFF', includeExecutionData: false },
      tracingConfiguration: { enabled: false },
    });
    expect(ran.revisionId).toBeUndefined();
  });

  it('an update changes the log, and takes it away', async () => {
    const destinations = [{ cloudWatchLogsLogGroup: { logGroupArn: 'arn:aws:logs:eu-west-1:1:log-group:g:*' } }];
    const { stateMachineArn } = await create('made', answering(1));
    const update = (loggingConfiguration: object) =>
      client.send(new UpdateStateMachineCommand({ stateMachineArn, loggingConfiguration }));
    const describeLog = async () =>
      (await client.send(new DescribeStateMachineCommand({ stateMachineArn }))).loggingConfiguration;

    await update({ level: 'FATAL', includeExecutionData: true, destinations });
    const logged = await describeLog();
    await update({ level: 'OFF' });

    expect(logged).toMatchObject({ level: 'FATAL', includeExecutionData: true });
    expect(logged?.destinations?.[0]?.cloudWatchLogsLogGroup?.logGroupArn).toMatch(/:log-group:g:\*$/);
    expect(await describeLog()).toEqual({ level: 'OFF', includeExecutionData: false });
  });

  it('a deleted machine is gone, and what it executed stays', async () => {
    const { stateMachineArn } = await create('made', answering(1), { type: 'STANDARD' });
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn }));
    await stepFunctions.waitFor(executionArn ?? '');

    await client.send(new DeleteStateMachineCommand({ stateMachineArn }));

    await expect(client.send(new DescribeStateMachineCommand({ stateMachineArn }))).rejects.toMatchObject({
      name: 'StateMachineDoesNotExist',
      message: `State Machine Does Not Exist: '${arnOf('made')}'`,
    });
    await expect(client.send(new ListExecutionsCommand({ stateMachineArn }))).rejects.toMatchObject({
      name: 'StateMachineDoesNotExist',
    });
    expect((await client.send(new DescribeExecutionCommand({ executionArn }))).status).toBe('SUCCEEDED');
  });

  it('a machine that is deleted while it executes ends its executions at their next state', async () => {
    const { stateMachineArn } = await create('made', TWO_WAITS, { type: 'STANDARD' });
    const { executionArn = '' } = await client.send(new StartExecutionCommand({ stateMachineArn }));

    await client.send(new DeleteStateMachineCommand({ stateMachineArn }));

    const { status } = await client.send(new DescribeStateMachineCommand({ stateMachineArn }));
    expect(status).toBe('DELETING');
    expect((await client.send(new DescribeExecutionCommand({ executionArn }))).status).toBe('RUNNING');
    for (const call of [
      () => client.send(new StartExecutionCommand({ stateMachineArn })),
      () => client.send(new UpdateStateMachineCommand({ stateMachineArn, roleArn: ROLE })),
      () => create('made', TWO_WAITS),
    ]) {
      await expect(call()).rejects.toMatchObject({ name: 'StateMachineDeleting' });
    }
    await clock.advance(600_000);
    expect((await stepFunctions.waitFor(executionArn)).status).toBe('ABORTED');
    await expect(client.send(new DescribeStateMachineCommand({ stateMachineArn }))).rejects.toThrow(/Does Not Exist/);
  });

  it('deleting what is not there is no error', async () => {
    await expect(client.send(new DeleteStateMachineCommand({ stateMachineArn: arnOf('none') }))).resolves.toBeDefined();
  });

  it('lists go by pages that hold while entries are added', async () => {
    const { stateMachineArn } = await create('b', answering(1), { type: 'STANDARD' });
    for (const name of ['c', 'a']) await create(name, answering(1));
    const execute = (name: string) => client.send(new StartExecutionCommand({ stateMachineArn, name }));
    for (const name of ['1', '2', '3']) await execute(name);
    const executions = (more: object) =>
      client.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 2, ...more }));

    const machines = await client.send(new ListStateMachinesCommand({ maxResults: 2 }));
    const rest = await client.send(new ListStateMachinesCommand({ maxResults: 2, nextToken: machines.nextToken }));
    const first = await executions({});
    await execute('4');
    const second = await executions({ nextToken: first.nextToken });

    expect([machines, rest].map((page) => page.stateMachines?.map(({ name }) => name))).toEqual([['a', 'b'], ['c']]);
    expect(rest.nextToken).toBeUndefined();
    expect([first, second].map((page) => page.executions?.map(({ name }) => name))).toEqual([['3', '2'], ['1']]);
  });

  it.each([
    ['not a definition', 'INVALID_JSON_DESCRIPTION'],
    ['{"StartAt":"A"}', 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /'],
    ['{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}', "State 'A' is a JSONPath state"],
  ])('refuses to create %s', async (definition, problem) => {
    const refused = create('made', definition);

    await expect(refused).rejects.toMatchObject({
      name: 'InvalidDefinition',
      message: expect.stringContaining(`Invalid State Machine Definition: '`) as unknown,
    });
    await expect(refused).rejects.toThrow(problem);
  });

  it('refuses calls in AWS’s words', async () => {
    const { stateMachineArn } = await create('made', answering(1));
    const update = (more: object) => client.send(new UpdateStateMachineCommand({ stateMachineArn, ...more }));

    await expect(create('made', answering(2))).rejects.toMatchObject({
      name: 'StateMachineAlreadyExists',
      message: `State Machine Already Exists: '${arnOf('made')}'`,
    });
    await expect(create('other', answering(1), { versionDescription: 'first' })).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Version description can only be set when publish is true',
    });
    await expect(create('other', answering('x'.repeat(2 ** 20)))).rejects.toMatchObject({
      name: 'ValidationException',
      message:
        "1 validation error detected: Value at 'definition' failed to satisfy constraint: Member must have length less than or equal to 1048576",
    });
    await expect(create('a b', answering(1))).rejects.toMatchObject({
      name: 'InvalidName',
      message: "Invalid Name: 'a b'",
    });
    await expect(create('other', answering(1), { roleArn: 'nobody' })).rejects.toMatchObject({
      name: 'InvalidArn',
      message: "Invalid Arn: 'Invalid ARN prefix: nobody'",
    });
    await expect(create('other', answering(1), { loggingConfiguration: { level: 'ALL' } })).rejects.toMatchObject({
      name: 'InvalidLoggingConfiguration',
      message: 'Invalid Logging Configuration: Must specify exactly one Log Destination.',
    });
    await expect(update({})).rejects.toMatchObject({
      name: 'MissingRequiredParameter',
      message:
        'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified',
    });
    await expect(update({ definition: '{}' })).rejects.toMatchObject({ name: 'InvalidDefinition' });
    await expect(client.send(new ListStateMachinesCommand({ nextToken: 'x'.repeat(1025) }))).rejects.toThrow(
      /at 'nextToken' failed to satisfy constraint: Member must have length less than or equal to 1024/,
    );
  });

  it.each([
    [{ publish: true }, /'publish'/],
    [{ tags: [{ key: 'a', value: 'b' }] }, /'tags'/],
    [{ tracingConfiguration: { enabled: true } }, /'tracingConfiguration'/],
    [{ encryptionConfiguration: { type: 'CUSTOMER_MANAGED_KMS_KEY', kmsKeyId: 'k' } }, /'encryptionConfiguration'/],
  ])('refuses by name what is not emulated: %j', async (more, name) => {
    await expect(create('made', answering(1), more)).rejects.toThrow(name);
  });

  describe('ValidateStateMachineDefinition', () => {
    const validate = (definition: string, more: object = {}) =>
      client.send(new ValidateStateMachineDefinitionCommand({ definition, ...more }));

    it('finds nothing in a good definition', async () => {
      expect(await validate(answering(1))).toMatchObject({ result: 'OK', diagnostics: [], truncated: false });
    });

    it.each([
      ['""', 'SCHEMA_VALIDATION_FAILED', 'Definition must be a valid JSON object', undefined],
      [
        'not a definition',
        'INVALID_JSON_DESCRIPTION',
        "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at [Source: (String)\"not a definition\"; line: 1, column: 4]",
        '[Source: (String)"not a definition"; line: 1, column: 4]',
      ],
      ['{}', 'SCHEMA_VALIDATION_FAILED', 'These fields are required: [States, StartAt]', '/'],
      [
        '{"QueryLanguage":"JSONata","States":{"P":{"Type":"Pass","End":true}}}',
        'SCHEMA_VALIDATION_FAILED',
        'These fields are required: [StartAt]',
        '/',
      ],
      [
        '{"QueryLanguage":"JSONata","StartAt":"Pass","States":{"Pass":{"QueryLanguage":"JSONPath","Type":"Pass","End":true}}}',
        'SCHEMA_VALIDATION_FAILED',
        "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
        '/States/Pass',
      ],
    ])('tells what is wrong with %s', async (definition, code, message, location) => {
      expect(await validate(definition)).toMatchObject({
        result: 'FAIL',
        truncated: false,
        diagnostics: [{ severity: 'ERROR', code, message, ...(location !== undefined && { location }) }],
      });
    });

    it('knows what Express machines may not call', async () => {
      const { definition } = machine('m', {
        Send: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', End: true },
      });

      expect((await validate(definition, { type: 'EXPRESS' })).diagnostics).toEqual([
        {
          severity: 'ERROR',
          code: 'SCHEMA_VALIDATION_FAILED',
          message: "Express state machine does not support '.waitForTaskToken' service integration ",
          location: '/States/Send/Resource',
        },
      ]);
    });

    it('tells of every state, as far as maxResults lets it', async () => {
      const { definition } = machine('m', {
        A: { Type: 'Pass' },
        B: { Type: 'Pass', Next: 'D' },
        D: { Type: 'Wait', End: true },
      });

      const all = await validate(definition);
      const first = await validate(definition, { maxResults: 1 });

      expect(all.diagnostics?.map(({ location }) => location)).toEqual(['/States/A', '/States/D']);
      expect(first).toMatchObject({ diagnostics: [{ location: '/States/A' }], truncated: true });
    });
  });
});
