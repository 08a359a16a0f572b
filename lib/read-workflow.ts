import { Aws, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Configuration } from './configuration';
import { LOG_DELIVERY, stateMachineDefinition, type TimeoutSettings } from './state-machine-definition';
import { type Store, taskSubstitutions } from './stores/store';

export interface ReadWorkflowProps {
  readonly stores: readonly Store[];
  readonly settings: TimeoutSettings & Pick<Configuration, 'logRetentionDays' | 'tracing'>;
}

/**
 * The Express state machine that reads a counter.
 *
 * Its log is its own, so that no metric of the increments counts a read, and cheap: nothing is computed from it, so it
 * keeps errors alone, and of them no data.
 */
export class ReadWorkflow extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { stores, settings }: ReadWorkflowProps) {
    super(scope, id);
    const substitutions = taskSubstitutions(stores);
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: `${Aws.STACK_NAME}-read`,
      stateMachineType: StateMachineType.EXPRESS,
      definitionBody: stateMachineDefinition('read.asl.json', substitutions, settings),
      definitionSubstitutions: substitutions,
      logs: {
        destination: new LogGroup(this, 'Log', {
          logGroupName: `/aws/vendedlogs/states/${Aws.STACK_NAME}-read`,
          retention: settings.logRetentionDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ERROR,
        includeExecutionData: false,
      },
      tracingEnabled: settings.tracing,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    for (const store of stores) store.grantRead(this.stateMachine);
    Validations.of(this.stateMachine).acknowledge(LOG_DELIVERY, {
      id: 'AwsSolutions-SF1',
      reason: 'A read changes nothing: its errors are worth their log, its states are not.',
    });
    if (!settings.tracing) {
      Validations.of(this.stateMachine).acknowledge({
        id: 'AwsSolutions-SF2',
        reason: 'Traces cost more than the reads: TRACING=true turns them on.',
      });
    }
  }
}
