import { Aws, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Configuration } from './configuration';
import { LOG_DELIVERY, stateMachineDefinition, type TimeoutSettings } from './state-machine-definition';
import { type Store, taskSubstitutions } from './stores/store';

export interface IncrementWorkflowProps {
  readonly stores: readonly Store[];
  readonly settings: TimeoutSettings & Pick<Configuration, 'executionLogLevel' | 'logRetentionDays' | 'tracing'>;
}

/** The Express state machine that carries out one increment, and its execution log. */
export class IncrementWorkflow extends Construct {
  readonly stateMachine: StateMachine;
  readonly log: LogGroup;

  constructor(scope: Construct, id: string, { stores, settings }: IncrementWorkflowProps) {
    super(scope, id);
    this.log = new LogGroup(this, 'Log', {
      // Step Functions may write to groups under /aws/vendedlogs/ without an entry for each in the account's log resource
      // policy, which holds 5,120 characters.
      // Source: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
      logGroupName: `/aws/vendedlogs/states/${Aws.STACK_NAME}-increment`,
      retention: settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const substitutions = taskSubstitutions(stores);
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      // Every event of the log repeats the execution's ARN, so a short name is part of the price (docs/cost.md).
      stateMachineName: `${Aws.STACK_NAME}-increment`,
      stateMachineType: StateMachineType.EXPRESS,
      definitionBody: stateMachineDefinition('increment.asl.json', substitutions, settings),
      definitionSubstitutions: substitutions,
      logs: { destination: this.log, level: LogLevel[settings.executionLogLevel], includeExecutionData: true },
      tracingEnabled: settings.tracing,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    for (const store of stores) store.grantIncrement(this.stateMachine);
    Validations.of(this.stateMachine).acknowledge(LOG_DELIVERY);
    if (!settings.tracing) {
      Validations.of(this.stateMachine).acknowledge({
        id: 'AwsSolutions-SF2',
        reason: 'Traces cost more than the increments: TRACING=true turns them on.',
      });
    }
    if (settings.executionLogLevel !== 'ALL') {
      Validations.of(this.stateMachine).acknowledge({
        id: 'AwsSolutions-SF1',
        reason: 'Chosen by EXECUTION_LOG_LEVEL, for its price; the synthesis warns of what is lost.',
      });
    }
  }
}
