import { RemovalPolicy } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Configuration } from '../configuration';
import type { StoreNetworkPlacement } from '../store-function';

/**
 * The VPC of the stores without a public address: isolated subnets, no NAT gateway, and the one interface endpoint that
 * their functions need (Secrets Manager).
 */
export class StoreNetwork extends Construct {
  readonly vpc: Vpc;
  readonly subnets = { subnetType: SubnetType.PRIVATE_ISOLATED };

  constructor(
    scope: Construct,
    id: string,
    { logRetentionDays, availabilityZones }: Pick<Configuration, 'logRetentionDays' | 'availabilityZones'>,
  ) {
    super(scope, id);
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.0.0.0/24'),
      ...(availabilityZones.length > 0 ? { availabilityZones: [...availabilityZones] } : { maxAzs: 2 }),
      natGateways: 0,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: 'Isolated', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 26 }],
    });
    this.vpc.addFlowLog('Rejected', {
      // What the security groups accept is known; what they reject should never arrive, so its log costs next to
      // nothing.
      trafficType: FlowLogTrafficType.REJECT,
      destination: FlowLogDestination.toCloudWatchLogs(
        new LogGroup(this, 'RejectedTraffic', {
          retention: logRetentionDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      ),
    });
    const endpointGroup = new SecurityGroup(this, 'EndpointGroup', {
      vpc: this.vpc,
      description: 'Secrets Manager for the functions of the stores in the VPC',
      allowAllOutbound: false,
    });
    this.endpointGroup = endpointGroup;
    this.vpc.addInterfaceEndpoint('SecretsManager', {
      service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
      subnets: this.subnets,
      securityGroups: [endpointGroup],
      open: false,
    });
  }

  private readonly endpointGroup: SecurityGroup;

  /** A place for functions that may reach Secrets Manager and `storeGroup` on `port`, and nothing else. */
  placement(scope: Construct, storeGroup: SecurityGroup, port: number): StoreNetworkPlacement {
    const group = new SecurityGroup(scope, 'FunctionGroup', {
      vpc: this.vpc,
      description: `Functions that connect to port ${port} of the store and to Secrets Manager`,
      allowAllOutbound: false,
    });
    group.connections.allowTo(this.endpointGroup, Port.HTTPS, 'credentials from Secrets Manager');
    group.connections.allowTo(storeGroup, Port.tcp(port), 'the store');
    return { vpc: this.vpc, vpcSubnets: this.subnets, securityGroups: [group] };
  }

  /** A security group for a store's servers, which make no outbound connections. */
  storeGroup(scope: Construct, description: string): SecurityGroup {
    return new SecurityGroup(scope, 'StoreGroup', { vpc: this.vpc, description, allowAllOutbound: false });
  }
}
