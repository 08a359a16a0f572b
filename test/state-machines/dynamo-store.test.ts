import { dynamoDbIntegrations } from 'template-runtime/step-functions';
import { startDynamo } from 'template-runtime/dynamodb';
import {
  type CounterStoreUnderTest,
  describeCounterStore,
  type ForeignValues,
  INTEGERS,
} from '../counter-store.contract';
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
    putForeign: (id, value) => put(id, typeof value === 'string' ? { N: value } : (value as object)),
    inspect: (id) => call('GetItem', { TableName: TABLE, Key: { id: { S: id } }, ConsistentRead: true }),
    close: async () => {
      await store.close();
      close();
      await closeServer();
    },
  };
}

/** Any number passes for one that may be incremented: no condition can ask for a fraction (docs/errors.md). */
const FOREIGN: ForeignValues = {
  counters: [...INTEGERS.counters, ['5.0', 5], ['1E+3', 1000]],
  beyond: [...INTEGERS.beyond, '9007199254740992.5', '1E+40'],
  others: [{ S: 'many' }, { S: '5' }, { S: '' }, { NULL: true }, { BOOL: true }, { L: [] }, { M: {} }, { SS: ['5'] }],
  countedAnyway: [...INTEGERS.others, '5.5', '-0.5', '9007199254740990.5', '-1E+20'],
};

describeCounterStore('embedded DynamoDB, by the state machines,', {
  foreign: FOREIGN,
  create: async () => {
    const server = await startDynamo();
    return machineStore(`http://127.0.0.1:${server.port}`, () => server.close());
  },
});

describeOnRealServer('DYNAMODB_URL', ({ host, port }) => {
  describeCounterStore('the server of DYNAMODB_URL, by the state machines,', {
    foreign: FOREIGN,
    create: () => machineStore(`http://${host}:${port}`),
  });
});
