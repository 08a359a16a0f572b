import {
  describeExecutionOutput,
  describeForExecutionOutput,
  executionListItem,
  seconds,
  startSyncExecutionOutput,
  withoutDefinition,
} from './shapes';
import type { Parameters } from './parameters';
import { ServiceError } from '../errors';
import type { Execution } from '../execution/execution';
import { toApiEvent } from '../execution/history';
import { page } from './pages';
import type { StepFunctionsService } from '../service';

type Action = (service: StepFunctionsService, parameters: Parameters) => unknown;

/** The API's actions on executions. */
export const EXECUTION_ACTIONS = {
  async StartSyncExecution(service, parameters) {
    parameters.includesData(); // checked, and without effect: there is no encrypted definition to leave out
    return startSyncExecutionOutput(await service.start(startRequest(parameters), true).ended);
  },

  StartExecution(service, parameters) {
    const { arn, startMs } = service.start(startRequest(parameters), false);
    return { executionArn: arn, startDate: seconds(startMs) };
  },

  DescribeExecution(service, parameters) {
    const execution = executionOf(service, parameters);
    return describeExecutionOutput(execution, parameters.includesData());
  },

  GetExecutionHistory(service, parameters) {
    const { arn, history } = executionOf(service, parameters);
    const includeData = parameters.optionalBoolean('includeExecutionData') ?? true;
    const isReverse = parameters.optionalBoolean('reverseOrder') ?? false;
    const events = isReverse ? [...history.events].reverse() : history.events;
    const { items, nextToken } = page(events, parameters, {
      usual: 100,
      of: `events of ${arn}${isReverse ? ' backwards' : ''}`,
      key: ({ id }) => String(id),
    });
    return { events: items.map((event) => toApiEvent(event, includeData)), ...nextToken };
  },

  ListExecutions(service, parameters) {
    for (const name of ['mapRunArn', 'redriveFilter']) refuseMapRuns(parameters, name);
    const machine = service.machines.get(parameters.arn('stateMachineArn', 'stateMachine'));
    // AWS keeps no list of Express executions; here they stay inspectable, and so they are listed.
    const status = parameters.optionalOneOf('statusFilter', STATUSES);
    const executions = service
      .executions()
      .filter((execution) => execution.machine.arn === machine.arn)
      .filter((execution) => status === undefined || execution.status === status);
    const { items, nextToken } = page(executions, parameters, {
      usual: 100,
      of: `executions of ${machine.arn} ${status ?? ''}`,
      longestToken: 3096,
      key: ({ arn }) => arn,
    });
    return { executions: items.map(executionListItem), ...nextToken };
  },

  async StopExecution(service, parameters) {
    const execution = executionOf(service, parameters);
    execution.stop(parameters.optionalText('error', 256), parameters.optionalText('cause', 32_768));
    const { stopMs, startMs } = await execution.ended;
    return { stopDate: seconds(stopMs ?? startMs) };
  },

  DescribeStateMachineForExecution(service, parameters) {
    const isComplete = parameters.includesData();
    const output = describeForExecutionOutput(executionOf(service, parameters), (name) => service.logGroupArn(name));
    return isComplete ? output : withoutDefinition(output);
  },
} satisfies Record<string, Action>;

const STATUSES = ['SUCCEEDED', 'TIMED_OUT', 'PENDING_REDRIVE', 'ABORTED', 'FAILED', 'RUNNING'] as const;

/** Distributed maps aren't emulated, and without their map runs there is nothing redriven to filter by. */
function refuseMapRuns(parameters: Parameters, name: string): void {
  if (!parameters.has(name)) return;
  throw new ServiceError('ValidationException', `Map runs ('${name}') are not emulated by the local runtime`);
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
