import { keptSeconds, keyHash, slackSeconds } from '../../functions/keyed-increment';
import { answeredMachines, dynamoFails, fails, type Output, returns } from './answered-machines';

const machines = answeredMachines({ IDEMPOTENCY_WINDOW_SECONDS: '90', IDEMPOTENCY_KEYS_PER_COUNTER: '7' });

/** When the tests began, in seconds since 1970. */
const BEGAN = Math.floor(Date.now() / 1000);
const [OLD, YOUNG] = [BEGAN - 1000, BEGAN + 1000];

const increment = (input: object): Promise<Output> =>
  machines.run('increment', { id: 'votes', useConditionalWrites: false, key: 'order-17', ...input });
const outcomeAfter = async (store: string, ...given: (() => unknown)[]): Promise<[string, number]> => {
  machines.answers = given;
  const { outcome } = await increment({ store });
  return [outcome, machines.calls.length];
};

describe('a key', () => {
  it.each(['', 'a b', 'ä', 'a/b', '"8e03"', 'k'.repeat(65), 17, null, {}, ['k']])(
    'like %j is refused before any call, in the words of the header',
    async (key) => {
      const output = await increment({ store: 'redis', key });

      expect(output.outcome).toBe('invalid-request');
      expect(output.error).toMatch(
        /^Idempotency-Key must be 1 to 64 of the characters A-Z a-z 0-9 \. _ ~ : @ -, got "/,
      );
      expect(machines.calls).toEqual([]);
    },
  );

  it('is looked at after the id, the mode and the limit, and before the store', async () => {
    const outcomes = [
      await increment({ store: 'redis', id: '', key: '' }),
      await increment({ store: 'redis', useConditionalWrites: true, max: '0', key: '' }),
      await increment({ store: 'nowhere', key: '' }),
      await increment({ store: 'nowhere' }),
    ];

    expect(outcomes.map(({ error = '' }) => error.split(' ')[0])).toEqual(['id', 'max', 'Idempotency-Key', 'store']);
  });
});

describe.each(['redis', 'momento', 'docdb', 'tidb'])('an increment with a key in %s', (store) => {
  const incremented = returns({ outcome: 'incremented', counter: 4 });
  const unknown = fails('UnknownOutcomeError');
  const unavailable = fails('StoreUnavailableError');
  const notApplied = fails('NotAppliedError');
  const full = returns({ outcome: 'full' });
  const late = returns({ outcome: 'late' });

  it('sends the key, when the execution started, and what the deployment sets', async () => {
    machines.answers = [incremented, incremented];

    await increment({ store });
    await increment({ store, useConditionalWrites: true, max: '10', by: '3' });

    const sent = { id: 'votes', key: 'order-17', windowSeconds: 90, cap: 7 };
    expect(machines.calls[0]).toMatchObject(sent);
    expect(machines.calls[0]).not.toHaveProperty('max');
    expect(machines.calls[0]).not.toHaveProperty('by');
    expect(machines.calls[1]).toMatchObject({ ...sent, max: '10', by: '3' });
    expect(machines.calls[0]?.['sentAt']).toBeGreaterThanOrEqual(BEGAN);
    expect(machines.calls[1]?.['sentAt']).toBeLessThanOrEqual(Date.now() / 1000);
  });

  it.each([
    [
      { outcome: 'incremented', counter: 4 },
      { outcome: 'incremented', counter: 4, useConditionalWrites: false },
    ],
    [
      { outcome: 'replayed', counter: 2 },
      { outcome: 'replayed', counter: 2, useConditionalWrites: false },
    ],
    [
      { outcome: 'limit-reached', counter: 9 },
      {
        outcome: 'limit-reached',
        useConditionalWrites: false,
        max: Number.MAX_SAFE_INTEGER,
        remaining: Number.MAX_SAFE_INTEGER - 9,
      },
    ],
    [{ outcome: 'full' }, { outcome: 'no-room' }],
    [{ outcome: 'late' }, { outcome: 'late' }],
    [{ outcome: 'who knows' }, { outcome: 'unknown' }],
  ])('ends after %j as %j', async (result, output) => {
    machines.answers = [returns(result)];

    expect(await increment({ store })).toEqual({ store, id: 'votes', ...output });
  });

  it.each([
    ['incremented', [unknown, incremented]],
    ['replayed', [unknown, returns({ outcome: 'replayed', counter: 4 })]],
    ['limit-reached', [unknown, returns({ outcome: 'limit-reached', counter: 9 })]],
    ['replayed', [fails('Lambda.Unknown'), returns({ outcome: 'replayed', counter: 4 })]],
    ['replayed', [fails('Sandbox.Timedout'), returns({ outcome: 'replayed', counter: 4 })]],
    ['replayed', [fails('States.Timeout', ''), returns({ outcome: 'replayed', counter: 4 })]],
  ])('repeats an unknown outcome itself, and ends as %s', async (outcome, given) => {
    expect(await outcomeAfter(store, ...given)).toEqual([outcome, 2]);
  });

  it.each([
    ['an unknown outcome', unknown],
    ['a store that is unavailable', unavailable],
    ['a function that Lambda refuses to call', fails('Lambda.ResourceNotFoundException')],
    ['no room', full],
    ['a late call', late],
  ])('stays unknown where the repetition meets %s: the first attempt may still arrive', async (_, second) => {
    expect(await outcomeAfter(store, unknown, second)).toEqual(['unknown', 2]);
  });

  it('stays unknown where every repetition surely was not applied', async () => {
    expect(await outcomeAfter(store, unknown, notApplied, notApplied, notApplied)).toEqual(['unknown', 4]);
  });

  it.each([
    ['a store that is unavailable', [unavailable]],
    ['calls that surely were not applied', [notApplied, notApplied, notApplied]],
    ['a function that Lambda refuses to call', [fails('Lambda.ResourceNotFoundException')]],
  ])('is unavailable after %s alone', async (_, given) => {
    expect(await outcomeAfter(store, ...given)).toEqual(['unavailable', given.length]);
  });

  it('never repeats an unknown outcome without a key', async () => {
    machines.answers = [unknown];

    const { outcome } = await increment({ store, key: undefined });

    expect([outcome, machines.calls.length]).toEqual(['unknown', 1]);
  });
});

