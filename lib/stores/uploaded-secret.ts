import { CfnOutput, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { CREDENTIAL_FILES, type CredentialFile } from '../credential-files';
import { markStore } from './store-metadata';

export interface UploadedSecretProps {
  readonly store: CredentialFile['store'];
  /** What it holds. */
  readonly description: string;
}

/**
 * A secret without a value: credentials from a third party's console come later, with `npm run secrets`. It outlives
 * the stack, so that removing a deployment doesn't throw away what only the console can create again.
 *
 * CDK's `Secret` would generate a value; CloudFormation creates an empty secret when both `SecretString` and
 * `GenerateSecretString` are left out.
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
 */
export class UploadedSecret extends Construct {
  readonly secretArn: string;

  constructor(scope: Construct, id: string, { store, description: held }: UploadedSecretProps) {
    super(scope, id);
    const { file, outputKey } = CREDENTIAL_FILES[store];
    const description = `${held} (${file})`;
    const secret = new CfnSecret(this, 'Secret', { description });
    markStore(secret, store);
    secret.applyRemovalPolicy(RemovalPolicy.RETAIN);
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        "Created in a third party's console, the only place that can replace it; `npm run secrets` then uploads it.",
    });
    this.secretArn = secret.ref;
    new CfnOutput(this, 'Arn', { value: secret.ref, description }).overrideLogicalId(outputKey);
  }
}
