import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ClusterParameterGroup, DatabaseCluster, DatabaseSecret } from 'aws-cdk-lib/aws-docdb';
import { InstanceClass, InstanceSize, InstanceType } from 'aws-cdk-lib/aws-ec2';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { StoreFunction } from '../store-function';
import type { StoreNetwork } from './network';
import type { Store } from './store';
import { markStoreSecret } from './store-secret';

export interface DocdbStoreProps {
  readonly network: StoreNetwork;
}

const PORT = 27017;

/** Counters in DocumentDB: a cluster with TLS, the increment's function and the one that makes the unique index. */
export class DocdbStore extends Construct implements Store {
  readonly name = 'docdb';
  readonly title = 'DocumentDB';
  readonly incrementSubstitutions: Record<string, string>;
  readonly setup: Store['setup'] & object;
  private readonly increment: StoreFunction;

  constructor(scope: Construct, id: string, { network }: DocdbStoreProps) {
    super(scope, id);
    const storeGroup = network.storeGroup(this, 'DocumentDB with the counters');
    const username = 'counter';
    // Made apart from the cluster, which attaches its address to it later: the functions need only the secret's ARN, so
    // neither they nor the workflows wait for the cluster.
    const secret = new DatabaseSecret(this, 'Credentials', { username });
    markStoreSecret(secret.node.defaultChild as CfnSecret, this.name);
    const cluster = new DatabaseCluster(this, 'Cluster', {
      masterUser: { username, password: secret.secretValueFromJson('password') },
      engineVersion: '5.0.0',
      instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MEDIUM),
      instances: 1,
      port: PORT,
      vpc: network.vpc,
      vpcSubnets: network.subnets,
      securityGroup: storeGroup,
      storageEncrypted: true,
      backup: { retention: Duration.days(7) },
      exportAuditLogsToCloudWatch: true,
      parameterGroup: new ClusterParameterGroup(this, 'Parameters', {
        family: 'docdb5.0',
        description: 'TLS only, with an audit log',
        parameters: { tls: 'enabled', audit_logs: 'enabled' },
      }),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    secret.attach(cluster);

    const placement = network.placement(this, storeGroup, PORT);
    this.increment = new StoreFunction(this, 'Increment', {
      description: 'Increments a counter in DocumentDB',
      entry: 'functions/docdb/handler.ts',
      secretArn: secret.secretArn,
      network: placement,
    });
    const setup = new StoreFunction(this, 'Setup', {
      description: 'Makes the unique index of the counters in DocumentDB',
      entry: 'functions/docdb/setup-handler.ts',
      secretArn: secret.secretArn,
      network: placement,
      timeout: Duration.seconds(30),
    });
    this.incrementSubstitutions = { DocumentDBFunctionArn: this.increment.function.functionArn };
    this.setup = {
      function: setup.function,
      substitutions: { DocumentDBSetupFunctionArn: setup.function.functionArn },
    };
  }

  grantIncrement(grantee: IGrantable): void {
    this.increment.function.grantInvoke(grantee);
  }
}
