import { startStepFunctions } from 'template-runtime/step-functions';
import { type Generator, startGenerator, type StateMachineTarget } from '../../../compare/load';
import { type ApiServer, serveApi } from '../../../packages/template-runtime/test/step-functions/api-server';

const ARN = 'arn:aws:states:eu-west-1:123456789012:stateMachine:increment';
const RESOURCE = 'arn:aws:states:::counter:increment';

/** Ends in as many ways as the counter's machine: by the output of its task, or failing. */
const DEFINITION = {
  QueryLanguage: 'JSONata',
  StartAt: 'Increment',
  States: {
    Increment: {
      Type: 'Task',
      Resource: RESOURCE,
      Arguments: "{% $sift($states.input, function($v, $name) { $name in ['id', 'key'] }) %}",
      End: true,
    },
  },
};

let generator: Generator;
let api: ApiServer;
let outputs: (call: number) => unknown;
let ids: string[];

beforeAll(async () => {
  let calls = 0;
  const stepFunctions = startStepFunctions({
    region: 'eu-west-1',
    account: '123456789012',
    integrations: {
      [RESOURCE]: ({ arguments: input }) => {
        ids.push(JSON.stringify(input));
        return Promise.resolve(outputs((calls += 1)));
      },
    },
    stateMachines: [{ arn: ARN, name: 'increment', type: 'EXPRESS', definition: JSON.stringify(DEFINITION) }],
    keep: { executions: 10 },
  });
  [api, generator] = await Promise.all([serveApi(stepFunctions), startGenerator()]);
});
beforeEach(() => {
  ids = [];
});
afterAll(async () => {
  await generator.close();
  await api.close();
});

const run = (rest: Partial<StateMachineTarget> = {}) =>
  generator.run({
    target: {
      kind: 'state-machine',
      arn: ARN,
      region: 'eu-west-1',
      endpoint: api.url,
      input: { store: 'redis' },
      ...rest,
    },
    load: { kind: 'closed', concurrency: 1 },
    ids: ['a'],
    warmUpMs: 0,
    durationMs: 60_000,
    calls: 8,
    limit: 3,
  });

const none = { incremented: 0, limitReached: 0, notApplied: 0, unknown: 0, throttled: 0, failed: 0 };

it('says how executions ended, by their output', async () => {
  const outcomes = [
    { outcome: 'incremented', counter: 1 },
    { outcome: 'unavailable' },
    { outcome: 'unknown' }, // which counted
    { outcome: 'incremented', counter: 3 },
    { outcome: 'limit-reached', max: 3 },
    { outcome: 'limit-reached', max: 3, remaining: 0 },
    { outcome: 'invalid-request', error: 'no' },
  ];
  outputs = (call) => {
    const output = outcomes[call - 1];
    if (output) return output;
    throw new Error('broken');
  };

  const round = await run();

  expect(round.outcomes).toEqual({
    incremented: 2,
    limitReached: 2,
    notApplied: 1,
    unknown: 2,
    throttled: 0,
    failed: 1,
  });
  expect(round.verdict).toMatchObject({ isExact: true, violations: [] });
  expect(round.invalid?.split('; ')).toEqual([
    `1 of 8 calls failed (the execution's output is {"outcome":"invalid-request","error":"no"})`,
    `1 of 8 calls not applied (the execution's output is {"outcome":"unavailable"})`,
    `2 of 8 calls of unknown outcome (the execution's output is {"outcome":"unknown"})`,
  ]);
  expect(ids).toEqual(Array.from({ length: 8 }, () => '{"id":"a"}'));
});

it('finds a refusal before the limit by what it says remains', async () => {
  const outcomes = [
    { outcome: 'incremented', counter: 1 },
    { outcome: 'limit-reached', max: 3, remaining: 2 },
  ];
  outputs = (call) => outcomes[call - 1] ?? { outcome: 'limit-reached', max: 3, remaining: 2 };

  const { verdict } = await run();

  expect(verdict.isExact).toBe(false);
  expect(verdict.violations.map(({ rule }) => rule)).toContain('refusal');
});

it('gives each input a key of its own where keys are asked for', async () => {
  outputs = () => {
    if (ids.length > 6) return { outcome: ids.length === 7 ? 'no-room' : 'late' };
    return { outcome: 'replayed', counter: ids.length };
  };

  const round = await run({ keyed: true });

  expect(round.outcomes).toEqual({ ...none, incremented: 6, notApplied: 2 });
  const inputs = ids.map((input) => JSON.parse(input) as { id: string; key: string });
  expect(new Set(inputs.map(({ key }) => key)).size).toBe(8);
  for (const { id, key } of inputs) expect([id, key]).toEqual(['a', expect.stringMatching(/^[\w-]{1,64}$/)]);
});

it('says what was refused before an execution was started', async () => {
  const unknownMachine = await run({ arn: `${ARN}-other` });
  const nobody = await run({ endpoint: 'http://127.0.0.1:1' });

  expect(unknownMachine.outcomes).toEqual({ ...none, failed: 8 });
  expect(unknownMachine.invalid).toMatch(/^8 of 8 calls failed \(StateMachineDoesNotExist: /);
  expect(nobody.outcomes).toEqual({ ...none, notApplied: 8 });
});
