/** How a task ends in a test. */
export type Mock = { readonly result: unknown } | { readonly error: string; readonly cause: string };

export const ENDINGS = ['incremented', 'limitReached', 'unavailable', 'unknown'] as const;

/** How an increment ends. */
export type Ending = (typeof ENDINGS)[number];

type Endings = Readonly<Record<Ending, Mock>>;

/** An error that no Retry and no Catch names. */
export const UNLISTED_ERROR = 'VerifyAws.Unlisted';

const LAMBDA: Endings = {
  incremented: { result: { outcome: 'incremented', counter: 4 } },
  limitReached: { result: { outcome: 'limit-reached', counter: 10 } },
  unavailable: { error: 'StoreUnavailableError', cause: lambdaCause('StoreUnavailableError') },
  unknown: { error: 'Lambda.Unknown', cause: lambdaCause('Lambda.Unknown') },
};

const DYNAMO: Endings = {
  incremented: { result: { Attributes: { atomic_counter: { N: '4' } } } },
  limitReached: {
    error: 'DynamoDb.ConditionalCheckFailedException',
    cause: sdkCause('The conditional request failed'),
  },
  unavailable: { error: 'DynamoDb.SdkClientException', cause: 'Connection refused (SDK Attempt Count: 1)' },
  unknown: { error: 'DynamoDb.InternalServerErrorException', cause: sdkCause('Internal server error') },
};

/** How a task's call ends, for each ending of an increment. */
export function mocksOf(resource: string): Endings {
  return isDynamo(resource) ? DYNAMO : LAMBDA;
}

/** Results that a task must distinguish. */
export function resultsOf(resource: string): readonly unknown[] {
  const items = [{ N: '4' }, { N: '5.5' }, { S: 'four' }].map((value) => ({ atomic_counter: value }));
  if (resource.endsWith(':getItem')) return [...items.map((Item) => ({ Item })), {}];
  if (resource.endsWith(':batchGetItem')) return [{ Responses: {}, UnprocessedKeys: {} }];
  if (isDynamo(resource)) return items.slice(0, 2).map((Attributes) => ({ Attributes }));
  return [{ outcome: 'incremented', counter: 4 }, { outcome: 'limit-reached', counter: 10 }, {}];
}

/** The possible causes of an error: the SDK's contain its number of attempts. */
export function causesOf(resource: string, error: string): readonly string[] {
  return isDynamo(resource) ? [1, 2].map((attempts) => sdkCause('Refused', attempts)) : [lambdaCause(error)];
}

/** What a request is refused by, with a value that is cut. */
const REFUSED = { rule: 'id must be 1 to 128 …', got: '\u{1f642}'.repeat(129) };

/** The input of a state that isn't a Choice: everything that any of them reads. */
export const STATE_INPUTS: readonly Sample[] = [
  {
    input: {
      ...{ store: 'dynamo', id: 'votes', useConditionalWrites: true, max: '10', by: '3', counter: 4 },
      ...{ consistency: 'strong', outcome: 'incremented', error: 'id must be …' },
    },
    variables: { repetitions: 1 },
  },
  {
    input: {
      store: 'tidb',
      id: 'a:b@c~1',
      useConditionalWrites: false,
      momentoStrategy: 'compare-and-set',
      ...REFUSED,
    },
    variables: { repetitions: 2 },
  },
];

export interface Sample {
  readonly input: Readonly<Record<string, unknown>>;
  readonly variables?: Readonly<Record<string, unknown>>;
}

const REQUEST = { store: 'dynamo', id: 'votes', useConditionalWrites: true, max: '10' };

const WITH_KEY = { ...REQUEST, key: 'order-17' };

/** What the states of a key in DynamoDB know. */
const KEY_VARIABLES = {
  ...{
    keyHash: '0123456789abcdef',
    limit: '10',
    by: 1,
    sentAt: 1767225600,
    windowSeconds: 120,
    cap: 1000,
    refusals: 1,
  },
  ...{ item: {}, old: [], floorBefore: '', newFloor: '1767225570' },
};

const knowing = (variables: object): Sample => ({ input: {}, variables: { ...KEY_VARIABLES, ...variables } });

/** What the states of four shards know: the first two own three values, the others two. */
const shards = (variables: object): Sample => ({
  input: {},
  variables: {
    ...{ limit: '10', order: [2, 0, 1, 3], place: 0, isPinned: true, refusals: 1, look: [2], seen: [shard(2)] },
    ...variables,
  },
});

const shardsAndKey = (variables: object): Sample => shards({ ...KEY_VARIABLES, ...variables });

const shard = (n: number, row: object = {}): object => ({ n, isFull: false, shards: '4', max: '10', ...row });

const full = (n: number, row: object = {}): object => shard(n, { isFull: true, ...row });

