import { readVisits } from '../../../console/executions/visits';
import type { StateVisit } from '../../../console/shapes';
import { startStepFunctions, TaskError } from '../../../step-functions';
import { instantClock } from '../../step-functions/instant-clock';
import { arnOf, machine } from '../../step-functions/machines';

const functionArn = (name: string): string => `arn:aws:lambda:eu-west-1:123456789012:function:${name}`;
const CALL = functionArn('Call');
/** Never answers. */
const HANG = functionArn('Hang');
/** Answers once somebody hangs. */
const WATCH = functionArn('Watch');

/** Executes a machine of these states; a task fails as often as its argument says. */
async function execute(states: Readonly<Record<string, unknown>>, input: unknown = {}): Promise<readonly StateVisit[]> {
  let calls = 0;
  let hangs = (): void => undefined;
  const hanging = new Promise<void>((resolve) => (hangs = resolve));
  const stepFunctions = startStepFunctions({
    region: 'eu-west-1',
    account: '123456789012',
    clock: instantClock(),
    stateMachines: [machine('M', states, { type: 'STANDARD' })],
    integrations: {
      [CALL]: ({ arguments: call }) => {
        calls += 1;
        const { failures } = call as { failures: number };
        return calls > failures ? Promise.resolve('done') : Promise.reject(new TaskError('Busy', `call ${calls}`));
      },
      [HANG]: () => {
        hangs();
        return new Promise(() => undefined);
      },
      [WATCH]: () => hanging.then(() => 'hangs'),
    },
  });
  const { executionArn } = await stepFunctions.startExecution({
    stateMachineArn: arnOf('M'),
    input: JSON.stringify(input),
  });
  const execution = await stepFunctions.waitFor(executionArn);
  const { visits } = readVisits(execution, stepFunctions.history(executionArn));
  await stepFunctions.close();
  return visits;
}

const inShort = (visits: readonly StateVisit[]): string[] => visits.map(({ name, status }) => `${name}: ${status}`);
const task = (failures: number, more: object = {}): object => ({
  Type: 'Task',
  Resource: CALL,
  Arguments: { failures },
  ...more,
});
const RETRY = { Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 2 }] };
const failBranch = { StartAt: 'Break', States: { Break: { Type: 'Fail', Error: 'Broken', Cause: 'It broke' } } };
const passBranch = {
  StartAt: 'Go on',
  States: { 'Go on': { Type: 'Wait', Seconds: 1, Next: 'Later' }, Later: { Type: 'Succeed' } },
};

