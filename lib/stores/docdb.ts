import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { CaCertificate, ClusterParameterGroup, DatabaseCluster, DatabaseSecret } from 'aws-cdk-lib/aws-docdb';
import { InstanceClass, InstanceSize, InstanceType } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import type { Configuration } from '../configuration';
import type { FunctionSettings } from '../store-function';
import type { StoreNetwork } from './network';
import { type Store, STORE_TITLES, type StoreCalls, type StoreSetup } from './store';
import { callsByFunction, setupByFunction } from './store-functions';
import { markStore } from './store-metadata';

export interface DocdbStoreProps {
  readonly network: StoreNetwork;
  readonly settings: FunctionSettings & Pick<Configuration, 'retainData'>;
}

const PORT = 27017;

/**
 * Counters in DocumentDB: a cluster with TLS, the function that increments and the one that creates the unique index.
 */
export class DocdbStore extends Construct implements Store {
  readonly name = 'docdb';
  readonly title = STORE_TITLES.docdb;
  readonly holdsData = true;
  readonly calls: StoreCalls;
  readonly setup: StoreSetup;

  constructor(scope: Construct, id: string, { network, settings }: DocdbStoreProps) {
    super(scope, id);
    const storeGroup = network.storeGroup(this, 'DocumentDB with the counters');
    const username = 'counter';
    // Created separately from the cluster, which attaches its address later: the functions need only the secret's ARN,
    // so neither they nor the workflows wait for the cluster.
    const secret = new DatabaseSecret(this, 'Credentials', { username });
    // A cluster restored from the snapshot has the same password.
    secret.applyRemovalPolicy(settings.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
    markStore(secret, this.name);
    const cluster = new DatabaseCluster(this, 'Cluster', {
      masterUser: { username, password: secret.secretValueFromJson('password') },
      engineVersion: '5.0.0',
      instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MEDIUM),
      instances: 1,
      caCertificate: CaCertificate.RDS_CA_RSA2048_G1, // the one that functions/docdb/rds-roots.json has
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
      removalPolicy: settings.retainData ? RemovalPolicy.SNAPSHOT : RemovalPolicy.DESTROY,
    });
    secret.attach(cluster);
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'DocumentDB rotates only a secret of its own, which has no address and exists after the cluster: the functions and the workflows would wait for it. The password is random and only the functions in the VPC can use it; docs/security.md describes how to replace it.',
    });
    Validations.of(cluster).acknowledge(
      {
        id: 'AwsSolutions-DOC2',
        reason:
          'Only the functions of this store reach the port, in isolated subnets: another number would hide nothing.',
      },
      {
        id: 'AwsSolutions-DOC3',
        reason:
          'The password is a reference to Secrets Manager, which the rule cannot read; the user name is no secret.',
      },
      ...['authenticate', 'createIndex', 'dropCollection'].map((event) => ({
        id: `AwsSolutions-DOC5[LogExport::${event}]`,
        reason: 'Events of the audit log, which is exported: DocumentDB has no logs of these names.',
      })),
    );

    const access = {
      secretArn: secret.secretArn,
      network: network.placement(this, storeGroup, PORT),
      settings,
    };
    this.calls = callsByFunction(this, this.name, access);
    this.setup = setupByFunction(this, this.name, 'the unique index', access);
  }
}
