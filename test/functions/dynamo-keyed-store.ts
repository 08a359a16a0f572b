import { dynamoDbIntegrations } from 'template-runtime/step-functions';
import { startDynamo } from 'template-runtime/dynamodb';
import { dynamoMachineStore, prepareDynamo, TABLE } from './dynamo-machine';
import type { KeyedCounterUnderTest } from './keyed-counter.contract';

/** A DynamoDB that runs, whose increments with a key, by the state machines, are tested. */
export async function openKeyedDynamo(
  endpoint: string,
  closeServer = (): Promise<void> => Promise.resolve(),
): Promise<KeyedCounterUnderTest> {
  await prepareDynamo(endpoint);
  const store = dynamoMachineStore(endpoint);
  const { call, close } = dynamoDbIntegrations(endpoint);
  return {
    increment: (id, options) => store.increment(id, options),
    incrementKeyed: (id, increment) => store.incrementKeyed(id, increment),
    read: (id) => store.read(id),
    put: async (id, value) => {
      await call('PutItem', { TableName: TABLE, Item: { id: { S: id }, atomic_counter: { N: value } } });
    },
    remembered: async (id) => {
      const answer = await call('GetItem', { TableName: TABLE, Key: { id: { S: id } }, ConsistentRead: true });
      const { Item: item = {} } = answer as { Item?: Record<string, { N?: string }> };
      const names = Object.keys(item).filter((name) => /^[0-9a-f]{16}$/.test(name));
      expect(Number(item['keys']?.N ?? 0)).toBe(names.length);
      return names.length;
    },
    close: async () => {
      await store.close();
      close();
      await closeServer();
    },
  };
}

export async function startKeyedDynamo(): Promise<KeyedCounterUnderTest> {
  const server = await startDynamo();
  return openKeyedDynamo(`http://127.0.0.1:${server.port}`, () => server.close());
}
