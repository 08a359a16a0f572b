import { CfnOutput, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { StoreName } from '../configuration';
import { markStoreSecret } from './store-secret';

export interface UploadedSecretProps {
  readonly store: StoreName;
  readonly description: string;
  /** Key of the stack output with the secret's ARN, by which `npm run secrets` finds it. */
  readonly outputKey: string;
}

/**
 * A secret without a value: credentials that are made in a third party's console come later, by `npm run secrets`.
 * It outlives the stack, so that removing a deployment doesn't throw away what only the console can make again.
 *
 * CDK's `Secret` would generate a value; CloudFormation makes an empty secret when both `SecretString` and
 * `GenerateSecretString` are left out.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
 */
export class UploadedSecret extends Construct {
  readonly secretArn: string;

  constructor(scope: Construct, id: string, props: UploadedSecretProps) {
    super(scope, id);
    const secret = new CfnSecret(this, 'Secret', { description: props.description });
    markStoreSecret(secret, props.store);
    secret.applyRemovalPolicy(RemovalPolicy.RETAIN);
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: "Made in a third party's console, and only there can it be replaced; `npm run secrets` then uploads it.",
    });
    this.secretArn = secret.ref;
    new CfnOutput(this, 'Arn', { value: secret.ref, description: props.description }).overrideLogicalId(
      props.outputKey,
    );
  }
}
