import {
  type CounterStore,
  InvalidRequestError,
  type Operation,
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

/** What the state machines put out. */
interface Output {
  readonly outcome: string;
  readonly counter?: number;
  readonly error?: string;
}

/** DynamoDB as a counter store: it has no code of its own, so each call is an execution of a state machine. */
async function machineStore(
  dynamoDbUrl: string,
  closeServer = (): Promise<void> => Promise.resolve(),
): Promise<CounterStoreUnderTest> {
  const { resources } = resolveTemplate(synthesized({ STORES: 'dynamo' }).toJSON() as RawTemplate);
  const { integrations, call, close } = dynamoDbIntegrations(dynamoDbUrl);
  await createTables(resources, call);
  const stateMachines = stateMachinesFromTemplate(resources);
  const table = resources.find(({ type }) => type === 'AWS::DynamoDB::Table')?.physicalId;
  const arnOf = (construct: string): string =>
    resources.find(
      ({ type, logicalId }) => type === 'AWS::StepFunctions::StateMachine' && logicalId.startsWith(construct),
    )?.physicalId ?? '';
  if (table === undefined) throw new Error('the template has no table');
  const stepFunctions = startStepFunctions({
    region: 'us-east-1',
    account: '000000000000',
    stateMachines,
    integrations,
  });
  const put = async (id: string, value: object): Promise<void> => {
    await call('PutItem', { TableName: table, Item: { id: { S: id }, atomic_counter: value } });
  };
  return {
    store: executions(stepFunctions, { increment: arnOf('IncrementWorkflow'), read: arnOf('ReadWorkflow') }),
    put: (id, value) => put(id, { N: value }),
    putNonNumber: (id) => put(id, { S: 'many' }),
    close: async () => {
      await stepFunctions.close();
      close();
      await closeServer();
    },
  };
}

function executions(stepFunctions: StepFunctions, arns: Readonly<Record<Operation, string>>): CounterStore {
  const run = async (operation: Operation, input: object): Promise<Output> => {
    const { status, output } = await stepFunctions.startSyncExecution({
      stateMachineArn: arns[operation],
      input: JSON.stringify({ store: 'dynamo', ...input }),
    });
    if (status !== 'SUCCEEDED') throw new UnknownOutcomeError(`the execution ended as ${status}`);
    return JSON.parse(output ?? '{}') as Output;
  };
  return {
    increment: async (id, { max } = {}) =>
      toOutcome(await run('increment', { id, useConditionalWrites: max !== undefined, max })),
    read: async (id) => {
      const output = await run('read', { id });
      return output.outcome === 'read' ? (output.counter ?? NaN) : fail(output);
    },
    close: () => Promise.resolve(),
  };
}

function toOutcome(output: Output): Outcome {
  const { outcome, counter } = output;
  switch (outcome) {
    case 'incremented':
      return { status: 'incremented', counter: counter ?? NaN };
    case 'limit-reached':
      return { status: 'limit-reached', ...(counter === undefined ? {} : { counter }) };
    default:
      return fail(output);
  }
}

function fail({ outcome, error = outcome }: Output): never {
  switch (outcome) {
    case 'invalid-request':
      throw new InvalidRequestError(error);
    case 'unavailable':
      throw new StoreUnavailableError(error);
    default:
      throw new UnknownOutcomeError(error);
  }
}

describeCounterStore('embedded DynamoDB, by the state machines,', {
  holdsNonNumbers: true,
  create: async () => {
    const server = await startDynamo();
    return machineStore(`http://127.0.0.1:${server.port}`, () => server.close());
  },
});

describeOnRealServer('DYNAMODB_URL', ({ host, port }) => {
  describeCounterStore('another DynamoDB, by the state machines,', {
    holdsNonNumbers: true,
    create: () => machineStore(`http://${host}:${port}`),
  });
});
