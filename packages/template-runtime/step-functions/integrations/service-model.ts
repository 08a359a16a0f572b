import { DYNAMODB_OPERATIONS } from './dynamodb-operations';

type Operations = Readonly<Record<string, readonly string[]>>;

/** What each operation takes, by the resource that calls it without its last part. */
const SERVICES: Readonly<Record<string, Operations>> = {
  'arn:aws:states:::dynamodb:': DYNAMODB_OPERATIONS,
  'arn:aws:states:::aws-sdk:dynamodb:': DYNAMODB_OPERATIONS,
  // https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
  'arn:aws:states:::lambda:': {
    invoke: ['ClientContext', 'FunctionName', 'InvocationType', 'LogType', 'Payload', 'Qualifier'],
  },
  // https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
  'arn:aws:states:::states:': { startExecution: ['Input', 'Name', 'StateMachineArn', 'TraceHeader'] },
};

/**
 * Whether the service that a resource names has such an operation. Its first letter is a small one:
 * `aws-sdk:dynamodb:updateItem` (https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html).
 * True of every resource whose service isn't known here.
 */
export function isOperation(resource: string): boolean {
  const { operations, name } = serviceOf(resource);
  return operations === undefined || Object.hasOwn(operations, name);
}

/**
 * The first argument that the called operation doesn't take, in AWS's words; undefined where all are known.
 *
 * @param args the state's `Arguments`, evaluated or not
 */
export function argumentsProblem(resource: string, args: unknown): string | undefined {
  const { operations, name } = serviceOf(resource);
  const members = operations?.[name];
  if (members === undefined || typeof args !== 'object' || args === null || Array.isArray(args)) return undefined;
  const unknown = Object.keys(args).find((argument) => !members.includes(argument));
  return unknown === undefined ? undefined : `The field "${unknown}" is not supported by Step Functions`;
}

function serviceOf(resource: string): { operations: Operations | undefined; name: string } {
  const [, service = '', name = ''] = /^(.*:)([^:.]*)(?:\..*)?$/.exec(resource) ?? [];
  return { operations: SERVICES[service], name };
}
