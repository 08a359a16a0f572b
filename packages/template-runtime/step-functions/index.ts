import { handleApiCall } from './api/api';
import type { ApiResponse } from './api/api';
import { ServiceError } from './errors';
import type { Execution } from './execution/execution';
import type { HistoryEvent } from './execution/history';
import type { ExecutionListener } from './execution/store';
import { StepFunctionsService } from './service';
import type { StepFunctionsOptions } from './service';
import type { StartRequest } from './start-request';
import type { ServedStateMachine } from './state-machines';
import { startSyncExecutionOutput } from './api/shapes';
import type { StartSyncExecutionOutput } from './api/shapes';

export type { ApiResponse } from './api/api';
export type { StartSyncExecutionOutput } from './api/shapes';
export type { Clock } from '../clock';
export { InvalidDefinitionError, ServiceError, TaskError } from './errors';
export type { Execution, ExecutionStatus } from './execution/execution';
export type { ExecutionListener } from './execution/store';
export type { HistoryEvent } from './execution/history';
export type { Integration, IntegrationCall } from './integrations/integration';
export { dynamoDbIntegrations } from './integrations/dynamodb';
export type { DynamoDb } from './integrations/dynamodb';
export { lambdaIntegrations } from './integrations/lambda';
export type { InvokeFunction } from './integrations/lambda';
export type { StepFunctionsOptions } from './service';
export type { StartRequest } from './start-request';
export type { ServedStateMachine, StateMachine, StateMachineDefinition } from './state-machines';
export { stateMachinesFromTemplate } from './from-template';

/** Step Functions on the laptop. */
export interface StepFunctions {
  /** Runs an Express execution to its end. @throws ServiceError where it can't be started */
  startSyncExecution(request: StartRequest): Promise<StartSyncExecutionOutput>;
  /** Starts an execution and doesn't wait. @throws ServiceError where it can't be started */
  startExecution(request: StartRequest): Promise<{ executionArn: string; startDate: Date }>;
  /** The execution, once it has ended. @throws ServiceError ExecutionDoesNotExist */
  waitFor(executionArn: string): Promise<Execution>;
  /**
   * One call of the AWS JSON 1.0 protocol, for the HTTP endpoint and for API Gateway's integration.
   *
   * @param action such as `StartSyncExecution`: what follows `AWSStepFunctions.` in `X-Amz-Target`
   * @param body the request's JSON
   */
  handle(action: string, body: string): Promise<ApiResponse>;
  readonly stateMachines: readonly ServedStateMachine[];
  /** The executions that can be inspected, Express ones too, the latest first; the oldest drop off. */
  executions(filter?: { stateMachineArn?: string; status?: string }): Execution[];
  /** Tells of each of them and, from then on, of every change; the returned function ends that. */
  watch(listener: ExecutionListener): () => void;
  /** The events of one of them. @throws ServiceError ExecutionDoesNotExist */
  history(executionArn: string): readonly HistoryEvent[];
  /** Stops what runs. */
  close(): Promise<void>;
}

/**
 * Starts Step Functions with its state machines: Express and Standard, in the Amazon States Language with JSONata.
 *
 * @throws InvalidDefinitionError where a definition can't be executed here
 */
export function startStepFunctions(options: StepFunctionsOptions): StepFunctions {
  const service = new StepFunctionsService(options);
  const existing = (arn: string): Execution => {
    const execution = service.execution(arn);
    if (!execution) throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return execution;
  };
  return {
    startSyncExecution: async (request) => startSyncExecutionOutput(await service.start(request, true).ended),
    startExecution: (request) =>
      new Promise((resolve) => {
        const { arn, startMs } = service.start(request, false);
        resolve({ executionArn: arn, startDate: new Date(startMs) });
      }),
    waitFor: async (arn) => existing(arn).ended,
    handle: (action, body) => handleApiCall(service, action, body),
    get stateMachines() {
      return service.machines.all;
    },
    executions: ({ stateMachineArn, status } = {}) =>
      service
        .executions()
        .filter((execution) => stateMachineArn === undefined || execution.machine.arn === stateMachineArn)
        .filter((execution) => status === undefined || execution.status === status),
    watch: (listener) => service.watch(listener),
    history: (arn) => existing(arn).history.events,
    close: () => service.close(),
  };
}
