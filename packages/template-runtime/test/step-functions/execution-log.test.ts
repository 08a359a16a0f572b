import type { Logging } from '../../step-functions/execution/log';
import { arnOf, machine, start } from './machines';

const STATES = {
  Count: { Type: 'Pass', Output: { n: '{% $states.input.n + 1 %}' }, Assign: { secret: 1 }, Next: 'Stop' },
  Stop: { Type: 'Fail', Error: 'SomeFailure', Cause: 'because' },
};

async function logged(level: Logging['level'], includeExecutionData: boolean): Promise<Record<string, unknown>[]> {
  const messages: string[] = [];
  const logging = { level, includeExecutionData, logGroupName: 'the-group' };
  const stepFunctions = start([machine('m', STATES, { logging })], {
    writeLog: (group, log, number) => {
      if (group === 'the-group') messages.push(log.print(number));
    },
  });
  await stepFunctions.startSyncExecution({ stateMachineArn: arnOf('m'), input: '{"n":1}' });
  return messages.map((message) => JSON.parse(message) as Record<string, unknown>);
}

/** Changes a document all through. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Object.values(value).forEach(spoil);
  Object.assign(value, { spoilt: true });
}

// Recorded in github.com/localstack/localstack tests/aws/services/stepfunctions/v2/logs/test_logs.snapshot.json
describe('the execution log', () => {
  it.each([
    ['ALL', ['ExecutionStarted', 'PassStateEntered', 'PassStateExited', 'FailStateEntered', 'ExecutionFailed']],
    ['ERROR', ['FailStateEntered', 'ExecutionFailed']],
    ['FATAL', ['ExecutionFailed']],
    ['OFF', []],
  ] as const)('has at level %s the events %j', async (level, types) => {
    const events = await logged(level, true);

    expect(events.map(({ type }) => type)).toEqual(types);
  });

  it('writes payloads as JSON in strings, and numbers as strings', async () => {
    const [, , exited] = await logged('ALL', true);

    expect(exited).toEqual({
      id: '3',
      type: 'PassStateExited',
      details: {
        name: 'Count',
        output: '{"n":2}',
        outputDetails: { truncated: false },
        assignedVariables: { secret: '1' },
        assignedVariablesDetails: { truncated: false },
      },
      previous_event_id: '2',
      event_timestamp: expect.stringMatching(/^\d{13}$/) as unknown,
      execution_arn: expect.stringMatching(
        /^arn:aws:states:eu-west-1:123456789012:express:m:[\w-]+:[\w-]+$/,
      ) as unknown,
      redrive_count: '0',
    });
  });

  it('leaves execution data out where it should, but not errors', async () => {
    const details = (await logged('ALL', false)).map((event) => event.details);

    expect(details).toEqual([
      { roleArn: 'arn:aws:iam::123456789012:role/m' },
      { name: 'Count' },
      { name: 'Count' },
      { name: 'Stop' },
      { error: 'SomeFailure', cause: 'because' },
    ]);
  });

  it('gives an event unprinted as it is printed, and of the reader’s own', async () => {
    const [documents, texts]: [Record<string, unknown>[], string[]] = [[], []];
    const logging = { level: 'ALL', includeExecutionData: true, logGroupName: 'the-group' } as const;
    const stepFunctions = start([machine('m', STATES, { logging })], {
      writeLog: (_, log, number) => {
        const read = log.document(number);
        documents.push(structuredClone(read));
        spoil(read);
        texts.push(log.print(number));
      },
    });

    await stepFunctions.startSyncExecution({ stateMachineArn: arnOf('m'), input: '{"n":1}' });

    expect(documents).toStrictEqual(texts.map((text) => JSON.parse(text) as unknown));
    expect(documents).toHaveLength(5);
  });
});