describe('the visits that a history tells of', () => {
  it('have input, arguments, result and output', async () => {
    const [visit] = await execute({ A: task(0, { Output: '{% $states.result & "!" %}', End: true }) }, { x: 1 });

    expect(visit).toMatchObject({
      status: 'succeeded',
      type: 'Task',
      input: '{"x":1}',
      arguments: '{"failures":0}',
      result: '"done"',
      output: '"done!"',
      retries: 0,
    });
    expect(visit).not.toHaveProperty('error');
  });

  it('have each call with its time, and what was called', async () => {
    const [visit] = await execute({ A: task(1, { ...RETRY, End: true }) });

    expect(visit?.resource).toBe(CALL);
    expect(visit?.attempts.map(({ fromMs, toMs = 0 }) => [fromMs >= visit.enteredMs, toMs >= fromMs])).toEqual([
      [true, true],
      [true, true],
    ]);
  });

  it('count the retries, whether the last one succeeded', async () => {
    const [visit] = await execute({ A: task(2, { ...RETRY, End: true }) });

    expect(visit).toMatchObject({ status: 'succeeded', retries: 2 });
  });

  it('… or failed', async () => {
    const [visit] = await execute({ A: task(9, { ...RETRY, End: true }) });

    expect(visit).toMatchObject({ status: 'failed', retries: 2, error: 'Busy', cause: 'call 3' });
    expect(visit).not.toHaveProperty('exitedMs');
  });

  it('distinguish a caught error from a success', async () => {
    const states = {
      A: task(9, { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }], End: true }),
      B: { Type: 'Succeed' },
    };

    const visits = await execute(states);

    expect(inShort(visits)).toEqual(['A: caught', 'B: succeeded']);
    expect(visits[0]).toMatchObject({ error: 'Busy', cause: 'call 1', retries: 0 });
  });

  it('show an evaluation that failed, whose event comes before the state', async () => {
    const visits = await execute({
      A: { Type: 'Pass', Next: 'B' },
      B: { Type: 'Pass', Output: '{% $nothing() %}', End: true },
    });

    expect(inShort(visits)).toEqual(['A: succeeded', 'B: failed']);
    expect(visits[1]).toMatchObject({ error: 'States.QueryEvaluationError' });
  });

  it('show the variables before and those that were set', async () => {
    const visits = await execute({
      A: { Type: 'Pass', Assign: { a: 1, b: [2] }, Next: 'B' },
      B: {
        Type: 'Parallel',
        Branches: [{ StartAt: 'C', States: { C: { Type: 'Pass', Assign: { c: 3 }, End: true } } }],
        Assign: { a: 4 },
        Next: 'D',
      },
      D: { Type: 'Pass', End: true },
    });

    expect(visits.map(({ name, variables, assigned }) => [name, variables, assigned])).toEqual([
      ['A', {}, { a: '1', b: '[2]' }],
      ['B', { a: '1', b: '[2]' }, { a: '4' }],
      ['C', { a: '1', b: '[2]' }, { c: '3' }],
      ['D', { a: '4', b: '[2]' }, {}],
    ]);
  });

  it('fail a Parallel state with the branch that failed, and abort the others', async () => {
    const visits = await execute({
      A: { Type: 'Parallel', Branches: [passBranch, failBranch], End: true },
    });

    expect(inShort(visits).sort()).toEqual(['A: failed', 'Break: failed', 'Go on: aborted']);
    expect(visits[0]).toMatchObject({ error: 'Broken', cause: 'It broke' });
  });

  it('count the tries of a Parallel state that is caught at last', async () => {
    const visits = await execute({
      A: {
        Type: 'Parallel',
        Branches: [failBranch],
        Retry: [{ ErrorEquals: ['Broken'], MaxAttempts: 1 }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }],
        End: true,
      },
      B: { Type: 'Succeed' },
    });

    expect(inShort(visits)).toEqual(['A: caught', 'Break: failed', 'Break: failed', 'B: succeeded']);
    expect(visits[0]).toMatchObject({ retries: 1 });
  });

  it('tell which of two nested Parallel states failed', async () => {
    const visits = await execute({
      Outer: {
        Type: 'Parallel',
        Branches: [
          {
            StartAt: 'Inner',
            States: { Inner: { Type: 'Parallel', Branches: [failBranch], End: true } },
          },
        ],
        Catch: [{ ErrorEquals: ['Broken'], Next: 'End' }],
        End: true,
      },
      End: { Type: 'Succeed' },
    });

    expect(inShort(visits)).toEqual(['Outer: caught', 'Inner: failed', 'Break: failed', 'End: succeeded']);
  });

  it('give a Fail state in a branch its error, which only the state around it is told to have', async () => {
    const visits = await execute({ A: { Type: 'Parallel', Branches: [failBranch], End: true } });

    expect(visits.map(({ name, error, cause }) => [name, error, cause])).toEqual([
      ['A', 'Broken', 'It broke'],
      ['Break', 'Broken', 'It broke'],
    ]);
  });

  it('number the iterations of a Map state', async () => {
    const processor = { StartAt: 'Each', States: { Each: { Type: 'Pass', Next: 'Then' }, Then: { Type: 'Succeed' } } };

    const visits = await execute({
      A: { Type: 'Map', Items: [7, 8], MaxConcurrency: 1, ItemProcessor: processor, End: true },
    });

    expect(visits.map(({ name, iteration, input }) => [name, iteration, input])).toEqual([
      ['A', undefined, '{}'],
      ['Each', 0, '7'],
      ['Then', 0, '7'],
      ['Each', 1, '8'],
      ['Then', 1, '8'],
    ]);
  });

  it('fail the iteration that failed, and abort the others', async () => {
    const processor = {
      StartAt: 'Which?',
      States: {
        'Which?': {
          Type: 'Choice',
          Choices: [{ Condition: '{% $states.input = 1 %}', Next: 'Watch' }],
          Default: 'Hang',
        },
        Watch: { Type: 'Task', Resource: WATCH, Next: 'Break' },
        Break: { Type: 'Fail', Error: 'Broken' },
        Hang: { Type: 'Task', Resource: HANG, End: true },
      },
    };

    const visits = await execute({ A: { Type: 'Map', Items: [0, 1], ItemProcessor: processor, End: true } });

    expect(inShort(visits)).toContain('Break: failed');
    expect(inShort(visits)).toContain('Hang: aborted');
    expect(visits[0]).toMatchObject({ status: 'failed', error: 'Broken' });
  });
});
