import { ArnFormat, Aws, Fn, RemovalPolicy, SecretValue, Stack, Validations } from 'aws-cdk-lib';
import { CfnParameterGroup, CfnReplicationGroup, CfnSubnetGroup } from 'aws-cdk-lib/aws-elasticache';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Configuration } from '../configuration';
import type { FunctionSettings } from '../store-function';
import type { StoreNetwork } from './network';
import { type Store, STORE_TITLES, type StoreCalls } from './store';
import { callsByFunction } from './store-functions';
import { markStore } from './store-metadata';

export interface RedisStoreProps {
  readonly network: StoreNetwork;
  readonly settings: FunctionSettings & Pick<Configuration, 'retainData'>;
}

const PORT = 6379;

/** Counters in Redis: an ElastiCache replication group (cluster mode disabled, TLS, AUTH) and its function. */
export class RedisStore extends Construct implements Store {
  readonly name = 'redis';
  readonly title = STORE_TITLES.redis;
  readonly holdsData = true;
  readonly calls: StoreCalls;

  constructor(scope: Construct, id: string, { network, settings }: RedisStoreProps) {
    super(scope, id);
    const storeGroup = network.storeGroup(this, 'Redis with the counters');
    const authTokenSecret = new Secret(this, 'AuthToken', {
      description: 'AUTH token of the Redis with the counters',
      // The only punctuation that ElastiCache allows in a token is !&#$^<>-.
      generateSecretString: {
        secretStringTemplate: '{}',
        generateStringKey: 'password',
        passwordLength: 64,
        excludePunctuation: true,
      },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const authToken = authTokenSecret.secretValueFromJson('password');
    const servers = new CfnReplicationGroup(this, 'ReplicationGroup', {
      replicationGroupDescription: 'Counters',
      engine: 'redis',
      engineVersion: '7.1',
      cacheNodeType: 'cache.t4g.micro',
      numNodeGroups: 1,
      replicasPerNodeGroup: 1,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      port: PORT,
      transitEncryptionEnabled: true,
      transitEncryptionMode: 'required',
      atRestEncryptionEnabled: true,
      authToken: authToken.unsafeUnwrap(), // a dynamic reference: CloudFormation inserts the value, the template has none
      cacheParameterGroupName: new CfnParameterGroup(this, 'Parameters', {
        cacheParameterGroupFamily: 'redis7',
        description: 'A full memory refuses writes, it never evicts a counter',
        properties: { 'maxmemory-policy': 'noeviction' },
      }).ref,
      cacheSubnetGroupName: new CfnSubnetGroup(this, 'Subnets', {
        description: 'Isolated subnets of the counters',
        subnetIds: network.vpc.selectSubnets(network.subnets).subnetIds,
      }).ref,
      securityGroupIds: [storeGroup.securityGroupId],
    });
    servers.applyRemovalPolicy(settings.retainData ? RemovalPolicy.SNAPSHOT : RemovalPolicy.DESTROY);

    // The function gets the secret by a name that exists before the servers do, so neither it nor the workflows wait
    // for them. The stack's own id in the name avoids a conflict of a second deployment with a secret that is still
    // being deleted.
    const secretName = Fn.join('/', [Aws.STACK_NAME, 'redis', Fn.select(2, Fn.split('/', Aws.STACK_ID))]);
    const connection = new Secret(this, 'Connection', {
      description: 'Address and AUTH token of the Redis with the counters',
      secretName,
      secretObjectValue: {
        host: SecretValue.unsafePlainText(servers.attrPrimaryEndPointAddress),
        port: SecretValue.unsafePlainText(servers.attrPrimaryEndPointPort),
        password: authToken,
      },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    markStore(connection, this.name);
    for (const secret of [authTokenSecret, connection]) {
      Validations.of(secret).acknowledge({
        id: 'AwsSolutions-SMG4',
        reason:
          'ElastiCache has no rotation of its own: a function with rights on the servers would have to do it. The token is 64 random characters that only the function in the VPC can use; docs/security.md describes how to replace it.',
      });
    }
    Validations.of(servers).acknowledge({
      id: 'AwsSolutions-AEC5',
      reason:
        'Only the function of this store reaches the port, in isolated subnets: another number would hide nothing.',
    });
    const secretArn = Stack.of(this).formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: secretName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });

    this.calls = callsByFunction(this, this.name, {
      secretArn: secretName,
      secretArnPattern: `${secretArn}-??????`, // Secrets Manager appends six characters
      network: network.placement(this, storeGroup, PORT),
      settings,
    });
  }
}
