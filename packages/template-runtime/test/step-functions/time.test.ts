import { TaskError } from '../../step-functions';
import type { Scope } from '../../scope';
import type { Integration } from '../../step-functions';
import { delaySeconds, matches } from '../../step-functions/execution/retry-catch';
import type { Retrier } from '../../step-functions/execution/retry-catch';
import { instantClock } from './instant-clock';
import { arnOf, inShort, machine, start } from './machines';
import { manualClock } from './manual-clock';

const TASK = 'arn:aws:states:::test:call';
const silent: Integration = () => new Promise(() => undefined);
const failing: Integration = () => Promise.reject(new TaskError('Test.Busy', 'try again'));
const task = (more: object) => ({ Call: { Type: 'Task', Resource: TASK, End: true, ...more } });

describe('retries', () => {
  const retrier: Retrier = {
    errorEquals: ['States.ALL'],
    intervalSeconds: 2,
    backoffRate: 3,
    maxAttempts: 5,
    fullJitter: false,
  };

  it('wait as the page on error handling says: interval, backed off, capped, jittered', () => {
    const delays = [0, 1, 2, 3].map((retry) => delaySeconds({ ...retrier, maxDelaySeconds: 20 }, retry, () => 0.5));
    const jittered = [0, 1].map((retry) => delaySeconds({ ...retrier, fullJitter: true }, retry, () => 0.5));

    expect(delays).toEqual([2, 6, 18, 20]);
    expect(jittered).toEqual([1, 3]);
  });

  it('come as often as each retrier allows, then the error counts', async () => {
    const clock = instantClock();
    const retry = [{ ErrorEquals: ['Test.Busy'], IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2 }];
    const stepFunctions = start([machine('m', task({ Retry: retry }), { type: 'STANDARD' })], {
      clock,
      integrations: { [TASK]: failing },
    });

    const { executionArn } = await stepFunctions.startExecution({ stateMachineArn: arnOf('m') });
    const execution = await stepFunctions.waitFor(executionArn);

    expect(execution).toMatchObject({ status: 'FAILED', error: 'Test.Busy', cause: 'try again' });
    expect(clock.delays).toEqual([1000, 2000, 4000]);
  });

  it.each([
    [['States.ALL'], 'Anything', true],
    [['States.ALL'], undefined, true],
    [['States.ALL'], 'States.Timeout', true],
    [['States.ALL'], 'States.Runtime', false],
    [['States.Runtime'], 'States.Runtime', false],
    [['States.ALL'], 'States.DataLimitExceeded', false],
    [['States.DataLimitExceeded'], 'States.DataLimitExceeded', true],
    [['States.TaskFailed'], 'Anything', true],
    [['States.TaskFailed'], 'States.Timeout', false],
    [['A', 'B'], 'B', true],
    [['A'], 'a', false],
  ])('and catches by %j match the error %s: %s', (names, error, expected) => {
    expect(matches(names, error)).toBe(expected);
  });
});

