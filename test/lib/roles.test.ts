import type { Template } from 'aws-cdk-lib/assertions';
import { synthesized } from './synthesized';

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
}

interface RoleProperties {
  readonly AssumeRolePolicyDocument: { Statement: { Principal: { Service: string }; Condition?: unknown }[] };
  readonly ManagedPolicyArns?: unknown[];
}

interface PolicyProperties {
  readonly Roles: { Ref: string }[];
  readonly PolicyDocument: { Statement: Statement[] };
}

const withoutHash = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, '');

/** A resource of a policy as people write it: logical ids without hashes, pseudo parameters in `${…}`. */
function readable(value: unknown): string {
  if (typeof value === 'string') return value;
  const [name, argument] = Object.entries(value as object)[0] as [string, unknown];
  switch (name) {
    case 'Ref':
      return String(argument).startsWith('AWS::') ? `\${${String(argument)}}` : withoutHash(String(argument));
    case 'Fn::GetAtt':
      return withoutHash((argument as string[])[0] ?? '');
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map(readable).join(separator);
    }
    case 'Fn::Select':
      return '<id of the stack>';
    default:
      throw new Error(`a policy names a resource by ${name}`);
  }
}

/** Every role as the service that takes it on, and each thing that it may do: `action on resource`. */
function roles(template: Template): Record<string, string[]> {
  const policies = Object.values(template.findResources('AWS::IAM::Policy')).map(
    ({ Properties }) => Properties as PolicyProperties,
  );
  return Object.fromEntries(
    Object.entries(template.findResources('AWS::IAM::Role')).map(([id, { Properties }]) => {
      const role = Properties as RoleProperties;
      const granted = policies
        .filter(({ Roles }) => Roles.some(({ Ref }) => Ref === id))
        .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
        .flatMap(({ Effect, Action, Resource }) =>
          [Action].flat().flatMap((action) =>
            [Resource].flat().map((resource) => {
              expect(Effect).toBe('Allow');
              return `${action} on ${readable(resource)}`;
            }),
          ),
        );
      const services = role.AssumeRolePolicyDocument.Statement.map(({ Principal }) => Principal.Service);
      return [
        `${withoutHash(id)} of ${services.join()}`,
        [...(role.ManagedPolicyArns ?? []).map(readable), ...granted].sort(),
      ];
    }),
  );
}

const LOG_DELIVERY = [
  'logs:CreateLogDelivery on *',
  'logs:DeleteLogDelivery on *',
  'logs:DescribeLogGroups on *',
  'logs:DescribeResourcePolicies on *',
  'logs:GetLogDelivery on *',
  'logs:ListLogDeliveries on *',
  'logs:PutResourcePolicy on *',
  'logs:UpdateLogDelivery on *',
];

const NETWORK_INTERFACES = [
  'ec2:AssignPrivateIpAddresses on *',
  'ec2:CreateNetworkInterface on *',
  'ec2:DeleteNetworkInterface on *',
  'ec2:DescribeNetworkInterfaces on *',
  'ec2:DescribeSubnets on *',
  'ec2:UnassignPrivateIpAddresses on *',
];

const ownLog = (log: string): string[] => [`logs:CreateLogStream on ${log}`, `logs:PutLogEvents on ${log}`];

