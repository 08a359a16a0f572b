import {
  type Integration,
  startStepFunctions,
  stateMachinesFromTemplate,
  TaskError,
} from 'template-runtime/step-functions';
import { type RawTemplate, resolveTemplate, stackLocation } from 'template-runtime/cloudformation';
import type { Operation } from '../../functions/counter-store';
import { synthesized } from '../lib/synthesized';
import { impatientClock } from './impatient-clock';

/** What an execution puts out. */
export interface Output {
  readonly outcome: string;
  readonly error?: string;
  readonly [field: string]: unknown;
}

/** The state machines of a deployment. What they call is answered by the test. */
export interface AnsweredMachines {
  /** What the calls of a test are answered with, by their order; none is expected after the last. */
  answers: readonly (() => unknown)[];
  /** The arguments of the calls so far, and which operations of a service they called. */
  readonly calls: Readonly<Record<string, unknown>>[];
  readonly operations: string[];
  /** @throws Error with the cause of an execution that failed */
  run(operation: Operation, input: object): Promise<Output>;
}

/** @param settings of the deployment */
export function answeredMachines(settings: Readonly<Record<string, string>> = {}): AnsweredMachines {
  const template = synthesized(settings).toJSON() as RawTemplate;
  const stateMachines = stateMachinesFromTemplate(resolveTemplate(template, stackLocation('AtomicCounter')).resources);
  const answered: AnsweredMachines = {
    answers: [],
    calls: [],
    operations: [],
    async run(operation, input) {
      const { output, cause } = await stepFunctions.startSyncExecution({
        stateMachineArn: stateMachines.find(({ name }) => name.endsWith(`-${operation}`))?.arn ?? '',
        input: JSON.stringify(input),
      });
      if (output === undefined) throw new Error(cause);
      return JSON.parse(output) as Output;
    },
  };
  const service: Integration = ({ resource, arguments: sent }) => {
    const answer = answered.answers[answered.calls.length];
    answered.calls.push(sent as Record<string, unknown>);
    answered.operations.push(resource.slice(resource.lastIndexOf(':') + 1));
    if (!answer) throw new Error('one call more than expected');
    return Promise.resolve().then(() => answer());
  };
  const stepFunctions = startStepFunctions({
    region: 'us-east-1',
    account: '000000000000',
    stateMachines,
    integrations: {
      'arn:aws:lambda:': service,
      'arn:aws:states:::aws-sdk:dynamodb:updateItem': service,
      'arn:aws:states:::aws-sdk:dynamodb:getItem': service,
    },
    clock: impatientClock,
  });
  beforeEach(() => {
    answered.answers = [];
    answered.calls.length = 0;
    answered.operations.length = 0;
  });
  afterAll(() => stepFunctions.close());
  return answered;
}

/** An answer. */
export const returns = (result: unknown) => (): unknown => result;

/** An error, in place of an answer. */
export const fails =
  (name: string, cause = '{"errorMessage":"as the test wants"}') =>
  (): never => {
    throw new TaskError(name, cause);
  };

/** An error of DynamoDB, as Step Functions' SDK words it. */
export const dynamoFails = (name: string, message: string, attempts = 1): (() => never) =>
  fails(
    `DynamoDb.${name}`,
    `${message} (Service: DynamoDb, Status Code: 400, Request ID: 0) (SDK Attempt Count: ${attempts})`,
  );
