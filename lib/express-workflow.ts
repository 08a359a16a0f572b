import { Aws, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { type LogOptions, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Configuration } from './configuration';
import { executionLog, LOG_DELIVERY } from './execution-log';
import { stateMachineDefinition, type TimeoutSettings } from './state-machine-definition';
import type { Store } from './stores/store';

export interface ExpressWorkflowProps {
  /** The name of the definition in `state-machines/`, and the end of the names of the state machine and its log. */
  readonly operation: 'increment' | 'read';
  readonly stores: readonly Store[];
  /** The values of the definition's `${…}` placeholders that aren't the stores'. @default - none */
  readonly substitutions?: Readonly<Record<string, string>>;
  readonly settings: TimeoutSettings & Pick<Configuration, 'logRetentionDays' | 'tracing'>;
  readonly logged: Pick<LogOptions, 'level' | 'includeExecutionData'>;
}

export interface ExpressWorkflow {
  readonly stateMachine: StateMachine;
  readonly log: LogGroup;
}

/** Creates the Express state machine of an operation, with the id `StateMachine`, and its execution log. */
export function expressWorkflow(
  scope: Construct,
  { operation, stores, substitutions: own, settings, logged }: ExpressWorkflowProps,
): ExpressWorkflow {
  const log = executionLog(scope, operation, settings);
  const substitutions = { ...callSubstitutions(stores), ...own };
  const stateMachine = new StateMachine(scope, 'StateMachine', {
    // Every event of the log repeats the execution's ARN, so a short name is part of the price (docs/cost.md).
    stateMachineName: `${Aws.STACK_NAME}-${operation}`,
    stateMachineType: StateMachineType.EXPRESS,
    definitionBody: stateMachineDefinition(`${operation}.asl.json`, substitutions, {
      timeouts: settings,
      constants: Object.assign({}, ...stores.map(({ calls }) => calls.constants)) as Record<string, string>,
    }),
    definitionSubstitutions: substitutions,
    logs: { destination: log, ...logged },
    tracingEnabled: settings.tracing,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  Validations.of(stateMachine).acknowledge(LOG_DELIVERY);
  if (!settings.tracing) {
    Validations.of(stateMachine).acknowledge({
      id: 'AwsSolutions-SF2',
      reason: `Traces cost more than the ${operation}s: TRACING=true turns them on.`,
    });
  }
  return { stateMachine, log };
}

/** The values of all placeholders in a definition that calls these stores. */
function callSubstitutions(stores: readonly Store[]): Record<string, string> {
  const deployedStores = stores.map(({ name }) => name).join(', ');
  return Object.assign({ DeployedStores: deployedStores }, ...stores.map(({ calls }) => calls.substitutions)) as Record<
    string,
    string
  >;
}
