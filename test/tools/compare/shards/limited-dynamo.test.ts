import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { EmbeddedStore } from 'template-runtime/worker';
import { startLimitedDynamo } from '../../../../tools/compare/shards/limited-dynamo';

describe('the embedded DynamoDB behind a limit of 3 writes a second an item', () => {
  let store: EmbeddedStore;
  let client: DynamoDBClient;
  let nowMs = 0;
  beforeAll(async () => {
    store = await startLimitedDynamo({ writesPerSecond: 3, now: () => nowMs });
    client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${store.port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });
    await client.send(
      new CreateTableCommand({
        TableName: 'counters',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
  });
  afterAll(async () => {
    client.destroy();
    await store.close();
  });

  const increment = (id: string, max = 1000): Promise<unknown> =>
    client.send(
      new UpdateItemCommand({
        TableName: 'counters',
        Key: { id: { S: id } },
        UpdateExpression: 'ADD #c :one',
        ConditionExpression: 'attribute_not_exists(#c) OR #c < :max',
        ExpressionAttributeNames: { '#c': 'atomic_counter' },
        ExpressionAttributeValues: { ':one': { N: '1' }, ':max': { N: String(max) } },
      }),
    );
  const ends = async (calls: readonly Promise<unknown>[]): Promise<string[]> =>
    (await Promise.allSettled(calls)).map((end) =>
      end.status === 'fulfilled' ? 'written' : (end.reason as Error).name,
    );
  const valueOf = async (id: string): Promise<string | undefined> =>
    (await client.send(new GetItemCommand({ TableName: 'counters', Key: { id: { S: id } }, ConsistentRead: true })))
      .Item?.['atomic_counter']?.N;

  it('carries out as many writes of an item as the limit has, and throttles the others, which write nothing', async () => {
    const made = await ends(Array.from({ length: 8 }, () => increment('hot')));

    expect(made.filter((end) => end === 'written')).toHaveLength(3);
    expect(made.filter((end) => end === 'ThrottlingException')).toHaveLength(5);
    expect(await valueOf('hot')).toBe('3');
  });

  it('words it as DynamoDB does for an on-demand table', async () => {
    await ends(Array.from({ length: 3 }, () => increment('worded')));

    await expect(increment('worded')).rejects.toMatchObject({
      name: 'ThrottlingException',
      message: expect.stringMatching(
        /^Throughput exceeds the current capacity of your table .* a hot key: https:/,
      ) as string,
      ThrottlingReasons: [{ reason: 'TableWriteKeyRangeThroughputExceeded' }],
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('lets an item write again at its rate', async () => {
    await ends(Array.from({ length: 3 }, () => increment('later')));

    nowMs += 334;

    expect(await ends([increment('later'), increment('later')])).toEqual(
      expect.arrayContaining(['written', 'ThrottlingException']),
    );
  });

  it('takes a unit for a conditional write that is refused, too', async () => {
    await increment('full', 1);

    const made = [
      await ends([increment('full', 1)]),
      await ends([increment('full', 1)]),
      await ends([increment('full', 1)]),
    ];

    expect(made.flat()).toEqual([
      'ConditionalCheckFailedException',
      'ConditionalCheckFailedException',
      'ThrottlingException',
    ]);
  });

  it('has a limit for each item', async () => {
    const made = await ends(['one', 'two', 'three'].flatMap((id) => Array.from({ length: 3 }, () => increment(id))));

    expect(made).toEqual(Array.from({ length: 9 }, () => 'written'));
  });

  it('lets reads through', async () => {
    await increment('read');

    const reads = await Promise.all(Array.from({ length: 20 }, () => valueOf('read')));

    expect(reads).toEqual(Array.from({ length: 20 }, () => '1'));
  });

  it('refuses writes that it can’t count', async () => {
    const write = new BatchWriteItemCommand({
      RequestItems: { counters: [{ PutRequest: { Item: { id: { S: 'uncounted' } } } }] },
    });

    await expect(client.send(write)).rejects.toThrow("BatchWriteItem isn't counted here");
    expect(await valueOf('uncounted')).toBeUndefined();
  });
});
