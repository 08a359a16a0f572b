import { loadTemplate, type SynthesizedTemplate } from 'template-runtime/cloudformation';
import { dynamoDbIntegrations, startStepFunctions, stateMachinesFromTemplate } from 'template-runtime/step-functions';
import type { IncrementResult } from '../../compare/exactness';

export interface DirectDynamoOptions {
  /** The folder of the cloud assembly. */
  readonly assembly: string;
  /** Where DynamoDB answers, such as `http://127.0.0.1:8000`. */
  readonly dynamoDbUrl: string;
  /** Decimal digits. @default - increments are unconditional */
  readonly max?: string;
}

/**
 * The module of a generator's `direct` target for DynamoDB, which no function calls: the request that the state machine's
 * own state makes, sent by itself.
 */
export function open({ assembly, dynamoDbUrl, max }: DirectDynamoOptions): {
  increment: (id: string) => Promise<IncrementResult>;
  close: () => Promise<void>;
} {
  const { call, close } = dynamoDbIntegrations(dynamoDbUrl);
  const template = loadTemplate(assembly);
  const requests = new Map<string, Promise<Request>>();
  return {
    increment: async (id) => {
      const known = requests.get(id) ?? requestOf(template, id, max);
      requests.set(id, known);
      const request = await known;
      try {
        const result = await call(request.operation, request.input);
        const { Attributes } = result as { Attributes: Record<string, { N: string }> };
        return { status: 'incremented', counter: Number(Object.values(Attributes)[0]?.N) };
      } catch (error) {
        const { error: name } = error as { error?: string };
        return { status: name?.endsWith('ConditionalCheckFailedException') ? 'limit-reached' : 'unknown' };
      }
    },
    close: () => {
      close();
      return Promise.resolve();
    },
  };
}

interface Request {
  /** Such as `UpdateItem`. */
  readonly operation: string;
  readonly input: unknown;
}

/** Runs the machine up to its call, which is kept instead of being made. */
async function requestOf(
  { resources, location }: SynthesizedTemplate,
  id: string,
  max: string | undefined,
): Promise<Request> {
  const stateMachines = stateMachinesFromTemplate(resources);
  let request: Request | undefined;
  const stepFunctions = startStepFunctions({
    ...location,
    stateMachines,
    integrations: {
      'arn:': ({ resource, arguments: input }) => {
        request = { operation: resource.replace(/^.*:(.)/, (_, first: string) => first.toUpperCase()), input };
        return Promise.reject(new Error('kept'));
      },
    },
  });
  const machine = stateMachines.find(({ name }) => name.endsWith('-increment'));
  await stepFunctions.startSyncExecution({
    stateMachineArn: machine?.arn ?? '',
    input: JSON.stringify({ store: 'dynamo', id, useConditionalWrites: max !== undefined, max }),
  });
  await stepFunctions.close();
  if (!request) throw new Error('the state machine makes no call for an increment in DynamoDB');
  return request;
}
