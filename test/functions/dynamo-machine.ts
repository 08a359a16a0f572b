import {
  type CounterStore,
  InvalidRequestError,
  type Outcome,
  StoreUnavailableError,
  UnknownOutcomeError,
} from '../../functions/counter-store';
import { dynamoDbIntegrations, startStepFunctions, stateMachinesFromTemplate } from '../../local/step-functions';
import { createTables } from '../../local/tables';
import { type RawTemplate, resolveTemplate } from '../../local/template';
import { synthesized } from '../lib/synthesized';

/** What the increment state machine puts out. */
interface IncrementOutput {
  readonly outcome: string;
  readonly counter?: number;
  readonly error?: string;
}

const { resources } = resolveTemplate(synthesized({ STORES: 'dynamo' }).toJSON() as RawTemplate);

/** Makes the template's table. */
export async function prepareDynamo(endpoint: string): Promise<void> {
  const { call, close } = dynamoDbIntegrations(endpoint);
  await createTables(resources, call);
  close();
}

/** DynamoDB as a counter store: it has no code of its own, so each increment is an execution of the state machine. */
export function dynamoMachineStore(endpoint: string): CounterStore {
  const { integrations, close } = dynamoDbIntegrations(endpoint);
  const [machine] = stateMachinesFromTemplate(resources);
  if (!machine) throw new Error('the template has no state machine');
  const stepFunctions = startStepFunctions({
    region: 'us-east-1',
    account: '000000000000',
    stateMachines: [machine],
    integrations,
  });
  return {
    increment: async (id, { max } = {}) => {
      const input = { store: 'dynamo', id, useConditionalWrites: max !== undefined, max };
      const { status, output } = await stepFunctions.startSyncExecution({
        stateMachineArn: machine.arn,
        input: JSON.stringify(input),
      });
      if (status !== 'SUCCEEDED') throw new UnknownOutcomeError(`the execution ended as ${status}`);
      return toOutcome(JSON.parse(output ?? '{}') as IncrementOutput);
    },
    close: async () => {
      await stepFunctions.close();
      close();
    },
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
