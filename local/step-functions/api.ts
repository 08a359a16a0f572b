import { randomUUID } from 'node:crypto';
import {
  describeExecutionOutput,
  describeStateMachineOutput,
  executionListItem,
  seconds,
  stateMachineListItem,
  startSyncExecutionOutput,
} from './api-shapes';
import { Parameters } from './api-parameters';
import { ServiceError } from './errors';
import type { Execution } from './execution';
import { toApiEvent } from './history';
import { page } from './pages';
import type { StepFunctionsService } from './service';

export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Action = (service: StepFunctionsService, parameters: Parameters) => unknown;

/** Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html */
const ACTIONS: Readonly<Record<string, Action>> = {
  async StartSyncExecution(service, parameters) {
    return startSyncExecutionOutput(await service.start(startRequest(parameters), true).ended);
  },

  StartExecution(service, parameters) {
    const { arn, startMs } = service.start(startRequest(parameters), false);
    return { executionArn: arn, startDate: seconds(startMs) };
  },

  DescribeExecution(service, parameters) {
    const execution = executionOf(service, parameters);
    return describeExecutionOutput(execution, parameters.optionalString('includedData') !== 'METADATA_ONLY');
  },

  GetExecutionHistory(service, parameters) {
    const { history } = executionOf(service, parameters);
    const includeData = parameters.optionalBoolean('includeExecutionData') ?? true;
    const isReverse = parameters.optionalBoolean('reverseOrder') ?? false;
    const events = isReverse ? [...history.events].reverse() : history.events;
    const { items, nextToken } = page(events, parameters, 100);
    return { events: items.map((event) => toApiEvent(event, includeData)), ...nextToken };
  },

  ListExecutions(service, parameters) {
    const machine = service.stateMachine(parameters.arn('stateMachineArn', 'stateMachine'));
    // AWS keeps no list of Express executions; here they stay inspectable, and so they are listed.
    const status = parameters.optionalOneOf('statusFilter', STATUSES);
    const executions = service
      .executions()
      .filter((execution) => execution.machine.arn === machine.arn)
      .filter((execution) => status === undefined || execution.status === status);
    const { items, nextToken } = page(executions, parameters, 100);
    return { executions: items.map(executionListItem), ...nextToken };
  },

  async StopExecution(service, parameters) {
    const execution = executionOf(service, parameters);
    execution.stop(parameters.optionalString('error'), parameters.optionalString('cause'));
    const { stopMs, startMs } = await execution.ended;
    return { stopDate: seconds(stopMs ?? startMs) };
  },

  ListStateMachines(service, parameters) {
    const { items, nextToken } = page(service.stateMachines, parameters, 100);
    return { stateMachines: items.map(stateMachineListItem), ...nextToken };
  },

  DescribeStateMachine(service, parameters) {
    const machine = service.stateMachine(parameters.arn('stateMachineArn', 'stateMachine'));
    return describeStateMachineOutput(machine, (name) => service.logGroupArn(name));
  },
};

const STATUSES = ['SUCCEEDED', 'TIMED_OUT', 'PENDING_REDRIVE', 'ABORTED', 'FAILED', 'RUNNING'] as const;

/**
 * Answers one call of the AWS JSON 1.0 protocol; errors are answers too.
 *
 * Source: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 */
export async function handleApiCall(service: StepFunctionsService, action: string, body: string): Promise<ApiResponse> {
  try {
    const call = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (!call) throw new ServiceError('UnknownOperationException', `The action ${action} is not emulated`);
    return respond(200, await call(service, Parameters.parse(body)));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return respond(error.status, { __type: error.name, message: error.message });
  }
}

function respond(status: number, output: unknown): ApiResponse {
  return {
    status,
    headers: { 'Content-Type': 'application/x-amz-json-1.0', 'x-amzn-RequestId': randomUUID() },
    body: JSON.stringify(output),
  };
}

function startRequest(parameters: Parameters) {
  return {
    stateMachineArn: parameters.arn('stateMachineArn', 'stateMachine'),
    input: parameters.optionalString('input'),
    name: parameters.optionalString('name'),
  };
}

function executionOf(service: StepFunctionsService, parameters: Parameters): Execution {
  const arn = parameters.arn('executionArn', 'execution', 'express');
  const execution = service.execution(arn);
  if (!execution) throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  return execution;
}
