import { createLogs } from '../../../cloudwatch/logs';
import { executionLogs } from '../../../console/executions/execution-logs';
import type { LogPart } from '../../../console/shapes';
import { lambdaIntegrations, startStepFunctions } from '../../../step-functions';
import { instantClock } from '../../step-functions/instant-clock';
import { arnOf, machine } from '../../step-functions/machines';

const CALL = 'arn:aws:lambda:eu-west-1:123456789012:function:Call';
const GROUP = '/aws/lambda/Call';

/** Executes a machine whose function fails `failures` times, and gives what the console shows of the logs. */
async function logsOf(
  level: 'ALL' | 'ERROR',
  { failures = 0, includeExecutionData = true, keep = 1000 } = {},
): Promise<readonly LogPart[]> {
  const logs = createLogs({ keep });
  let calls = 0;
  const line = (stream: string, message: string): void => logs.put(GROUP, stream, `${message}\n`);
  const stepFunctions = startStepFunctions({
    region: 'eu-west-1',
    account: '123456789012',
    stateMachines: [
      machine(
        'M',
        {
          A: {
            Type: 'Task',
            Resource: CALL,
            Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 1, MaxAttempts: 1 }],
            End: true,
          },
        },
        { logging: { level, includeExecutionData, logGroupName: 'executions' } },
      ),
    ],
    clock: instantClock(),
    integrations: lambdaIntegrations((_, payload, __, onAccepted) => {
      const requestId = `call-${(calls += 1)}`;
      onAccepted?.({ requestId, logGroupName: GROUP });
      if (calls === 1) line('one', 'INIT_START');
      line('one', `START RequestId: ${requestId} Version: $LATEST`);
      line('two', 'START RequestId: other Version: $LATEST');
      line('one', `said by ${requestId}`);
      line('two', 'said by another');
      line('two', 'REPORT RequestId: other');
      line('one', `REPORT RequestId: ${requestId}`);
      const failure = { payload: '{"errorType":"Busy"}', functionError: 'Unhandled' };
      return Promise.resolve(calls <= failures ? failure : { payload });
    }),
    writeLog: (group, log, number, type) => logs.putLater(group, 'executions', log, number, type),
  });
  await stepFunctions.startSyncExecution({ stateMachineArn: arnOf('M') });
  const { executionArn } = await stepFunctions.startSyncExecution({ stateMachineArn: arnOf('M'), input: '{"mine":1}' });
  const execution = await stepFunctions.waitFor(executionArn);
  await stepFunctions.close();
  return executionLogs(execution, logs).parts;
}

const messages = (part: LogPart | undefined): string[] => part?.lines.map(({ message }) => message) ?? [];

describe('the logs of an execution', () => {
  it('have the lines of its invocation, from START to REPORT', async () => {
    const [own] = await logsOf('ALL');

    expect(own).toMatchObject({ title: 'Function', group: GROUP });
    expect(messages(own)).toEqual([
      'START RequestId: call-2 Version: $LATEST',
      'said by call-2',
      'REPORT RequestId: call-2',
    ]);
  });

  it('have its own events, and no other execution’s', async () => {
    const [, events] = await logsOf('ALL');

    expect(events).toMatchObject({ title: 'Execution', group: 'executions' });
    expect(messages(events)[0]).toContain('\\"mine\\":1');
    expect(messages(events).filter((message) => message.includes('"ExecutionStarted"'))).toHaveLength(1);
  });

  it('say what the level and the settings leave out', async () => {
    const [, events] = await logsOf('ERROR', { includeExecutionData: false });

    expect(events?.note).toBe(
      "The level is ERROR: other events aren't logged. Inputs and outputs are left out, as the state machine asks.",
    );
  });

  it('say when they have dropped off', async () => {
    const [, own] = await logsOf('ALL', { keep: 0 });

    expect(own?.lines.map(({ message }) => message)).toEqual([]);
    expect(own?.note).toContain('dropped off');
  });
});
