import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import { dynamoDbIntegrations } from '../../../step-functions';
import { Scope } from '../../../scope';
import type { DynamoDb, Integration } from '../../../step-functions';

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });

const SDK = 'arn:aws:states:::aws-sdk:dynamodb:';
const OPTIMIZED = 'arn:aws:states:::dynamodb:';

describe('the DynamoDB integrations', () => {
  let server: Server;
  let dynamo: DynamoDb;
  const call = (prefix: string, operation: string, input: unknown): Promise<unknown> => {
    const { integrations } = dynamo;
    const integration: Integration | undefined = integrations[prefix + operation] ?? integrations[prefix];
    if (!integration) throw new Error(`${prefix}${operation} is not integrated`);
    return integration({ resource: prefix + operation, arguments: input, scope: new Scope() });
  };
  const update = (more: object = {}) => ({
    TableName: 'counters',
    Key: { id: { S: 'votes' } },
    UpdateExpression: 'ADD #c :one',
    ExpressionAttributeNames: { '#c': 'n' },
    ExpressionAttributeValues: { ':one': { N: '1' } },
    ReturnValues: 'UPDATED_NEW',
    ...more,
  });

  beforeAll(async () => {
    server = dynalite({ createTableMs: 0 });
    dynamo = dynamoDbIntegrations(await listen(server));
    await dynamo.call('CreateTable', {
      TableName: 'counters',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    });
    while (!JSON.stringify(await dynamo.call('DescribeTable', { TableName: 'counters' })).includes('"ACTIVE"'));
  });

  afterAll(async () => {
    dynamo.close();
    await close(server);
  });

  it('give the answer of DynamoDB', async () => {
    const first = await call(SDK, 'updateItem', update());
    const second = await call(OPTIMIZED, 'updateItem', update());

    expect([first, second]).toEqual([{ Attributes: { n: { N: '1' } } }, { Attributes: { n: { N: '2' } } }]);
  });

  it.each([
    [
      SDK,
      'DynamoDb.ConditionalCheckFailedException',
      /^The conditional request failed \(Service: DynamoDb, Status Code: 400, Request ID: .+\)$/,
    ],
    [
      OPTIMIZED,
      'DynamoDB.ConditionalCheckFailedException',
      /^The conditional request failed \(Service: AmazonDynamoDBv2; Status Code: 400; Error Code: ConditionalCheckFailedException; Request ID: .+; Proxy: null\)$/,
    ],
  ])('name a failed condition as AWS does: %s', async (prefix, error, cause) => {
    const failing = call(prefix, 'updateItem', update({ ConditionExpression: 'attribute_exists(nothing)' }));

    await expect(failing).rejects.toMatchObject({ error, cause: expect.stringMatching(cause) as unknown });
  });

  it.each([
    [SDK, 'DynamoDb.ResourceNotFoundException'],
    [OPTIMIZED, 'DynamoDB.ResourceNotFoundException'],
  ])('name a missing table: %s', async (prefix, error) => {
    await expect(call(prefix, 'updateItem', update({ TableName: 'nothing' }))).rejects.toMatchObject({ error });
  });

  // Recorded in github.com/localstack/localstack tests/aws/services/stepfunctions/v2/error_handling/test_aws_sdk.snapshot.json
  it.each([
    [SDK, 'DynamoDb.DynamoDbException'],
    [OPTIMIZED, 'DynamoDB.AmazonDynamoDBException'],
  ])('have one name for what the model of the service does not name: %s', async (prefix, error) => {
    await expect(call(prefix, 'updateItem', update({ Key: {} }))).rejects.toMatchObject({ error });
  });

  it('tell a refused connection from a lost answer', async () => {
    const hangingUp = createServer((request) => request.socket.destroy());
    const url = await listen(hangingUp);
    const client = dynamoDbIntegrations(url);

    const lost: unknown = await client.call('UpdateItem', {}).catch((error: unknown) => error);
    await close(hangingUp);
    const refused: unknown = await client.call('UpdateItem', {}).catch((error: unknown) => error);

    expect(lost).toMatchObject({
      error: 'DynamoDb.SdkClientException',
      cause: 'Unable to execute HTTP request: Connection reset (SDK Attempt Count: 1)',
    });
    expect(refused).toMatchObject({
      error: 'DynamoDb.SdkClientException',
      cause: 'Unable to execute HTTP request: Connection refused (SDK Attempt Count: 1)',
    });
    client.close();
  });

  it('name an answer that is none', async () => {
    const talking = createServer((_request, response) => response.writeHead(503).end('<html>busy</html>'));
    const client = dynamoDbIntegrations(await listen(talking));

    await expect(client.call('UpdateItem', {})).rejects.toMatchObject({ error: 'DynamoDb.DynamoDbException' });

    client.close();
    await close(talking);
  });
});
