import {
  type CounterStore,
  InvalidRequestError,
  type Operation,
  type Outcome,
  StoreUnavailableError,
  UnknownOutcomeError,
} from '../../functions/counter-store';
import type { KeyedOutcome } from '../../functions/keyed-increment';
import { dynamoDbIntegrations, startStepFunctions, stateMachinesFromTemplate } from 'template-runtime/step-functions';
import { createTables } from 'template-runtime/dynamodb';
import { type RawTemplate, resolveTemplate, stackLocation } from 'template-runtime/cloudformation';
import { synthesized } from '../lib/synthesized';

/** What the state machines put out. */
interface Output {
  readonly outcome: string;
  readonly counter?: number;
  readonly error?: string;
}

const { resources } = resolveTemplate(
  synthesized({ STORES: 'dynamo' }).toJSON() as RawTemplate,
  stackLocation('AtomicCounter'),
);
const stateMachines = stateMachinesFromTemplate(resources);

/** The name of the template's table. */
export const TABLE = resources.find(({ type }) => type === 'AWS::DynamoDB::Table')?.physicalId ?? '';

/** Makes the template's table. */
export async function prepareDynamo(endpoint: string): Promise<void> {
  const { call, close } = dynamoDbIntegrations(endpoint);
  await createTables(resources, call);
  close();
}

/** DynamoDB as a counter store: it has no code of its own, so each call is an execution of a state machine. */
export function dynamoMachineStore(endpoint: string): CounterStore {
  const { integrations, close } = dynamoDbIntegrations(endpoint);
  const stepFunctions = startStepFunctions({
    region: 'us-east-1',
    account: '000000000000',
    stateMachines,
    integrations,
  });
  const run = async (operation: Operation, input: object): Promise<Output> => {
    const machine = stateMachines.find(({ name }) => name.endsWith(`-${operation}`));
    const { status, output } = await stepFunctions.startSyncExecution({
      stateMachineArn: machine?.arn ?? '',
      input: JSON.stringify({ store: 'dynamo', ...input }),
    });
    if (status !== 'SUCCEEDED') throw new UnknownOutcomeError(`the execution ended as ${status}`);
    return JSON.parse(output ?? '{}') as Output;
  };
  return {
    increment: async (id, { max } = {}) =>
      toOutcome(await run('increment', { id, useConditionalWrites: max !== undefined, max })),
    incrementKeyed: async (id, { key, max }) =>
      toKeyedOutcome(await run('increment', { id, useConditionalWrites: max !== undefined, max, key })),
    read: async (id) => {
      const output = await run('read', { id });
      return output.outcome === 'read' ? (output.counter ?? NaN) : fail(output);
    },
    close: async () => {
      await stepFunctions.close();
      close();
    },
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

function toKeyedOutcome(output: Output): KeyedOutcome {
  const { outcome, counter } = output;
  if (outcome === 'no-room') return { status: 'full' };
  return outcome === 'replayed' ? { status: 'replayed', counter: counter ?? NaN } : toOutcome(output);
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
