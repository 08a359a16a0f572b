import {
  type CounterStore,
  InvalidRequestError,
  type Outcome,
  StoreUnavailableError,
  UnknownOutcomeError,
} from '../../functions/counter-store';
import {
  dynamoDbIntegrations,
  startStepFunctions,
  stateMachinesFromTemplate,
  type StepFunctions,
} from '../../local/step-functions';
import { startDynamo } from '../../local/stores/dynamo';
import { createTables } from '../../local/tables';
import { type RawTemplate, resolveTemplate } from '../../local/template';
import { type CounterStoreUnderTest, describeCounterStore } from '../counter-store.contract';
import { synthesized } from '../lib/synthesized';
import { describeOnRealServer } from '../real-server';

/** What the increment state machine puts out. */
interface IncrementOutput {
  readonly outcome: string;
  readonly counter?: number;
  readonly error?: string;
}

/** DynamoDB as a counter store: it has no code of its own, so each increment is an execution of the state machine. */
async function machineStore(
  dynamoDbUrl: string,
  closeServer = (): Promise<void> => Promise.resolve(),
): Promise<CounterStoreUnderTest> {
  const { resources } = resolveTemplate(synthesized({ STORES: 'dynamo' }).toJSON() as RawTemplate);
  const { integrations, call, close } = dynamoDbIntegrations(dynamoDbUrl);
  await createTables(resources, call);
  const [machine] = stateMachinesFromTemplate(resources);
  const table = resources.find(({ type }) => type === 'AWS::DynamoDB::Table')?.physicalId;
  if (!machine || table === undefined) throw new Error('the template has no state machine or no table');
  const stepFunctions = startStepFunctions({
    region: 'us-east-1',
    account: '000000000000',
    stateMachines: [machine],
    integrations,
  });
  const put = async (id: string, value: object): Promise<void> => {
    await call('PutItem', { TableName: table, Item: { id: { S: id }, atomic_counter: value } });
  };
  return {
    store: executions(stepFunctions, machine.arn),
    put: (id, value) => put(id, { N: value }),
    putNonNumber: (id) => put(id, { S: 'many' }),
    close: async () => {
      await stepFunctions.close();
      close();
      await closeServer();
    },
  };
}

function executions(stepFunctions: StepFunctions, stateMachineArn: string): CounterStore {
  return {
    increment: async (id, { max } = {}) => {
      const input = { store: 'dynamo', id, useConditionalWrites: max !== undefined, max };
      const { status, output } = await stepFunctions.startSyncExecution({
        stateMachineArn,
        input: JSON.stringify(input),
      });
      if (status !== 'SUCCEEDED') throw new UnknownOutcomeError(`the execution ended as ${status}`);
      return toOutcome(JSON.parse(output ?? '{}') as IncrementOutput);
    },
    close: () => Promise.resolve(),
  };
}

function toOutcome({ outcome, counter, error = outcome }: IncrementOutput): Outcome {
  switch (outcome) {
    case 'incremented':
      return { status: 'incremented', counter: counter ?? NaN };
    case 'limit-reached':
      return { status: 'limit-reached', ...(counter === undefined ? {} : { counter }) };
    case 'invalid-request':
      throw new InvalidRequestError(error);
    case 'unavailable':
      throw new StoreUnavailableError(error);
    default:
      throw new UnknownOutcomeError(error);
  }
}

describeCounterStore('embedded DynamoDB, by the state machine,', {
  holdsNonNumbers: true,
  create: async () => {
    const server = await startDynamo();
    return machineStore(`http://127.0.0.1:${server.port}`, () => server.close());
  },
});

describeOnRealServer('DYNAMODB_URL', ({ host, port }) => {
  describeCounterStore('another DynamoDB, by the state machine,', {
    holdsNonNumbers: true,
    create: () => machineStore(`http://${host}:${port}`),
  });
});