describe('TimeoutSeconds', () => {
  it('of a task ends it with States.Timeout, and the call is abandoned', async () => {
    const clock = manualClock();
    let scope: Scope | undefined;
    const stepFunctions = start([machine('m', task({ TimeoutSeconds: 5 }))], {
      clock,
      integrations: {
        [TASK]: (call) => {
          scope = call.scope;
          return silent(call);
        },
      },
    });

    const execution = stepFunctions.startSyncExecution({ stateMachineArn: arnOf('m') });
    await clock.waiting(2); // the machine's own limit is one
    await clock.advance(5000);
    const { executionArn, ...rest } = await execution;

    expect(rest).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(rest.cause).toBeUndefined();
    expect(scope?.reason).toMatchObject({ error: 'States.Timeout' });
    expect(inShort(stepFunctions, executionArn)).toEqual([
      'ExecutionStarted <- 0',
      'TaskStateEntered <- 0',
      'TaskScheduled <- 2',
      'TaskStarted <- 3',
      'TaskTimedOut <- 4',
      'ExecutionFailed <- 5',
    ]);
    expect(stepFunctions.history(executionArn)[2]?.details).toMatchObject({ timeoutInSeconds: 5 });
  });

  it('of a task is caught with an empty cause', async () => {
    const clock = manualClock();
    const states = {
      ...task({ TimeoutSeconds: 1, Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Late' }] }),
      Late: { Type: 'Succeed' },
    };
    const stepFunctions = start([machine('m', states)], { clock, integrations: { [TASK]: silent } });

    const execution = stepFunctions.startSyncExecution({ stateMachineArn: arnOf('m') });
    await clock.waiting(2); // the machine's own limit is one
    await clock.advance(1000);

    expect((await execution).output).toBe('{"Error":"States.Timeout","Cause":""}');
  });

  it('of the machine ends it as timed out, whatever it waits for', async () => {
    const clock = manualClock();
    const wait = { Wait: { Type: 'Wait', Seconds: 60, End: true } };
    const stepFunctions = start([machine('m', wait, { timeoutSeconds: 10 })], { clock });

    const execution = stepFunctions.startSyncExecution({ stateMachineArn: arnOf('m') });
    await clock.waiting(2); // the machine's own limit is one
    await clock.advance(10_000);
    const { executionArn, status, output } = await execution;

    expect({ status, output }).toEqual({ status: 'TIMED_OUT', output: undefined });
    expect(inShort(stepFunctions, executionArn).at(-1)).toBe('ExecutionTimedOut <- 0');
    expect(clock.pending).toEqual([]);
  });

  it('is five minutes for an Express machine at most', async () => {
    const clock = manualClock();
    const stepFunctions = start([machine('m', { Wait: { Type: 'Wait', Seconds: 900, End: true } })], { clock });

    const execution = stepFunctions.startSyncExecution({ stateMachineArn: arnOf('m') });
    await clock.waiting(2); // the machine's own limit is one
    await clock.advance(300_000);

    expect(await execution).toMatchObject({ status: 'TIMED_OUT' });
  });

  it('of many tasks in a Map aborts the iterations in the order that AWS was seen to use', async () => {
    const clock = manualClock();
    const states = {
      Each: {
        Type: 'Map',
        Items: [1, 2, 3],
        ItemProcessor: { StartAt: 'Call', States: task({ TimeoutSeconds: 5 }) },
        End: true,
      },
    };
    const stepFunctions = start([machine('m', states)], { clock, integrations: { [TASK]: silent } });

    const execution = stepFunctions.startSyncExecution({ stateMachineArn: arnOf('m') });
    await clock.waiting(4); // the machine's own limit is one
    await clock.advance(5000);
    const { executionArn, error } = await execution;

    expect(error).toBe('States.Timeout');
    expect(inShort(stepFunctions, executionArn).slice(2, 6)).toEqual([
      'MapStateStarted <- 2',
      'MapIterationStarted <- 3',
      'MapIterationStarted <- 3',
      'MapIterationStarted <- 3',
    ]);
    const failure = inShort(stepFunctions, executionArn).slice(-8);
    const timedOut = failure[0]?.match(/\d+$/)?.[0];
    expect(failure.map((event) => event.replace(/ <- .*/, ''))).toEqual([
      'MapIterationFailed',
      'TaskStateAborted',
      'MapIterationAborted',
      'TaskStateAborted',
      'MapIterationAborted',
      'TaskStateAborted',
      'MapStateFailed',
      'ExecutionFailed',
    ]);
    expect(failure.slice(0, 7).every((event) => event.endsWith(` <- ${timedOut}`))).toBe(true);
  });
});

describe('a Wait state', () => {
  it('waits for its seconds', async () => {
    const clock = manualClock();
    const states = { Wait: { Type: 'Wait', Seconds: '{% $states.input.s %}', End: true } };
    const stepFunctions = start([machine('m', states, { type: 'STANDARD' })], { clock });

    const { executionArn } = await stepFunctions.startExecution({ stateMachineArn: arnOf('m'), input: '{"s":7}' });
    await clock.waiting();
    const pending = clock.pending;
    await clock.advance(7000);

    expect(pending).toEqual([7000]);
    expect((await stepFunctions.waitFor(executionArn)).status).toBe('SUCCEEDED');
  });

  it('waits until its timestamp', async () => {
    const clock = manualClock();
    const states = { Wait: { Type: 'Wait', Timestamp: '2026-01-01T01:00:00+00:30', End: true } };
    const stepFunctions = start([machine('m', states, { type: 'STANDARD' })], { clock });

    await stepFunctions.startExecution({ stateMachineArn: arnOf('m') });
    await clock.waiting();

    expect(clock.pending).toEqual([30 * 60 * 1000]);
    await stepFunctions.close();
  });
});
