import { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { dynamoDbIntegrations } from '../../step-functions';
import { startDynamo } from '../../dynamodb';
import type { EmbeddedStore } from '../../worker/embedded-store';
import { createTables } from '../../dynamodb/tables';
import type { TemplateResource } from '../../cloudformation/resource';

const TABLE: TemplateResource = {
  logicalId: 'Ledger',
  type: 'AWS::DynamoDB::Table',
  physicalId: 'ledger',
  attributes: {},
  metadata: {},
  properties: {
    KeySchema: [{ AttributeName: 'account', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'account', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  },
};

describe('the embedded DynamoDB', () => {
  let store: EmbeddedStore;
  let client: DynamoDBClient;
  let closeCalls: () => void;

  beforeAll(async () => {
    store = await startDynamo();
    const endpoint = `http://127.0.0.1:${store.port}`;
    const { call, close } = dynamoDbIntegrations(endpoint);
    closeCalls = close;
    await createTables([TABLE], call);
    await createTables([TABLE], call); // a table that is there is kept
    client = new DynamoDBClient({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });
  });

  afterAll(async () => {
    client.destroy();
    closeCalls();
    await store.close();
  });

  const put = (account: string, balance: string): Promise<unknown> =>
    client.send(
      new PutItemCommand({ TableName: 'ledger', Item: { account: { S: account }, balance: { N: balance } } }),
    );
  const balance = async (account: string): Promise<string | undefined> =>
    (
      await client.send(
        new GetItemCommand({ TableName: 'ledger', Key: { account: { S: account } }, ConsistentRead: true }),
      )
    ).Item?.['balance']?.N;

  it('keeps its items over stop and start, on the same port', async () => {
    await put('kept', '7');

    await store.stop();
    await expect(balance('kept')).rejects.toThrow(/ECONNREFUSED|socket hang up|ECONNRESET/);
    await store.start();

    await expect(balance('kept')).resolves.toBe('7');
  });

  it('loses updates of writers that read first, and none of those that add', async () => {
    await put('blind', '0');
    await put('added', '0');
    const writers = Array.from({ length: 32 });

    await Promise.all(writers.map(async () => put('blind', String(Number(await balance('blind')) + 1))));
    await Promise.all(
      writers.map(() =>
        client.send(
          new UpdateItemCommand({
            TableName: 'ledger',
            Key: { account: { S: 'added' } },
            UpdateExpression: 'ADD balance :one',
            ExpressionAttributeValues: { ':one': { N: '1' } },
          }),
        ),
      ),
    );

    expect(Number(await balance('blind'))).toBeLessThan(32);
    await expect(balance('added')).resolves.toBe('32');
  });

  it('waits until its tables are active', async () => {
    const states = ['CREATING', 'CREATING', 'ACTIVE'];
    const calls: string[] = [];

    await createTables([TABLE], (action) => {
      calls.push(action);
      return Promise.resolve(action === 'DescribeTable' ? { Table: { TableStatus: states.shift() } } : {});
    });

    expect(calls).toEqual(['CreateTable', 'DescribeTable', 'DescribeTable', 'DescribeTable']);
  });

  it('refuses a table property that it can not carry out, naming it', async () => {
    const streamed = {
      ...TABLE,
      properties: { ...TABLE.properties, StreamSpecification: { StreamViewType: 'KEYS_ONLY' } },
    };

    await expect(createTables([streamed], () => Promise.resolve())).rejects.toThrow(
      'Ledger (AWS::DynamoDB::Table) StreamSpecification: is not emulated',
    );
  });
});
