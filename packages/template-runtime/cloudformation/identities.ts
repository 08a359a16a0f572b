import type { StackLocation } from './stack-location';
import { UnsupportedTemplateError } from './resource';

/** What `Ref` and `Fn::GetAtt` give for a resource. */
export interface ResourceIdentity {
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, string>>;
}

interface IdentityContext {
  readonly location: StackLocation;
  readonly logicalId: string;
  /** The explicit name, or one made from the stack's name and the logical id. */
  readonly name: string;
  /** `arn:<partition>:<service>:<region>:<account>:<rest>` */
  arn(service: string, rest: string): string;
}

interface ResourceType {
  /** The property that names the resource, where there is one. */
  readonly nameProperty?: string;
  identify(context: IdentityContext): { ref?: string; attributes?: Record<string, string> };
}

const named = (service: string, prefix: string, nameProperty?: string): ResourceType => ({
  ...(nameProperty === undefined ? {} : { nameProperty }),
  identify: ({ name, arn }) => ({ attributes: { Arn: arn(service, `${prefix}${name}`) } }),
});

/** Resources whose `Ref` is their ARN. */
const byArn = (service: string, prefix: string, nameProperty?: string, suffix = ''): ResourceType => ({
  ...(nameProperty === undefined ? {} : { nameProperty }),
  identify: ({ name, arn }) => {
    const value = arn(service, `${prefix}${name}${suffix}`);
    return { ref: value, attributes: { Arn: value, Name: name, Id: value } };
  },
});

/** Resources with an id of their own, and attributes that are only handed on to what isn't emulated. */
const opaque = (...attributes: string[]): ResourceType => ({
  identify: ({ logicalId }) => ({
    attributes: Object.fromEntries(attributes.map((attribute) => [attribute, `${logicalId}.${attribute}`])),
  }),
});

/** The resource types that a room here reads. */
const EMULATED_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::ApiGateway::Account': opaque(),
  'AWS::ApiGateway::ApiKey': opaque('APIKeyId'),
  'AWS::ApiGateway::Deployment': opaque('DeploymentId'),
  'AWS::ApiGateway::GatewayResponse': opaque(),
  'AWS::ApiGateway::Method': opaque(),
  'AWS::ApiGateway::Model': { nameProperty: 'Name', identify: () => ({}) },
  'AWS::ApiGateway::RequestValidator': opaque(),
  'AWS::ApiGateway::Resource': opaque(),
  'AWS::ApiGateway::RestApi': opaque('RootResourceId', 'RestApiId'),
  'AWS::ApiGateway::Stage': { nameProperty: 'StageName', identify: () => ({}) },
  'AWS::ApiGateway::UsagePlan': opaque(),
  'AWS::ApiGateway::UsagePlanKey': opaque(),
  'AWS::DynamoDB::Table': named('dynamodb', 'table/', 'TableName'),
  'AWS::Events::Rule': named('events', 'rule/', 'Name'),
  'AWS::Lambda::Function': named('lambda', 'function:', 'FunctionName'),
  'AWS::Logs::LogGroup': {
    nameProperty: 'LogGroupName',
    identify: ({ name, arn }) => ({ attributes: { Arn: arn('logs', `log-group:${name}:*`) } }),
  },
  'AWS::Logs::MetricFilter': opaque(),
  'AWS::Logs::Transformer': opaque(),
  'AWS::SQS::Queue': {
    nameProperty: 'QueueName',
    identify: ({ name, arn, location }) => ({
      ref: `https://sqs.${location.region}.${location.urlSuffix}/${location.account}/${name}`,
      attributes: { Arn: arn('sqs', name), QueueName: name },
    }),
  },
  'AWS::SecretsManager::Secret': byArn('secretsmanager', 'secret:', 'Name', '-local1'),
  'AWS::SecretsManager::SecretTargetAttachment': byArn('secretsmanager', 'secret:'),
  'AWS::StepFunctions::StateMachine': byArn('states', 'stateMachine:', 'StateMachineName'),
};

/** Those that need nothing on a laptop: permissions, networks, servers with a stand-in. */
const TYPES_WITHOUT_EFFECT: Readonly<Record<string, ResourceType>> = {
  'AWS::CDK::Metadata': opaque(),
  'AWS::CloudWatch::Alarm': named('cloudwatch', 'alarm:', 'AlarmName'),
  'AWS::CloudWatch::Dashboard': opaque(),
  'AWS::DocDB::DBCluster': opaque('Endpoint', 'Port', 'ReadEndpoint', 'ClusterResourceId'),
  'AWS::DocDB::DBClusterParameterGroup': opaque(),
  'AWS::DocDB::DBInstance': opaque('Endpoint', 'Port'),
  'AWS::DocDB::DBSubnetGroup': opaque(),
  'AWS::EC2::FlowLog': opaque(),
  'AWS::EC2::RouteTable': opaque(),
  'AWS::EC2::SecurityGroup': opaque('GroupId', 'VpcId'),
  'AWS::EC2::SecurityGroupEgress': opaque(),
  'AWS::EC2::SecurityGroupIngress': opaque(),
  'AWS::EC2::Subnet': opaque('AvailabilityZone', 'CidrBlock', 'SubnetId'),
  'AWS::EC2::SubnetRouteTableAssociation': opaque(),
  'AWS::EC2::VPC': opaque('CidrBlock', 'DefaultSecurityGroup', 'VpcId'),
  'AWS::EC2::VPCEndpoint': opaque(),
  'AWS::ElastiCache::ParameterGroup': opaque(),
  'AWS::ElastiCache::ReplicationGroup': opaque('PrimaryEndPoint.Address', 'PrimaryEndPoint.Port'),
  'AWS::ElastiCache::SubnetGroup': opaque(),
  'AWS::IAM::Policy': opaque(),
  'AWS::IAM::Role': named('iam', 'role/', 'RoleName'),
  'AWS::KMS::Key': opaque('Arn', 'KeyId'),
  'AWS::Lambda::Permission': opaque(),
  'AWS::SNS::Subscription': opaque(),
  'AWS::SNS::Topic': byArn('sns', '', 'TopicName'),
  'AWS::SNS::TopicPolicy': opaque(),
  'AWS::SQS::QueuePolicy': opaque(),
};

/** Whether only the identity of such a resource is used, none of its properties. */
export function isWithoutEffect(type: string): boolean {
  return Object.hasOwn(TYPES_WITHOUT_EFFECT, type);
}

/**
 * The identity of one resource.
 *
 * @param property gives a property of the resource, resolved
 * @throws UnsupportedTemplateError for a type that isn't emulated
 */
export function resourceIdentity(
  logicalId: string,
  type: string,
  location: StackLocation,
  property: (name: string) => unknown,
): ResourceIdentity {
  const resourceType = EMULATED_TYPES[type] ?? TYPES_WITHOUT_EFFECT[type];
  if (!resourceType) throw new UnsupportedTemplateError({ logicalId, type }, 'Type', 'is not emulated');
  const explicit = resourceType.nameProperty === undefined ? undefined : property(resourceType.nameProperty);
  const name = typeof explicit === 'string' ? explicit : `${location.stackName}-${logicalId}`;
  const { ref, attributes } = resourceType.identify({
    location,
    logicalId,
    name,
    arn: (service, rest) => `arn:${location.partition}:${service}:${location.region}:${location.account}:${rest}`,
  });
  return { physicalId: ref ?? name, attributes: attributes ?? {} };
}
