import type { Scope } from '../../scope';
import { TaskError } from '../errors';
import type { FunctionInvocation, Integration, IntegrationCall } from './integration';

/**
 * Invokes a function and waits for its answer.
 *
 * @param functionName a name or an ARN
 * @param payload the event's JSON
 * @param onAccepted called before the function runs, unless Lambda refuses the call
 * @returns the JSON that the function returned, or, with `functionError`, the error's
 * @throws an error named as AWS names it, such as `Lambda.TooManyRequestsException`
 */
export type InvokeFunction = (
  functionName: string,
  payload: string,
  scope: Scope,
  onAccepted?: (invocation: FunctionInvocation) => void,
) => Promise<{ readonly payload: string; readonly functionError?: string }>;

interface InvokeArguments {
  readonly FunctionName?: unknown;
  readonly Payload?: unknown;
  readonly [other: string]: unknown;
}

/**
 * Lambda functions: by `lambda:invoke`, and by the ARN of a function as a task's resource.
 *
 * Of what AWS puts into the result of `lambda:invoke`, the metadata of the HTTP call are missing.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
 *
 * @param functionArns the functions that a task may name as its resource; others are refused when the machine is created.
 *   @default - any
 */
export function lambdaIntegrations(
  invoke: InvokeFunction,
  functionArns: readonly string[] = ['arn:aws:lambda:'],
): Record<string, Integration> {
  const byArn: Integration = (call) => invokeFunction(invoke, call.resource, JSON.stringify(call.arguments), call);
  return {
    ...Object.fromEntries(functionArns.map((arn) => [arn, byArn])),
    'arn:aws:states:::lambda:invoke': async (call) => {
      const { FunctionName, Payload = {}, ...others } = call.arguments as InvokeArguments;
      if (typeof FunctionName !== 'string') {
        throw new TaskError('Lambda.ValidationException', "The field 'FunctionName' must be a string");
      }
      const [unknown] = Object.keys(others);
      if (unknown !== undefined)
        throw new TaskError('Lambda.ValidationException', `The field '${unknown}' is not emulated`);
      const result = await invokeFunction(invoke, FunctionName, JSON.stringify(Payload), call);
      return { ExecutedVersion: '$LATEST', Payload: result, StatusCode: 200 };
    },
  };
}

async function invokeFunction(
  invoke: InvokeFunction,
  functionName: string,
  payload: string,
  { scope, onInvocation }: Pick<IntegrationCall, 'scope' | 'onInvocation'>,
): Promise<unknown> {
  const answer = await invoke(functionName, payload, scope, onInvocation).catch((error: unknown) => {
    throw asTaskError(error);
  });
  if (answer.functionError !== undefined) throw functionError(answer.payload);
  // A function that returns nothing answers null.
  return answer.payload === '' ? null : (JSON.parse(answer.payload) as unknown);
}

/** What the Lambda service itself refuses goes by AWS's name; whatever else goes wrong has no known cause. */
function asTaskError(error: unknown): TaskError {
  if (!(error instanceof Error)) return new TaskError('Lambda.Unknown', String(error));
  return new TaskError(error.name.startsWith('Lambda.') ? error.name : 'Lambda.Unknown', error.message);
}

/**
 * Errors that the function didn't raise itself: it ran out of time or memory, or its process ended.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html
 */
const UNHANDLED = /^(?:Sandbox\.|Runtime\.(?:ExitError|OutOfMemory)$)/;

/** A function's error goes by its type, with the whole of its JSON as the cause. */
function functionError(payload: string): TaskError {
  const type = errorType(payload);
  if (type !== undefined) return new TaskError(UNHANDLED.test(type) ? 'Lambda.Unknown' : type, payload);
  return new TaskError(
    'Lambda.Unknown',
    `The cause could not be determined because Lambda did not return an error type. Returned payload: ${payload}`,
  );
}

function errorType(payload: string): string | undefined {
  try {
    const error = JSON.parse(payload) as { errorType?: unknown } | null;
    return typeof error?.errorType === 'string' ? error.errorType : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
