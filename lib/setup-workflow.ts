import { Aws, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Configuration } from './configuration';
import { executionLog, LOG_DELIVERY } from './execution-log';
import { stateMachineDefinition } from './state-machine-definition';
import type { StoreSetup } from './stores/store';

export interface SetupWorkflowProps {
  /** The stores that need a setup: at least one. */
  readonly setups: readonly StoreSetup[];
  readonly settings: Pick<Configuration, 'logRetentionDays'>;
}

/**
 * The state machine that prepares the stores, and the rules that start it once the stack is created or updated.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/event-detail-stack-status-change.html
 */
export class SetupWorkflow extends Construct {
  readonly stateMachine: StateMachine;
  /** Events that could not start the state machine. */
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { setups, settings }: SetupWorkflowProps) {
    super(scope, id);
    const substitutions = Object.assign({}, ...setups.map((setup) => setup.substitutions)) as Record<string, string>;
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: stateMachineDefinition('setup.asl.json', substitutions),
      definitionSubstitutions: substitutions,
      logs: {
        destination: executionLog(this, 'setup', settings),
        level: LogLevel.ALL, // it runs once per deployment
        includeExecutionData: false,
      },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    for (const setup of setups) setup.grant(this.stateMachine);

    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(this.stateMachine).acknowledge(LOG_DELIVERY, {
      id: 'AwsSolutions-SF2',
      reason: 'Two states that run once per deployment: the history of a Standard execution shows more than a trace.',
    });
    Validations.of(this.deadLetters).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'It is the dead-letter queue.' });
    this.startOn('StackCreated', 'CREATE_COMPLETE');
    this.startOn('StackUpdated', 'UPDATE_COMPLETE');
  }

  private startOn(id: string, status: string): void {
    new Rule(this, id, {
      description: `Prepares the stores after this stack's ${status}`,
      eventPattern: {
        source: ['aws.cloudformation'],
        detailType: ['CloudFormation Stack Status Change'],
        detail: { 'stack-id': [Aws.STACK_ID], 'status-details': { status: [status] } },
      },
      targets: [
        new SfnStateMachine(this.stateMachine, {
          deadLetterQueue: this.deadLetters,
          maxEventAge: Duration.hours(2),
          retryAttempts: 10,
        }),
      ],
    });
  }
}
