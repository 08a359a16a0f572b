import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dynamoDbIntegrations, startStepFunctions } from 'template-runtime/step-functions';
import { startDynamo } from 'template-runtime/dynamodb';
import { MAX_COUNTER, NotAppliedError, UnknownOutcomeError } from '../../functions/counter-store';
import type { KeyedOutcome } from '../../functions/keyed-increment';
import { dynamoMachineStore, prepareDynamo, TABLE } from '../functions/dynamo-machine';
import { describeKeyedCounter, type KeyedCounterUnderTest } from '../functions/keyed-counter.contract';
import { describeOnRealServer } from '../real-server';

const definition = readFileSync(join(__dirname, '../models/dynamo-keyed.asl.json'), 'utf8').replaceAll(
  '${CounterTableName}',
  TABLE,
);
interface Unanswered {
  readonly status: 'not-applied' | 'unknown';
}

const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:keyed';

async function openStore(
  endpoint: string,
  closeServer = (): Promise<void> => Promise.resolve(),
): Promise<KeyedCounterUnderTest> {
  await prepareDynamo(endpoint);
  const store = dynamoMachineStore(endpoint);
  const { integrations, call, close } = dynamoDbIntegrations(endpoint);
  const stepFunctions = startStepFunctions({
    region: 'us-east-1',
    account: '000000000000',
    stateMachines: [{ name: 'keyed', arn: stateMachineArn, type: 'EXPRESS', definition }],
    integrations,
  });
  return {
    increment: (id, options) => store.increment(id, options),
    incrementKeyed: async (id, { key, max = String(MAX_COUNTER), sentAt, windowSeconds, cap }) => {
      const { status, output, cause } = await stepFunctions.startSyncExecution({
        stateMachineArn,
        input: JSON.stringify({ id, key, max, sentAt, windowSeconds, cap }),
      });
      if (status !== 'SUCCEEDED') throw new UnknownOutcomeError(`the execution ended as ${status}: ${cause}`);
      const outcome = JSON.parse(output ?? '{}') as KeyedOutcome | Unanswered;
      switch (outcome.status) {
        case 'not-applied':
          throw new NotAppliedError('not applied');
        case 'unknown':
          throw new UnknownOutcomeError('unknown');
        default:
          return outcome;
      }
    },
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
      await stepFunctions.close();
      await store.close();
      close();
      await closeServer();
    },
  };
}

describeKeyedCounter('embedded DynamoDB, by a state machine,', {
  create: async () => {
    const server = await startDynamo();
    return openStore(`http://127.0.0.1:${server.port}`, () => server.close());
  },
});

describeOnRealServer('DYNAMODB_URL', ({ host, port }) => {
  describeKeyedCounter('the server of DYNAMODB_URL, by a state machine,', {
    create: () => openStore(`http://${host}:${port}`),
  });
});
