import { Validations } from 'aws-cdk-lib';
import { LogLevel, type StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { expressWorkflow, type ExpressWorkflowProps } from './express-workflow';

export type ReadWorkflowProps = Pick<ExpressWorkflowProps, 'stores' | 'settings'>;

/**
 * The Express state machine that reads a counter.
 *
 * Its log is separate, so that no metric of the increments counts a read, and cheap: no metric needs it, so it keeps
 * only errors, without their data.
 */
export class ReadWorkflow extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { stores, settings }: ReadWorkflowProps) {
    super(scope, id);
    const { stateMachine } = expressWorkflow(this, {
      operation: 'read',
      stores,
      settings,
      logged: { level: LogLevel.ERROR, includeExecutionData: false },
    });
    for (const { calls } of stores) calls.grantRead(stateMachine);
    Validations.of(stateMachine).acknowledge({
      id: 'AwsSolutions-SF1',
      reason: 'A read changes nothing: its errors are worth their log, its states are not.',
    });
    this.stateMachine = stateMachine;
  }
}
