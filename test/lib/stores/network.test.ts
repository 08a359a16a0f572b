import type { Template } from 'aws-cdk-lib/assertions';
import { synthesized } from '../synthesized';

interface GroupRule {
  readonly FromPort?: number;
  readonly ToPort?: number;
  readonly IpProtocol: string;
  readonly CidrIp?: string;
  readonly GroupId?: unknown;
  readonly SourceSecurityGroupId?: unknown;
  readonly DestinationSecurityGroupId?: unknown;
}

const groupName = (reference: unknown): string =>
  /"Fn::GetAtt":\["(\w+?)[0-9A-F]{8}","GroupId"\]/.exec(JSON.stringify(reference))?.[1] ?? JSON.stringify(reference);

const rulesOf = (template: Template, type: string): GroupRule[] =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties as GroupRule);

const ALL = synthesized();

describe('the network of the stores', () => {
  it('lets each function connect to its store and to Secrets Manager', () => {
    const egress = rulesOf(ALL, 'AWS::EC2::SecurityGroupEgress').map(
      (rule) => `${groupName(rule.GroupId)} → ${groupName(rule.DestinationSecurityGroupId)}:${rule.ToPort}`,
    );

    expect(egress.sort()).toEqual([
      'DocdbFunctionGroup → DocdbStoreGroup:27017',
      'DocdbFunctionGroup → NetworkEndpointGroup:443',
      'RedisFunctionGroup → NetworkEndpointGroup:443',
      'RedisFunctionGroup → RedisStoreGroup:6379',
    ]);
  });

  it('lets nothing else in', () => {
    const ingress = rulesOf(ALL, 'AWS::EC2::SecurityGroupIngress').map(
      (rule) => `${groupName(rule.SourceSecurityGroupId)} → ${groupName(rule.GroupId)}:${rule.ToPort}`,
    );

    expect(ingress.sort()).toEqual([
      'DocdbFunctionGroup → DocdbStoreGroup:27017',
      'DocdbFunctionGroup → NetworkEndpointGroup:443',
      'RedisFunctionGroup → NetworkEndpointGroup:443',
      'RedisFunctionGroup → RedisStoreGroup:6379',
    ]);
  });

  it('has no group that is open to an address', () => {
    for (const { Properties } of Object.values(ALL.findResources('AWS::EC2::SecurityGroup'))) {
      const { SecurityGroupIngress: ingress, SecurityGroupEgress: egress = [] } = Properties as {
        SecurityGroupIngress?: GroupRule[];
        SecurityGroupEgress?: GroupRule[];
      };

      expect(ingress).toBeUndefined();
      // CDK writes "nothing" as a rule that matches no packet.
      for (const rule of egress) expect(rule).toMatchObject({ CidrIp: '255.255.255.255/32', IpProtocol: 'icmp' });
    }
  });

  it('has no way to the internet, and no server with a public address', () => {
    for (const type of ['NatGateway', 'InternetGateway', 'EgressOnlyInternetGateway', 'EIP', 'VPCGatewayAttachment']) {
      ALL.resourceCountIs(`AWS::EC2::${type}`, 0);
    }
    ALL.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
    ALL.resourceCountIs('AWS::EC2::VPCEndpoint', 1);
  });

  it("lies in the region's first two zones, or in those of the setting", () => {
    const zones = (template: Template): unknown[] =>
      Object.values(template.findResources('AWS::EC2::Subnet')).map(
        (subnet) => (subnet['Properties'] as { AvailabilityZone: unknown }).AvailabilityZone,
      );

    expect(zones(ALL)).toEqual([0, 1].map((index) => ({ 'Fn::Select': [index, { 'Fn::GetAZs': '' }] })));
    expect(zones(synthesized({ STORES: 'redis', AVAILABILITY_ZONES: 'us-east-1b,us-east-1d,us-east-1f' }))).toEqual([
      'us-east-1b',
      'us-east-1d',
      'us-east-1f',
    ]);
  });

  it('logs what it rejects', () => {
    ALL.hasResourceProperties('AWS::EC2::FlowLog', { ResourceType: 'VPC', TrafficType: 'REJECT' });
  });
});
