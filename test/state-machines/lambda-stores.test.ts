import {
  type Integration,
  startStepFunctions,
  stateMachinesFromTemplate,
  type StepFunctions,
  TaskError,
} from 'template-runtime/step-functions';
import { type RawTemplate, resolveTemplate, stackLocation } from 'template-runtime/cloudformation';
import { synthesized } from '../lib/synthesized';
import { impatientClock } from './impatient-clock';

const STORES = [
  ['redis', 'Redis'],
  ['momento', 'Momento'],
  ['docdb', 'DocumentDB'],
  ['tidb', 'TiDB'],
] as const;

const { resources } = resolveTemplate(synthesized().toJSON() as RawTemplate, stackLocation('AtomicCounter'));
const machine = stateMachinesFromTemplate(resources).find(({ name }) => name.endsWith('-increment'));
if (!machine) throw new Error('the template has no state machine that increments');
const { arn } = machine;

let answer: () => unknown;
let calls: unknown[];
let log: string[];
let stepFunctions: StepFunctions;

/** A store's function: answers as the test decides. */
const lambda: Integration = ({ arguments: event }) => {
  calls.push(event);
  return Promise.resolve().then(() => answer());
};

beforeEach(() => {
  calls = [];
  log = [];
  stepFunctions = startStepFunctions({
    region: 'us-east-1',
    account: '000000000000',
    stateMachines: [machine],
    integrations: {
      'arn:aws:lambda:': lambda,
      'arn:aws:states:::aws-sdk:dynamodb:updateItem': () =>
        Promise.resolve({ Attributes: { atomic_counter: { N: '4' } } }),
      'arn:aws:states:::aws-sdk:dynamodb:getItem': () => Promise.resolve({}),
    },
    clock: impatientClock,
    writeLog: (_group, printed, number) => log.push(printed.print(number)),
  });
});
afterEach(() => stepFunctions.close());

async function increment(store: string, input: object): Promise<unknown> {
  const { output } = await stepFunctions.startSyncExecution({
    stateMachineArn: arn,
    name: 'a1b2c3d4',
    input: JSON.stringify({ store, id: 'votes', ...input }),
  });
  return JSON.parse(output ?? 'null');
}

/** Names of the states that ended an execution, as the metric filters see them. */
const endings = (): unknown[] =>
  log
    .map((line) => JSON.parse(line) as { type: string; details: { name?: string } })
    .filter(({ type }) => type === 'SucceedStateEntered')
    .map(({ details }) => details.name);

const lambdaError = (errorType: string, errorMessage: string) => (): never => {
  throw new TaskError(errorType, JSON.stringify({ errorType, errorMessage, trace: [] }));
};

describe.each(STORES)('an increment in %s', (store, title) => {
  const always = { useConditionalWrites: false };
  const below = { useConditionalWrites: true, max: '10' };

  it('sends the id alone, and answers with the value', async () => {
    answer = () => ({ outcome: 'incremented', counter: 4 });

    const output = await increment(store, always);

    expect(calls).toEqual([{ id: 'votes' }]);
    expect(output).toEqual({ outcome: 'incremented', store, id: 'votes', counter: 4, useConditionalWrites: false });
    expect(endings()).toEqual([`Incremented in ${title}`]);
  });

  it('sends the limit too in conditional mode, and answers with the value', async () => {
    answer = () => ({ outcome: 'incremented', counter: 4 });

    const output = await increment(store, below);

    expect(calls).toEqual([{ id: 'votes', max: '10' }]);
    expect(output).toEqual({
      ...{ outcome: 'incremented', store, id: 'votes', counter: 4, useConditionalWrites: true },
      ...{ max: 10, remaining: 6 },
    });
    expect(endings()).toEqual([`Incremented in ${title}`]);
  });

  it('ends at the limit when the function returns it', async () => {
    answer = () => ({ outcome: 'limit-reached', counter: 10 });

    const output = await increment(store, below);

    expect(output).toEqual({
      ...{ outcome: 'limit-reached', store, id: 'votes' },
      ...{ useConditionalWrites: true, max: 10, remaining: 0 },
    });
    expect(endings()).toEqual([`Limit reached in ${title}`]);
  });

  it('ends at the limit when a counter without one is exhausted', async () => {
    answer = lambdaError('LimitReachedError', 'the counter has reached the largest value');

    const output = await increment(store, always);

    expect(output).toEqual({
      ...{ outcome: 'limit-reached', store, id: 'votes' },
      ...{ useConditionalWrites: false, max: Number.MAX_SAFE_INTEGER, remaining: 0 },
    });
    expect(endings()).toEqual([`Limit reached in ${title}`]);
  });

  it.each([
    ['a result without a value', () => ({ outcome: 'limit-reached' }), always],
    ['a result that is none', () => null, always],
    ['a result that is none', () => null, below],
    ['an outcome that it does not know', () => ({ outcome: 'other', counter: 1 }), below],
    ['an error that it does not know', lambdaError('TypeError', 'x is not a function'), always],
    ['an error that it does not know', lambdaError('TypeError', 'x is not a function'), below],
  ])('is unknown after %s', async (_, given, mode) => {
    answer = given;

    const output = await increment(store, mode);

    expect(output).toEqual({ outcome: 'unknown', store, id: 'votes' });
    expect(endings()).toEqual([`${title} outcome unknown`]);
    expect(calls).toHaveLength(1);
  });

  it.each([
    ['StoreUnavailableError', 1],
    ['NotAppliedError', 3],
  ])('is unavailable after a %s, in both modes', async (error, attempts) => {
    answer = lambdaError(error, 'not now');

    const outputs = [await increment(store, always), await increment(store, below)];

    expect(outputs).toEqual(Array(2).fill({ outcome: 'unavailable', store, id: 'votes' }));
    expect(endings()).toEqual(Array(2).fill(`${title} unavailable`));
    expect(calls).toHaveLength(2 * attempts);
  });
});

describe('the execution log of an increment', () => {
  // Each event costs about 250 bytes before it says anything (docs/cost.md).
  it.each([
    ['dynamo', false, 11, 4800],
    ['dynamo', true, 11, 4900],
    ...STORES.flatMap(([store]) => [[store, false, 11, 4300] as const, [store, true, 13, 5200] as const]),
  ] as const)(
    'has in %s, conditional: %s, %d events of less than %d bytes',
    async (store, conditional, events, most) => {
      answer = () => ({ outcome: 'incremented', counter: 4 });

      await increment(store, { useConditionalWrites: conditional, ...(conditional ? { max: '10' } : {}) });

      expect(log).toHaveLength(events);
      expect(log.reduce((bytes, line) => bytes + Buffer.byteLength(line), 0)).toBeLessThan(most);
    },
  );
});
