import { executionDetails } from '../../../console/executions/execution-details';
import type { ExecutionDetails } from '../../../console/shapes';
import { startStepFunctions, type StepFunctions, TaskError } from '../../../step-functions';
import { instantClock } from '../../step-functions/instant-clock';
import { arnOf, machine } from '../../step-functions/machines';

const CALL = 'arn:aws:lambda:eu-west-1:123456789012:function:Call';
const HANG = 'arn:aws:lambda:eu-west-1:123456789012:function:Hang';
const CAUGHT = { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Clean up' }], Next: 'Clean up' };
const END = { 'Clean up': { Type: 'Pass', Next: 'Done' }, Done: { Type: 'Succeed' } };
const FAIL = { Type: 'Fail', Error: 'Broken', Cause: 'It broke' };

let stepFunctions: StepFunctions;
afterEach(() => stepFunctions.close());

/** Starts a machine of these states. @returns what the console is told */
async function start(states: Readonly<Record<string, unknown>>, input: unknown = {}): Promise<() => ExecutionDetails> {
  stepFunctions = startStepFunctions({
    region: 'eu-west-1',
    account: '123456789012',
    clock: instantClock(),
    stateMachines: [machine('M', states, { type: 'STANDARD' })],
    integrations: {
      [CALL]: () => Promise.reject(new TaskError('Busy', 'Come back later')),
      [HANG]: () => new Promise(() => undefined),
    },
  });
  await stepFunctions.startExecution({ stateMachineArn: arnOf('M'), input: JSON.stringify(input) });
  return () => {
    const [execution] = stepFunctions.executions();
    if (!execution) throw new Error('it has been started');
    return executionDetails(execution);
  };
}

async function ended(states: Readonly<Record<string, unknown>>, input: unknown = {}): Promise<ExecutionDetails> {
  const details = await start(states, input);
  await stepFunctions.waitFor(details().arn);
  return details();
}

describe('where to look first', () => {
  it('is the state that fails', async () => {
    const { focus, trouble } = await ended({ A: { Type: 'Pass', Next: 'Stop' }, Stop: FAIL });

    expect(focus).toEqual({ state: 'Stop', visit: 0 });
    expect(trouble).toEqual({ state: 'Stop', error: 'Broken', cause: 'It broke' });
  });

  it('is the innermost of failing states', async () => {
    const { focus } = await ended({
      Both: {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'Stop', States: { Stop: FAIL } },
          { StartAt: 'Wait', States: { Wait: { Type: 'Task', Resource: HANG, End: true } } },
        ],
        End: true,
      },
    });

    expect(focus).toEqual({ state: 'Stop', visit: 0 });
  });

  it('is the iteration that fails among many', async () => {
    const check = {
      StartAt: 'Is it bad?',
      States: {
        'Is it bad?': {
          Type: 'Choice',
          Choices: [{ Condition: '{% $states.input = 38 %}', Next: 'Refuse' }],
          Default: 'Accept',
        },
        Accept: { Type: 'Succeed' },
        Refuse: { Type: 'Pass', Output: '{% $error("bad") %}', End: true },
      },
    };
    const items = Array.from({ length: 40 }, (_, index) => index);

    const { focus } = await ended(
      { Each: { Type: 'Map', Items: '{% $states.input %}', MaxConcurrency: 1, ItemProcessor: check, End: true } },
      items,
    );

    expect(focus).toEqual({ state: 'Refuse', visit: 0 });
  });

  it('is the state that caught an error, though the execution succeeds', async () => {
    const { focus, kind, trouble } = await ended({ Try: { Type: 'Task', Resource: CALL, ...CAUGHT }, ...END });

    expect(focus).toEqual({ state: 'Try', visit: 0 });
    expect([kind, trouble]).toEqual(['done', undefined]);
  });

  it.each([
    ['unavailable', { state: 'Try', error: 'Busy', cause: 'Come back later' }],
    ['unknown', { state: 'Try', error: 'Busy', cause: 'Come back later' }],
    ['limit-reached', undefined],
  ])('tells why an outcome is %s', async (outcome, expected) => {
    const { trouble } = await ended({
      Try: { Type: 'Task', Resource: CALL, ...CAUGHT },
      'Clean up': { Type: 'Pass', Output: { outcome }, End: true },
    });

    expect(trouble).toEqual(expected);
  });

  it('tells the reason that an output gives', async () => {
    const output = { outcome: 'invalid-request', error: 'id must be a text' };

    const { focus, trouble } = await ended({ Refuse: { Type: 'Succeed', Output: output } });

    expect(focus).toEqual({ state: 'Refuse', visit: 0 });
    expect(trouble).toEqual({ cause: 'id must be a text' });
  });

  it('is the last state where nothing went wrong, the outermost', async () => {
    const inner = { StartAt: 'In', States: { In: { Type: 'Succeed' } } };

    const { focus } = await ended({
      A: { Type: 'Pass', Next: 'B' },
      B: { Type: 'Map', Items: [1, 2], ItemProcessor: inner, End: true },
    });

    expect(focus).toEqual({ state: 'B', visit: 0 });
  });

  it('is the state under way while it runs, and the one that was when it was stopped', async () => {
    const details = await start({
      A: { Type: 'Pass', Next: 'Wait' },
      Wait: { Type: 'Task', Resource: HANG, End: true },
    });
    await new Promise(setImmediate);

    expect(details()).toMatchObject({ status: 'RUNNING', focus: { state: 'Wait', visit: 0 } });

    await stepFunctions.handle('StopExecution', JSON.stringify({ executionArn: details().arn, error: 'Enough' }));
    expect(details()).toMatchObject({ focus: { state: 'Wait', visit: 0 }, trouble: { error: 'Enough' } });
  });
});
