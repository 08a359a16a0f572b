import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IVpc, SubnetSelection, ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Grant, type IGrantable, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Configuration } from './configuration';
import { bundleFunction, FUNCTION_HANDLER } from './bundling/function-bundle';

/** The network in which a function reaches a store without a public address. */
export interface StoreNetworkPlacement {
  readonly vpc: IVpc;
  readonly vpcSubnets: SubnetSelection;
  readonly securityGroups: ISecurityGroup[];
}

/** What every function takes from the deployment's settings. */
export type FunctionSettings = Pick<Configuration, 'logRetentionDays' | 'tracing' | 'functionTimeoutSeconds'>;

export interface StoreFunctionProps {
  readonly settings: FunctionSettings;
  /** The TypeScript file that exports `handler`, from the project's root. */
  readonly entry: string;
  readonly description: string;
  /** ARN of the secret with the store's address and credentials. */
  readonly secretArn: string;
  /**
   * The resource that the policy names.
   *
   * @default - `secretArn`
   */
  readonly secretArnPattern?: string;
  /** @default - none besides STORE_SECRET */
  readonly environment?: Record<string, string>;
  /** @default - outside any VPC */
  readonly network?: StoreNetworkPlacement;
  /** @default - the setting's, below the state machine's task timeout and above the clients' own */
  readonly timeout?: Duration;
}

/**
 * What Lambda does on the function's behalf to attach it to a network. None of these actions can be limited to one
 * resource before the network interfaces exist.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
const NETWORK_INTERFACE_ACTIONS = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * A Lambda function that talks to one store with the credentials of one secret. Its role has no managed policy: those let
 * a function write to every log group of the account.
 */
export class StoreFunction extends Construct {
  readonly function: Function;

  constructor(scope: Construct, id: string, props: StoreFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Log', {
      retention: props.settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', {
      description: `${props.description}: its secret and its log`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    role.addToPolicy(
      new PolicyStatement({
        actions: ['secretsmanager:GetSecretValue'],
        resources: [props.secretArnPattern ?? props.secretArn],
      }),
    );
    if (props.network) role.addToPolicy(new PolicyStatement({ actions: NETWORK_INTERFACE_ACTIONS, resources: ['*'] }));
    if (props.network || props.settings.tracing) {
      Validations.of(role).acknowledge({
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'Network interfaces that Lambda creates in a VPC, and traces: these actions cannot name one resource.',
      });
    }
    this.function = new Function(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: FUNCTION_HANDLER,
      code: bundleFunction(props.entry),
      memorySize: 512,
      timeout: props.timeout ?? Duration.seconds(props.settings.functionTimeoutSeconds),
      tracing: props.settings.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      environment: { STORE_SECRET: props.secretArn, ...props.environment },
      logGroup,
      role,
      ...props.network,
    });
  }

  /** Allows calls to the function by its plain ARN: CDK's own grant adds all its versions and aliases. */
  grantInvoke(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['lambda:InvokeFunction'],
      resourceArns: [this.function.functionArn],
    });
  }
}
