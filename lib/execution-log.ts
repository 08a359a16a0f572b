import { type Acknowledgment, Aws, RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Configuration } from './configuration';

/** Why the role of each state machine can't name one resource for its log. */
export const LOG_DELIVERY: Acknowledgment = {
  id: 'AwsSolutions-IAM5[Resource::*]',
  // https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
  reason: 'Log deliveries and traces belong to the account: their actions have no resource-level permissions.',
};

/**
 * Creates the log of a workflow's executions, with the id `Log`.
 *
 * Step Functions may write to groups under /aws/vendedlogs/ without an entry for each in the account's log resource
 * policy, which holds 5,120 characters.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
 *
 * @param workflow the end of the group's name
 */
export function executionLog(
  scope: Construct,
  workflow: string,
  { logRetentionDays }: Pick<Configuration, 'logRetentionDays'>,
): LogGroup {
  return new LogGroup(scope, 'Log', {
    logGroupName: `/aws/vendedlogs/states/${Aws.STACK_NAME}-${workflow}`,
    retention: logRetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