describe('the roles of all stores', () => {
  it('may do this and nothing else', () => {
    const allowed = roles(synthesized());

    expect(allowed).toEqual({
      'CounterApiCloudWatchRole of apigateway.amazonaws.com': [
        'arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
      ],
      'CounterApiStartRole of apigateway.amazonaws.com': [
        'states:StartSyncExecution on IncrementWorkflowStateMachine',
        'states:StartSyncExecution on ReadWorkflowStateMachine',
      ],
      'IncrementWorkflowStateMachineRole of states.amazonaws.com': [
        'dynamodb:GetItem on DynamoCounters',
        'dynamodb:UpdateItem on DynamoCounters',
        'lambda:InvokeFunction on DocdbIncrementFunction',
        'lambda:InvokeFunction on MomentoIncrementFunction',
        'lambda:InvokeFunction on RedisIncrementFunction',
        'lambda:InvokeFunction on TidbIncrementFunction',
        ...LOG_DELIVERY,
      ],
      'ReadWorkflowStateMachineRole of states.amazonaws.com': [
        'dynamodb:GetItem on DynamoCounters',
        'lambda:InvokeFunction on DocdbIncrementFunction',
        'lambda:InvokeFunction on MomentoIncrementFunction',
        'lambda:InvokeFunction on RedisIncrementFunction',
        'lambda:InvokeFunction on TidbIncrementFunction',
        ...LOG_DELIVERY,
      ],
      'RedisIncrementRole of lambda.amazonaws.com': [
        ...NETWORK_INTERFACES,
        ...ownLog('RedisIncrementLog'),
        'secretsmanager:GetSecretValue on arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:${AWS::StackName}/redis/<id of the stack>-??????',
      ],
      'MomentoIncrementRole of lambda.amazonaws.com': [
        ...ownLog('MomentoIncrementLog'),
        'secretsmanager:GetSecretValue on MomentoKeySecret',
      ],
      'DocdbIncrementRole of lambda.amazonaws.com': [
        ...NETWORK_INTERFACES,
        ...ownLog('DocdbIncrementLog'),
        'secretsmanager:GetSecretValue on DocdbCredentials',
      ],
      'DocdbSetupRole of lambda.amazonaws.com': [
        ...NETWORK_INTERFACES,
        ...ownLog('DocdbSetupLog'),
        'secretsmanager:GetSecretValue on DocdbCredentials',
      ],
      'TidbIncrementRole of lambda.amazonaws.com': [
        ...ownLog('TidbIncrementLog'),
        'secretsmanager:GetSecretValue on TidbCredentialsSecret',
      ],
      'TidbSetupRole of lambda.amazonaws.com': [
        ...ownLog('TidbSetupLog'),
        'secretsmanager:GetSecretValue on TidbCredentialsSecret',
      ],
      'SetupWorkflowStateMachineRole of states.amazonaws.com': [
        'lambda:InvokeFunction on DocdbSetupFunction',
        'lambda:InvokeFunction on TidbSetupFunction',
        ...LOG_DELIVERY,
      ],
      'SetupWorkflowStateMachineEventsRole of events.amazonaws.com': [
        'states:StartExecution on SetupWorkflowStateMachine',
      ],
      'NetworkVpcRejectedIAMRole of vpc-flow-logs.amazonaws.com': [
        'logs:CreateLogStream on NetworkRejectedTraffic',
        'logs:DescribeLogStreams on NetworkRejectedTraffic',
        'logs:PutLogEvents on NetworkRejectedTraffic',
      ],
    });
  });
});

describe('a role of a service that says for whom it acts', () => {
  it('is taken on for this account, and for a state machine or a flow log of it', () => {
    const conditions = Object.entries(synthesized().findResources('AWS::IAM::Role')).flatMap(([id, { Properties }]) =>
      (Properties as RoleProperties).AssumeRolePolicyDocument.Statement.flatMap(({ Condition }) =>
        Condition === undefined ? [] : [[withoutHash(id), Condition]],
      ),
    );
    const only = (resources: string): unknown => ({
      StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
      ArnLike: { 'aws:SourceArn': { 'Fn::Sub': `arn:\${AWS::Partition}:${resources}` } },
    });
    const stateMachines = only('states:${AWS::Region}:${AWS::AccountId}:stateMachine:*');

    expect(Object.fromEntries(conditions)).toEqual({
      IncrementWorkflowStateMachineRole: stateMachines,
      ReadWorkflowStateMachineRole: stateMachines,
      SetupWorkflowStateMachineRole: stateMachines,
      NetworkVpcRejectedIAMRole: only('ec2:${AWS::Region}:${AWS::AccountId}:vpc-flow-log/*'),
    });
  });
});

describe('the roles of DynamoDB alone', () => {
  it('are those of the API and its state machines', () => {
    const names = Object.keys(roles(synthesized({ STORES: 'dynamo' })));

    expect(names).toEqual([
      'IncrementWorkflowStateMachineRole of states.amazonaws.com',
      'ReadWorkflowStateMachineRole of states.amazonaws.com',
      'CounterApiCloudWatchRole of apigateway.amazonaws.com',
      'CounterApiStartRole of apigateway.amazonaws.com',
    ]);
  });
});

describe('the roles of the state machines of a deployment with shards', () => {
  it('read several items at once', () => {
    const allowed = roles(synthesized({ STORES: 'dynamo', DYNAMO_SHARDS: '4' }));
    const onItems = (machine: string): string[] =>
      (allowed[`${machine}StateMachineRole of states.amazonaws.com`] ?? []).filter((it) => it.startsWith('dynamodb:'));

    expect(onItems('IncrementWorkflow')).toEqual(
      ['BatchGetItem', 'GetItem', 'UpdateItem'].map((action) => `dynamodb:${action} on DynamoCounters`),
    );
    expect(onItems('ReadWorkflow')).toEqual(['dynamodb:BatchGetItem on DynamoCounters']);
  });
});