describe('an increment with a key in DynamoDB', () => {
  const hash = keyHash('order-17');
  const refused = (attempts = 1): (() => unknown) =>
    dynamoFails('ConditionalCheckFailedException', 'The conditional request failed', attempts);
  const throttled = (attempts = 1): (() => unknown) =>
    dynamoFails('ThrottlingException', 'Rate of requests exceeds the allowed throughput', attempts);
  const noAnswer = fails('DynamoDb.SdkClientException', 'Unable to execute HTTP request: Read timed out');
  const forbidden = dynamoFails('DynamoDbException', 'User is not authorized to perform: dynamodb:UpdateItem');
  const counted = (counter = 4): (() => unknown) => returns({ Attributes: { atomic_counter: { N: String(counter) } } });
  const item = (attributes: object): (() => unknown) => returns({ Item: attributes });
  const n = (value: number | string): { N: string } => ({ N: String(value) });
  const valueOf = (sent: Record<string, unknown> | undefined, name: string): string | undefined =>
    (sent?.['ExpressionAttributeValues'] as Record<string, { N: string }> | undefined)?.[name]?.N;
  const known = item({ atomic_counter: n(40), keys: n(1), [hash]: n(`2.${OLD}1`) });

  it('records the key in the write that counts, by its hash, with the value before and until when it is kept', async () => {
    machines.answers = [counted(), counted()];

    await increment({ store: 'dynamo' });
    await increment({ store: 'dynamo', useConditionalWrites: true, max: '10' });

    const sentAt = Number(valueOf(machines.calls[0], ':sent'));
    expect(sentAt).toBeGreaterThanOrEqual(BEGAN);
    expect(machines.calls[0]).toMatchObject({
      ExpressionAttributeNames: { '#key': hash },
      ExpressionAttributeValues: {
        ':until': n(`0.${sentAt + keptSeconds(90)}1`),
        ':cap': n(7),
        ':by': n(1),
        ':full': n(Number.MAX_SAFE_INTEGER),
      },
    });
    expect(machines.calls[1]).toMatchObject({ ExpressionAttributeValues: { ':full': n(10) } });
  });

  it.each([
    ['replayed', [refused(), known]],
    ['replayed', [refused(2), known]],
    ['limit-reached', [refused(), item({ atomic_counter: n(Number.MAX_SAFE_INTEGER) })]],
    ['late', [refused(), item({ atomic_counter: n(4), keys_floor: n(YOUNG) })]],
    ['late', [refused(), item({ atomic_counter: n(Number.MAX_SAFE_INTEGER), keys_floor: n(YOUNG) })]],
    ['no-room', [refused(), item({ keys: n(7) }), item({ keys: n(7) })]],
    ['unavailable', [refused(), returns({}), refused(), returns({}), refused(), returns({})]],
    ['unavailable', [refused(), noAnswer, refused(), noAnswer, refused(), noAnswer]],
    ['unknown', [refused(), item({ atomic_counter: n('4.5'), [hash]: n(`3.5${OLD}1`) })]],
    ['incremented', [throttled(), counted()]],
    ['unavailable', [throttled(), throttled(), throttled()]],
    ['unavailable', [forbidden]],
  ])('is %s after one write and what follows from its answer', async (outcome, given) => {
    expect(await outcomeAfter('dynamo', ...given)).toEqual([outcome, given.length]);
  });

  it.each([
    ['incremented', [noAnswer, counted()]],
    ['replayed', [noAnswer, refused(), known]],
    ['replayed', [throttled(2), refused(), known]],
    ['limit-reached', [noAnswer, refused(), item({ atomic_counter: n(Number.MAX_SAFE_INTEGER) })]],
  ])('is %s where the repetition of an unknown outcome tells', async (outcome, given) => {
    expect(await outcomeAfter('dynamo', ...given)).toEqual([outcome, given.length]);
  });

  it.each([
    ['gets no answer', [noAnswer, noAnswer]],
    ['is refused by the role', [noAnswer, forbidden]],
    ['finds no room', [noAnswer, refused(), item({ keys: n(7) })]],
    ['is late', [noAnswer, refused(), item({ keys_floor: n(YOUNG) })]],
    [
      'is late at the limit',
      [noAnswer, refused(), item({ atomic_counter: n(Number.MAX_SAFE_INTEGER), keys_floor: n(YOUNG) })],
    ],
    ['finds nothing in its way', [noAnswer, refused(), returns({})]],
  ])('stays unknown where the repetition %s: the first write may still arrive', async (_, given) => {
    expect(await outcomeAfter('dynamo', ...given)).toEqual(['unknown', given.length]);
  });

  it('forgets the old keys at every 32nd, in a write that leaves the counter alone', async () => {
    const [old, young] = ['a'.repeat(16), 'b'.repeat(16)];
    const stored = { atomic_counter: n(4), keys: n(32), [old]: n(`1.${OLD}1`), [young]: n(`2.${YOUNG}1`) };
    machines.answers = [counted(32), item(stored), returns({})];

    const { outcome } = await increment({ store: 'dynamo' });

    expect(outcome).toBe('incremented');
    expect(machines.calls[2]).toMatchObject({
      UpdateExpression: 'SET #keys = #keys - :old, #floor = :floor REMOVE #0',
      ConditionExpression: 'attribute_not_exists(#floor)',
      ExpressionAttributeNames: { '#0': old },
      ExpressionAttributeValues: {
        ':old': n(1),
        ':floor': n(Number(valueOf(machines.calls[0], ':sent')) - slackSeconds(90)),
      },
    });
  });

  it.each([
    ['reading them fails', [counted(32), noAnswer]],
    ['none is old', [counted(32), item({ ['b'.repeat(16)]: n(`2.${YOUNG}1`) })]],
    ['another forgets them', [counted(32), item({ ['a'.repeat(16)]: n(`1.${OLD}1`) }), refused()]],
  ])('has counted where %s', async (_, given) => {
    expect(await outcomeAfter('dynamo', ...given)).toEqual(['incremented', given.length]);
  });

  it('makes room before it says that there is none', async () => {
    const stored = item({ keys: n(7), ['a'.repeat(16)]: n(`1.${OLD}1`) });

    expect(await outcomeAfter('dynamo', refused(), stored, stored, returns({}), counted())).toEqual(['incremented', 5]);
  });
});
