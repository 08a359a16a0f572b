import { Aws, Fn } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/**
 * Services that are documented to name the account and the resource for which they assume a role, and the form of these
 * resources. API Gateway and Lambda aren't: a condition that they don't meet would be an outage. Sources:
 * https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html#prevent-cross-service-confused-deputy,
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
 */
const SOURCES: Readonly<Record<string, string>> = {
  'states.amazonaws.com': 'states:${AWS::Region}:${AWS::AccountId}:stateMachine:*',
  'vpc-flow-logs.amazonaws.com': 'ec2:${AWS::Region}:${AWS::AccountId}:vpc-flow-log/*',
};

interface TrustPolicy {
  readonly Statement: readonly { readonly Principal: { readonly Service?: string } }[];
}

/**
 * Lets services assume the roles in `scope` only for this account's resources: a service that acts for another account
 * must not be tricked into using them (the confused deputy).
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function trustOwnAccountOnly(scope: IConstruct): void {
  for (const role of scope.node.findAll()) {
    if (!(role instanceof CfnRole)) continue;
    const { Statement: statements } = role.stack.resolve(role.assumeRolePolicyDocument) as TrustPolicy;
    statements.forEach(({ Principal: { Service: service = '' } }, index) => {
      const source = SOURCES[service];
      if (source === undefined) return;
      role.addPropertyOverride(`AssumeRolePolicyDocument.Statement.${index}.Condition`, {
        StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
        ArnLike: { 'aws:SourceArn': Fn.sub(`arn:\${AWS::Partition}:${source}`) },
      });
    });
  }
}
