import { answeredMachines, dynamoFails, type Output, returns } from './answered-machines';

const machines = answeredMachines();

const increment = (input: object): Promise<Output> =>
  machines.run('increment', { id: 'seats', useConditionalWrites: false, ...input });
const read = (input: object): Promise<Output> => machines.run('read', { store: 'dynamo', id: 'seats', ...input });
const below = (max: string, by?: string): object => ({ useConditionalWrites: true, max, ...(by && { by }) });

const refused = (attempts = 1): (() => unknown) =>
  dynamoFails('ConditionalCheckFailedException', 'The conditional request failed', attempts);
const throttled = dynamoFails('ThrottlingException', 'Rate of requests exceeds the allowed throughput');
const noAnswer = dynamoFails('SdkClientException', 'Unable to execute HTTP request: Read timed out');
const counted = (counter: number): (() => unknown) =>
  returns({ Attributes: { atomic_counter: { N: String(counter) } } });
const item = (counter: string): (() => unknown) => returns({ Item: { atomic_counter: { N: counter } } });

describe('a step', () => {
  it.each(['', '0', '01', '-1', '+1', '1.5', '1e3', ' 1', '1000001', '10000000', 'four', 4, null, {}, ['4'], true])(
    'of %j is refused before any call, naming it',
    async (by) => {
      for (const store of ['dynamo', 'tidb']) {
        const output = await increment({ store, by });

        expect(output.outcome).toBe('invalid-request');
        expect(output.error).toMatch(/^by must be a string of digits from 1 to 1000000, got "/);
      }
      expect(machines.calls).toEqual([]);
    },
  );

  it('is looked at after the limit, and before key and store', async () => {
    const outputs = [
      await increment({ store: 'nowhere', ...below('0', '0'), key: '' }),
      await increment({ store: 'nowhere', by: '0', key: '' }),
      await increment({ store: 'nowhere', by: '4', key: '' }),
    ];

    expect(outputs.map(({ error }) => String(error).split(' ')[0])).toEqual(['max', 'by', 'Idempotency-Key']);
  });

  it.each(['redis', 'momento', 'docdb', 'tidb'])('goes to the function of %s, where there is one', async (store) => {
    machines.answers = Array.from({ length: 3 }, () => returns({ outcome: 'incremented', counter: 4 }));

    await increment({ store });
    await increment({ store, by: '4' });
    await increment({ store, ...below('10', '4') });

    expect(machines.calls).toEqual([
      { id: 'seats' },
      { id: 'seats', max: '9007199254740991', by: '4' }, // refused, it tells what is left, as with a limit
      { id: 'seats', max: '10', by: '4' },
    ]);
  });
});

describe('what remains', () => {
  it.each(['dynamo', 'redis', 'momento', 'docdb', 'tidb'])(
    'is told of %s where a step without a limit would pass 2^53−1',
    async (store) => {
      const last = Number.MAX_SAFE_INTEGER - 1;
      machines.answers =
        store === 'dynamo' ? [refused(), item(String(last))] : [returns({ outcome: 'limit-reached', counter: last })];

      const output = await increment({ store, by: '4' });

      expect(output).toEqual({
        ...{ outcome: 'limit-reached', store, id: 'seats', useConditionalWrites: false },
        ...{ max: Number.MAX_SAFE_INTEGER, remaining: 1 },
      });
    },
  );

  it('of Momento, whose strategy below a limit loses counts, is found by the exact one', async () => {
    machines.answers = [returns({ outcome: 'incremented', counter: 4 })];

    await increment({ store: 'momento', by: '4', momentoStrategy: 'set-if-not-equal' });

    expect(machines.calls).toEqual([{ id: 'seats', max: String(Number.MAX_SAFE_INTEGER), by: '4' }]);
  });

  it.each(['redis', 'momento', 'docdb', 'tidb'])('is told of %s, where there is a limit', async (store) => {
    machines.answers = [
      returns({ outcome: 'incremented', counter: 4 }),
      returns({ outcome: 'incremented', counter: 4 }),
      returns({ outcome: 'limit-reached', counter: 10 }),
      returns({ outcome: 'limit-reached' }),
      returns({ outcome: 'limit-reached', counter: 8 }),
      returns({ outcome: 'limit-reached' }),
    ];

    const outputs = [
      await increment({ store }),
      await increment({ store, ...below('10') }),
      await increment({ store, ...below('10') }),
      await increment({ store, ...below('7') }),
      await increment({ store, ...below('10', '3') }),
      await increment({ store, ...below('10', '3') }),
    ];

    expect(outputs.map(({ outcome, counter, max, remaining }) => ({ outcome, counter, max, remaining }))).toEqual([
      { outcome: 'incremented', counter: 4, max: undefined, remaining: undefined },
      { outcome: 'incremented', counter: 4, max: 10, remaining: 6 },
      { outcome: 'limit-reached', counter: undefined, max: 10, remaining: 0 },
      { outcome: 'limit-reached', counter: undefined, max: 7, remaining: 0 },
      { outcome: 'limit-reached', counter: undefined, max: 10, remaining: 2 },
      { outcome: 'limit-reached', counter: undefined, max: 10, remaining: undefined },
    ]);
  });

  it('is exact to the largest value', async () => {
    machines.answers = [counted(1), counted(Number.MAX_SAFE_INTEGER - 1)];

    const outputs = [
      await increment({ store: 'dynamo', ...below('9007199254740991') }),
      await increment({ store: 'dynamo', ...below('9007199254740991', '2') }),
    ];

    expect(outputs.map(({ remaining }) => remaining)).toEqual([9007199254740990, 1]);
    expect(JSON.stringify(machines.calls[1])).toContain('"9007199254740990"');
  });

  it.each([
    [4, '10', 6],
    [10, '10', 0],
    [12, '10', 0],
    [0, '9007199254740991', 9007199254740991],
  ])('of a counter that is read as %d is told up to %s', async (counter, max, remaining) => {
    machines.answers = [item(String(counter)), item(String(counter))];

    const outputs = [await read({ max }), await read({})];

    const plain = { outcome: 'read', store: 'dynamo', id: 'seats', counter, consistency: 'strong' };
    expect(outputs).toEqual([{ ...plain, max: Number(max), remaining }, plain]);
  });

  it.each(['', '0', '01', 'x', '9007199254740992', 10, null])('is not told up to %j', async (max) => {
    const output = await read({ max });

    expect(output.outcome).toBe('invalid-request');
    expect(output.error).toMatch(/^max must be a string of digits from 1 to 9007199254740991, got "/);
  });
});

describe('a step in DynamoDB', () => {
  it('is one write, with a limit or without', async () => {
    machines.answers = [counted(4), counted(8)];

    const outputs = [
      await increment({ store: 'dynamo', by: '4' }),
      await increment({ store: 'dynamo', ...below('10', '4') }),
    ];

    expect(outputs).toEqual([
      { outcome: 'incremented', store: 'dynamo', id: 'seats', counter: 4, useConditionalWrites: false },
      {
        ...{ outcome: 'incremented', store: 'dynamo', id: 'seats', counter: 8, useConditionalWrites: true },
        ...{ max: 10, remaining: 2 },
      },
    ]);
    expect(machines.operations).toEqual(['updateItem', 'updateItem']);
  });

  it.each([
    ['8', 2],
    ['10', 0],
    ['12', 0],
    ['-3', 13],
    ['8.5', 1],
    ['1E+40', 0],
  ])('that is refused at %s tells what is left, by a read', async (value, remaining) => {
    machines.answers = [refused(), item(value)];

    const output = await increment({ store: 'dynamo', ...below('10', '3') });

    expect(output).toMatchObject({ outcome: 'limit-reached', max: 10, remaining });
    expect(machines.operations).toEqual(['updateItem', 'getItem']);
    expect(machines.calls[1]).toMatchObject({ ConsistentRead: true });
  });

  it('above the limit is refused where there is no counter, of which nothing is taken', async () => {
    machines.answers = [refused(), returns({})];

    const output = await increment({ store: 'dynamo', ...below('2', '3') });

    expect(output).toMatchObject({ outcome: 'limit-reached', max: 2, remaining: 2 });
  });

  it.each([
    ['fails', noAnswer],
    ['finds no number', returns({ Item: { atomic_counter: { S: 'x' } } })],
  ])('stays refused if that read %s', async (_, read) => {
    machines.answers = [refused(), read];

    const output = await increment({ store: 'dynamo', ...below('10', '3') });

    expect(output.outcome).toBe('limit-reached');
    expect(output).toMatchObject({ max: 10 });
  });

  it.each([
    ['is sent again, as large as it was, when it was throttled', [throttled, counted(4)], 'incremented'],
    ['is unknown without an answer', [noAnswer], 'unknown'],
    [
      'is unavailable where the item holds no number',
      [dynamoFails('DynamoDbException', 'incorrect data type')],
      'unavailable',
    ],
  ] as const)('%s', async (_, given, outcome) => {
    machines.answers = [...given];

    const output = await increment({ store: 'dynamo', ...below('10', '4') });

    expect(output.outcome).toBe(outcome);
    for (const sent of machines.calls) expect(sent['ExpressionAttributeValues']).toMatchObject({ ':by': { N: '4' } });
  });

  it('fails, so that its outcome is unknown, when a second attempt of the SDK was refused', async () => {
    machines.answers = [refused(2)];

    await expect(increment({ store: 'dynamo', by: '4' })).rejects.toThrow('returned nothing');
  });
});
