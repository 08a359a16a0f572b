import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  UpdateItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { ClassicLevel } from 'classic-level';
import { endCutChanges } from '../../dynamodb/cut-changes';
import { startProcess } from '../../../../test/local/killed-store';

const Key = { id: { S: 'votes' } };

describe('a DynamoDB that was killed', () => {
  let dataDirectory: string;

  beforeEach(() => {
    dataDirectory = mkdtempSync(path.join(os.tmpdir(), 'cut-changes-'));
  });

  afterEach(() => rmSync(dataDirectory, { recursive: true }));

  /** Runs the store in a process of its own, and kills that. */
  async function whileRunning<Result>(use: (client: DynamoDBClient) => Promise<Result>): Promise<Result> {
    const server = await startProcess('dynamo', dataDirectory);
    const client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${server.port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
      maxAttempts: 1,
    });
    try {
      return await use(client);
    } finally {
      client.destroy();
      await server.kill();
    }
  }

  async function createTable(client: DynamoDBClient): Promise<void> {
    await client.send(
      new CreateTableCommand({
        TableName: 'counters',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1 }, { TableName: 'counters' });
  }

  /** Puts the table into the state in which a kill in the middle of a change leaves it. */
  async function cutWhile(status: string): Promise<void> {
    const level = new ClassicLevel<string, { TableStatus: string }>(path.join(dataDirectory, 'dynamo'), {
      valueEncoding: 'json',
    });
    const [entry] = await level.iterator({ gte: 'table~', lt: 'table\x7f' }).all();
    if (!entry) throw new Error('no table is kept');
    await level.put(entry[0], { ...entry[1], TableStatus: status });
    await level.close();
  }

  it('is not taken for an empty one where the file that names its state is missing', async () => {
    await whileRunning(createTable);
    const folder = path.join(dataDirectory, 'dynamo');
    const files = (): string[] => readdirSync(folder).filter((name) => /^MANIFEST-|\.log$/.test(name));
    rmSync(path.join(folder, 'CURRENT'));
    const before = files();

    const start = endCutChanges(folder);

    await expect(start).rejects.toThrow(
      /dynamo is damaged: it has \S+, but no CURRENT\. Move it away to start without it$/,
    );
    expect(files()).toEqual(before);
  });

  it.each(['CREATING', 'UPDATING'])('has a usable table, with its items, that was %s', async (status) => {
    await whileRunning(async (client) => {
      await createTable(client);
      await client.send(new PutItemCommand({ TableName: 'counters', Item: { ...Key, atomic_counter: { N: '41' } } }));
    });
    await cutWhile(status);

    const counter = await whileRunning(async (client) => {
      const update = { UpdateExpression: 'ADD atomic_counter :one', ExpressionAttributeValues: { ':one': { N: '1' } } };
      await client.send(new UpdateItemCommand({ TableName: 'counters', Key, ...update }));
      return (await client.send(new GetItemCommand({ TableName: 'counters', Key }))).Item?.['atomic_counter']?.N;
    });

    expect(counter).toBe('42');
  });

  it('has no table, and none of its items, that was DELETING', async () => {
    await whileRunning(async (client) => {
      await createTable(client);
      await client.send(new PutItemCommand({ TableName: 'counters', Item: Key }));
    });
    await cutWhile('DELETING');

    const [tables, item] = await whileRunning(async (client) => {
      const { TableNames } = await client.send(new ListTablesCommand({}));
      await createTable(client);
      return [TableNames, (await client.send(new GetItemCommand({ TableName: 'counters', Key }))).Item];
    });

    expect(tables).toEqual([]);
    expect(item).toBeUndefined();
  });
});
