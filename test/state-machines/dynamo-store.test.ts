import { dynamoDbIntegrations } from '../../local/step-functions';
import { startDynamo } from '../../local/stores/dynamo';
import { type CounterStoreUnderTest, describeCounterStore } from '../counter-store.contract';
import { dynamoMachineStore, prepareDynamo, TABLE } from '../functions/dynamo-machine';
import { describeOnRealServer } from '../real-server';

async function machineStore(
  endpoint: string,
  closeServer = (): Promise<void> => Promise.resolve(),
): Promise<CounterStoreUnderTest> {
  await prepareDynamo(endpoint);
  const store = dynamoMachineStore(endpoint);
  const { call, close } = dynamoDbIntegrations(endpoint);
  const put = async (id: string, value: object): Promise<void> => {
    await call('PutItem', { TableName: TABLE, Item: { id: { S: id }, atomic_counter: value } });
  };
  return {
    store,
    put: (id, value) => put(id, { N: value }),
    putNonNumber: (id) => put(id, { S: 'many' }),
    close: async () => {
      await store.close();
      close();
      await closeServer();
    },
  };
}

describeCounterStore('embedded DynamoDB, by the state machines,', {
  holdsNonNumbers: true,
  create: async () => {
    const server = await startDynamo();
    return machineStore(`http://127.0.0.1:${server.port}`, () => server.close());
  },
});

describeOnRealServer('DYNAMODB_URL', ({ host, port }) => {
  describeCounterStore('the server of DYNAMODB_URL, by the state machines,', {
    holdsNonNumbers: true,
    create: () => machineStore(`http://${host}:${port}`),
  });
});