const SHARD_SAMPLES: readonly Sample[] = [
  { input: { ...REQUEST, by: '3' } },
  { input: { counter: 128 }, variables: KEY_VARIABLES },
  ...[shards, shardsAndKey].flatMap((knowingShards) => [
    knowingShards({ seen: [shard(2, { shards: '3' })] }),
    knowingShards({ seen: [{ n: 2, isFull: false }], isPinned: false }),
    knowingShards({ seen: [{ n: 2, isFull: false }] }),
    knowingShards({ seen: [full(2, { key: '1.17672258701' })] }),
    knowingShards({ seen: [full(2, { isClosed: true })] }),
    knowingShards({ seen: [full(0, { isClosed: true })], look: [0], place: 1 }),
    knowingShards({ seen: [full(2, { floor: 1767225601 })] }),
    knowingShards({ seen: [full(2, { floor: 1767225601 })], doubtful: true }),
    knowingShards({ seen: [full(0), shard(1)], look: [0, 1], place: 1 }),
    knowingShards({ seen: [full(2)], order: [2, 0] }),
    knowingShards({ seen: [full(2)] }),
    knowingShards({ seen: [full(3)], look: [3], place: 3 }),
    knowingShards({ doubtful: true }),
    knowingShards({ seen: [shard(2, { keys: 1000 })] }),
    knowingShards({}),
    knowingShards({ refusals: 3 }),
  ]),
  { input: {}, variables: { total: null, partial: 0, asked: [], isPartial: false } },
  { input: {}, variables: { total: 4, partial: 0, asked: [], isPartial: false } },
  { input: {}, variables: { total: 4, partial: 1, asked: ['votes#1'], isPartial: true } },
  { input: {}, variables: { total: 4, partial: 0, asked: ['votes#99'], isPartial: false } },
];

const throttled = { Error: 'DynamoDb.ThrottlingException', Cause: sdkCause('Rate exceeded') };

const LOST = { Error: 'Lambda.Unknown', Cause: 'The cause could not be determined (SDK Attempt Count: 1)' };

/** Each Choice gets, for every rule, the first of these inputs that reaches it. */
export const CHOICE_SAMPLES: readonly Sample[] = [
  ...['dynamo', 'redis', 'momento', 'docdb', 'tidb', 'nowhere'].flatMap((store) =>
    [true, false].map((useConditionalWrites) => ({ input: { ...REQUEST, store, useConditionalWrites } })),
  ),
  ...['dynamo', 'redis', 'momento', 'docdb', 'tidb', 'nowhere'].map((store) => ({ input: { ...WITH_KEY, store } })),
  { input: { ...WITH_KEY, key: 'a b' } },
  { input: { outcome: 'replayed', counter: 4 } },
  { input: { outcome: 'full' } },
  { input: { outcome: 'late' } },
  { input: { counter: 32 }, variables: KEY_VARIABLES },
  knowing({ item: { '0123456789abcdef': { N: '3.17672258701' }, atomic_counter: { N: '9' } } }),
  knowing({ item: { atomic_counter: { N: '10' } } }),
  knowing({ doubtful: true }),
  knowing({ item: { keys_floor: { N: '1767225601' } } }),
  knowing({ item: { keys: { N: '1000' } } }),
  knowing({ old: ['fedcba9876543210'] }),
  knowing({}),
  knowing({ refusals: 3 }),
  { input: { ...REQUEST, id: 'a b' } },
  { input: { ...REQUEST, useConditionalWrites: 'yes' } },
  { input: { ...REQUEST, max: '0' } },
  { input: { ...REQUEST, by: '4' } },
  { input: { ...REQUEST, by: '0' } },
  { input: { outcome: 'incremented', counter: 4 } },
  { input: { outcome: 'limit-reached', counter: 10 } },
  { input: { outcome: 'something else' } },
  { input: { counter: 4 } },
  { input: { counter: 5.5 } },
  { input: { ...throttled, Cause: sdkCause('Rate exceeded', 2) } },
  { input: throttled },
  { input: throttled, variables: { repetitions: 2 } },
  { input: { Error: 'NotAppliedError', Cause: lambdaCause('NotAppliedError') } },
  { input: { Error: 'DynamoDb.InternalServerErrorException', Cause: sdkCause('Internal server error') } },
  { input: { Error: 'Lambda.ResourceNotFoundException', Cause: 'Function not found (SDK Attempt Count: 1)' } },
  { input: LOST },
  { input: { ...LOST, key: 'order-17' } }, // TestState takes a state's input for that of the execution
  ...SHARD_SAMPLES,
];

function isDynamo(resource: string): boolean {
  return resource.includes(':aws-sdk:dynamodb:');
}

/** As a function's error arrives. */
function lambdaCause(errorType: string): string {
  return JSON.stringify({ errorType, errorMessage: 'it was refused', trace: [] });
}

/** As the SDK of Step Functions reports an error of DynamoDB. */
function sdkCause(message: string, attempts = 1): string {
  return `${message} (Service: DynamoDb, Status Code: 400, Request ID: 0) (SDK Attempt Count: ${attempts})`;
}
