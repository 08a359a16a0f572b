import { ServiceError, StateError, TaskError } from '../errors';
import type { Execution } from '../execution/execution';
import type { StartRequest } from '../start-request';
import type { Integration } from './integration';

interface Arguments {
  readonly StateMachineArn?: unknown;
  readonly Input?: unknown;
  readonly Name?: unknown;
}

/** What starts a nested execution. */
interface Starter {
  start(request: StartRequest, isSynchronous: boolean): Execution;
}

/**
 * Executions that start executions: `startExecution`, which goes on at once, and `startExecution.sync:2`, which waits for the
 * end and gives the output as JSON.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
 */
export function nestedExecutions(service: Starter): Record<string, Integration> {
  const begin = (call: unknown): Execution => {
    try {
      return service.start(startRequest(call as Arguments), false);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw new TaskError(`StepFunctions.${error.name}Exception`, error.message);
    }
  };
  return {
    'arn:aws:states:::states:startExecution': (call) => {
      const { arn, startMs } = begin(call.arguments);
      return Promise.resolve({ ExecutionArn: arn, StartDate: new Date(startMs).toISOString() });
    },
    'arn:aws:states:::states:startExecution.sync:2': async (call) => {
      const execution = begin(call.arguments);
      call.scope.onEnd(() => execution.stop());
      await execution.ended;
      if (execution.status !== 'SUCCEEDED')
        throw new StateError('States.TaskFailed', JSON.stringify(describe(execution)));
      return describe(execution);
    },
  };
}

function startRequest({ StateMachineArn, Input, Name }: Arguments): StartRequest {
  if (typeof StateMachineArn !== 'string') {
    throw new TaskError('StepFunctions.ValidationException', "The field 'StateMachineArn' must be a string");
  }
  return {
    stateMachineArn: StateMachineArn,
    ...(Input !== undefined && { input: typeof Input === 'string' ? Input : JSON.stringify(Input) }),
    ...(typeof Name === 'string' && { name: Name }),
  };
}

/** An ended execution in the shape of DescribeExecution, with AWS's capital letters and its payloads as JSON. */
function describe(execution: Execution): Record<string, unknown> {
  const { output, error, cause, stopMs } = execution;
  return {
    ExecutionArn: execution.arn,
    Input: execution.input.value,
    InputDetails: { Included: true },
    Name: execution.name,
    ...(output && { Output: output.value, OutputDetails: { Included: true } }),
    ...(error !== undefined && { Error: error }),
    ...(cause !== undefined && { Cause: cause }),
    StartDate: execution.startMs,
    StateMachineArn: execution.machine.arn,
    Status: execution.status,
    StopDate: stopMs,
  };
}
