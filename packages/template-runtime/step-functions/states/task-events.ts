import type { StateError } from '../errors';
import { errorDetails, inputDetails, outputDetails } from '../execution/history';
import type { EventDetails } from '../execution/history';
import type { Payload } from '../execution/payload';

/** The events of a Task state's call: a Lambda function named by its ARN has its own, all else share the others. */
export interface TaskEvents {
  readonly scheduledType: string;
  readonly startedType: string;
  readonly succeededType: string;
  readonly failedType: string;
  readonly timedOutType: string;
  /** What AWS calls the task in the cause of `States.DataLimitExceeded`. */
  readonly limitName: string;
  readonly started: EventDetails | undefined;
  scheduled(call: Payload, options: { region: string; timeoutSeconds: number | undefined }): EventDetails;
  succeeded(result: Payload): EventDetails;
  failed(error: StateError): EventDetails;
}

const LAMBDA_FUNCTION = /^arn:aws[\w-]*:lambda:/;
const SERVICE = /^arn:aws[\w-]*:states:[^:]*:[^:]*:(?<type>.+):(?<operation>[^:]+)$/;

/**
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
 *
 * @param resource the `Resource` of the state
 */
export function taskEvents(resource: string): TaskEvents {
  return LAMBDA_FUNCTION.test(resource) ? lambdaFunctionEvents(resource) : serviceEvents(resource);
}

function lambdaFunctionEvents(resource: string): TaskEvents {
  return {
    scheduledType: 'LambdaFunctionScheduled',
    startedType: 'LambdaFunctionStarted',
    succeededType: 'LambdaFunctionSucceeded',
    failedType: 'LambdaFunctionFailed',
    timedOutType: 'LambdaFunctionTimedOut',
    limitName: resource,
    started: undefined,
    scheduled: (call, { timeoutSeconds }) => ({
      resource,
      ...inputDetails(call),
      ...(timeoutSeconds !== undefined && { timeoutInSeconds: timeoutSeconds }),
    }),
    succeeded: outputDetails,
    failed: errorDetails,
  };
}

function serviceEvents(resourceArn: string): TaskEvents {
  const { type: resourceType = '', operation: resource = '' } = SERVICE.exec(resourceArn)?.groups ?? {};
  return {
    scheduledType: 'TaskScheduled',
    startedType: 'TaskStarted',
    succeededType: 'TaskSucceeded',
    failedType: 'TaskFailed',
    timedOutType: 'TaskTimedOut',
    limitName: resourceType,
    started: { resourceType, resource },
    scheduled: (call, { region, timeoutSeconds }) => ({
      resourceType,
      resource,
      region,
      parameters: call.text,
      ...(timeoutSeconds !== undefined && { timeoutInSeconds: timeoutSeconds }),
    }),
    succeeded: (result) => ({ resourceType, resource, ...outputDetails(result) }),
    failed: (error) => ({ resourceType, resource, ...errorDetails(error) }),
  };
}
