import type { DefinitionProblem } from '../errors';
import type { Execution } from '../execution/execution';
import type { StateMachine } from '../state-machines';

/** Dates in the AWS JSON protocol: seconds since the epoch. */
export const seconds = (ms: number): number => ms / 1000;

/** Express executions are billed in steps of 100 ms. */
const BILLING_STEP_MS = 100;

/** An execution as StartSyncExecution answers with it. */
export interface StartSyncExecutionOutput {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly startDate: number;
  readonly stopDate: number;
  readonly status: string;
  readonly error?: string;
  readonly cause?: string;
  readonly input: string;
  readonly inputDetails: { readonly included: true };
  readonly output?: string;
  readonly outputDetails: { readonly included: true };
  readonly billingDetails: { readonly billedMemoryUsedInMB: number; readonly billedDurationInMilliseconds: number };
}

const INCLUDED = { included: true } as const;

/**
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html
 *
 * @param execution ended
 */
export function startSyncExecutionOutput(execution: Execution): StartSyncExecutionOutput {
  const { error, cause, output, startMs, stopMs = startMs } = execution;
  const steps = Math.max(1, Math.ceil((stopMs - startMs) / BILLING_STEP_MS));
  return {
    executionArn: execution.arn,
    stateMachineArn: execution.machine.arn,
    name: execution.name,
    startDate: seconds(startMs),
    stopDate: seconds(stopMs),
    status: execution.status,
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
    input: execution.input.text,
    inputDetails: INCLUDED,
    ...(output && { output: output.text }),
    outputDetails: INCLUDED,
    billingDetails: { billedMemoryUsedInMB: 64, billedDurationInMilliseconds: steps * BILLING_STEP_MS },
  };
}

/** Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html */
export function describeExecutionOutput(execution: Execution, includedData: boolean): Record<string, unknown> {
  const { output, error, cause, input } = execution;
  return {
    ...executionListItem(execution),
    ...(includedData && { input: input.text, ...(output && { output: output.text }) }),
    inputDetails: { included: includedData },
    ...(output && { outputDetails: { included: includedData } }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
    ...redrive(execution),
  };
}

/** Executions are never redriven here: a failed one is started anew. */
function redrive({ status }: Execution): Record<string, unknown> {
  return {
    redriveStatus: 'NOT_REDRIVABLE',
    redriveStatusReason:
      status === 'SUCCEEDED' || status === 'RUNNING'
        ? `Execution is ${status} and cannot be redriven`
        : 'The local runtime does not redrive executions',
  };
}

/** An entry of ListExecutions. */
export function executionListItem(execution: Execution): Record<string, unknown> {
  const { arn, name, machine, status, startMs, stopMs } = execution;
  return {
    executionArn: arn,
    stateMachineArn: machine.arn,
    name,
    status,
    startDate: seconds(startMs),
    ...(stopMs !== undefined && { stopDate: seconds(stopMs) }),
    redriveCount: 0,
  };
}

/** An entry of ListStateMachines. */
export function stateMachineListItem({ arn, name, type, createdMs }: StateMachine): Record<string, unknown> {
  return { stateMachineArn: arn, name, type, creationDate: seconds(createdMs) };
}

/** Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html */
export function describeStateMachineOutput(
  machine: StateMachine,
  status: 'ACTIVE' | 'DELETING',
  logGroupArn: (name: string) => string,
): Record<string, unknown> {
  return { ...stateMachineListItem(machine), status, ...configuration(machine, logGroupArn) };
}

/** Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachineForExecution.html */
export function describeForExecutionOutput(
  { machine }: Execution,
  logGroupArn: (name: string) => string,
): Record<string, unknown> {
  const { arn, name, updatedMs } = machine;
  return { stateMachineArn: arn, name, updateDate: seconds(updatedMs), ...configuration(machine, logGroupArn) };
}

/**
 * What `METADATA_ONLY` leaves of a description.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html, "definition"
 */
export const withoutDefinition = (description: Record<string, unknown>): Record<string, unknown> => ({
  ...description,
  definition: '{}',
});

function configuration(machine: StateMachine, logGroupArn: (name: string) => string): Record<string, unknown> {
  const { definition, logging } = machine.source;
  return {
    definition,
    roleArn: machine.roleArn,
    loggingConfiguration: {
      level: logging?.level ?? 'OFF',
      includeExecutionData: logging?.includeExecutionData ?? false,
      ...(logging && {
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: `${logGroupArn(logging.logGroupName)}:*` } }],
      }),
    },
    tracingConfiguration: { enabled: false },
    ...(machine.revisionId !== undefined && { revisionId: machine.revisionId }),
  };
}

/** Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html */
export function validationOutput(problems: readonly DefinitionProblem[], maxResults: number): Record<string, unknown> {
  return {
    result: problems.length === 0 ? 'OK' : 'FAIL',
    diagnostics: problems.slice(0, maxResults).map(({ code, problem, location }) => ({
      severity: 'ERROR',
      code,
      message: location?.startsWith('[Source') ? `${problem}\n at ${location}` : problem,
      ...(location !== undefined && { location }),
    })),
    truncated: problems.length > maxResults,
  };
}
