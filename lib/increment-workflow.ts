import { Validations } from 'aws-cdk-lib';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { LogLevel, type StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Configuration } from './configuration';
import { expressWorkflow, type ExpressWorkflowProps } from './express-workflow';

export interface IncrementWorkflowProps extends Pick<ExpressWorkflowProps, 'stores'> {
  readonly settings: ExpressWorkflowProps['settings'] &
    Pick<Configuration, 'executionLogLevel' | 'idempotencyWindowSeconds' | 'idempotencyKeysPerCounter'>;
}

/** The Express state machine that carries out one increment, and its execution log. */
export class IncrementWorkflow extends Construct {
  readonly stateMachine: StateMachine;
  readonly log: LogGroup;

  constructor(scope: Construct, id: string, { stores, settings }: IncrementWorkflowProps) {
    super(scope, id);
    const { stateMachine, log } = expressWorkflow(this, {
      operation: 'increment',
      stores,
      substitutions: {
        IdempotencyWindowSeconds: String(settings.idempotencyWindowSeconds),
        IdempotencyKeysPerCounter: String(settings.idempotencyKeysPerCounter),
      },
      settings,
      logged: { level: LogLevel[settings.executionLogLevel], includeExecutionData: true },
    });
    for (const { calls } of stores) calls.grantIncrement(stateMachine);
    if (settings.executionLogLevel !== 'ALL') {
      Validations.of(stateMachine).acknowledge({
        id: 'AwsSolutions-SF1',
        reason: 'Chosen by EXECUTION_LOG_LEVEL, for its price; the synthesis warns of what is lost.',
      });
    }
    this.stateMachine = stateMachine;
    this.log = log;
  }
}
