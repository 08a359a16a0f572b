import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IVpc, SubnetSelection, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { bundleFunction } from './function-bundle';

/** Where a function runs to reach a store that has no public address. */
export interface StoreNetworkPlacement {
  readonly vpc: IVpc;
  readonly vpcSubnets: SubnetSelection;
  readonly securityGroups: ISecurityGroup[];
}

export interface StoreFunctionProps {
  /** The TypeScript file that exports `handler`, from the project's root. */
  readonly entry: string;
  readonly description: string;
  /** ARN of the secret with the store's address and credentials. */
  readonly secretArn: string;
  /**
   * What the policy names.
   *
   * @default - `secretArn`
   */
  readonly secretArnPattern?: string;
  /** @default - none besides STORE_SECRET */
  readonly environment?: Record<string, string>;
  /** @default - outside any VPC */
  readonly network?: StoreNetworkPlacement;
  /** @default - 5 seconds, below the state machine's task timeout and above the clients' own */
  readonly timeout?: Duration;
}

/** A Lambda function that talks to one store with the credentials of one secret. */
export class StoreFunction extends Construct {
  readonly function: Function;

  constructor(scope: Construct, id: string, props: StoreFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Log', {
      retention: RetentionDays.TWO_WEEKS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.function = new Function(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: bundleFunction(props.entry),
      memorySize: 512,
      timeout: props.timeout ?? Duration.seconds(5),
      environment: { STORE_SECRET: props.secretArn, ...props.environment },
      logGroup,
      ...props.network,
    });
    this.function.addToRolePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ['secretsmanager:GetSecretValue'],
        resources: [props.secretArnPattern ?? props.secretArn],
      }),
    );
  }
}
