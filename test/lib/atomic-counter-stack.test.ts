import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Annotations, Match, type Template } from 'aws-cdk-lib/assertions';
import { type RawTemplate, resolveTemplate, stackLocation } from 'template-runtime/cloudformation';
import { type Definition, stackOf, stateMachines, synthesized } from './synthesized';

const ALL = synthesized();

/** A template without what changes with every edit of a function: asset hashes. */
const withoutHashes = (template: Template): unknown =>
  JSON.parse(JSON.stringify(template.toJSON()).replace(/[0-9a-f]{64}/g, 'HASH'));

const typesOf = (template: Template): Set<string> =>
  new Set(Object.values(template.toJSON()['Resources'] as Record<string, { Type: string }>).map(({ Type }) => Type));

describe('the template', () => {
  it.each(['dynamo,redis,momento,docdb,tidb', 'dynamo', 'dynamo,tidb'])('of STORES=%s is as reviewed', (stores) => {
    expect(withoutHashes(synthesized({ STORES: stores }))).toMatchSnapshot();
  });

  it('increments by an Express state machine that logs everything with its data', () => {
    ALL.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineType: 'EXPRESS',
      LoggingConfiguration: Match.objectLike({ Level: 'ALL', IncludeExecutionData: true }),
    });
  });

  it('reads by an Express state machine that logs errors alone, into a group that no metric is computed from', () => {
    const { Properties } = Object.entries(ALL.findResources('AWS::StepFunctions::StateMachine')).find(([id]) =>
      id.startsWith('ReadWorkflow'),
    )?.[1] as { Properties: { StateMachineType: string; LoggingConfiguration: Record<string, unknown> } };
    const counted = Object.values(ALL.findResources('AWS::Logs::MetricFilter')).map(
      (filter) => (filter['Properties'] as { LogGroupName: { Ref: string } }).LogGroupName.Ref,
    );

    expect(Properties.StateMachineType).toBe('EXPRESS');
    expect(Properties.LoggingConfiguration).toMatchObject({ Level: 'ERROR', IncludeExecutionData: false });
    expect([...new Set(counted)]).toEqual([expect.stringMatching(/^IncrementWorkflowLog/)]);
  });

  it('keeps the counters of DynamoDB by id, paid by request', () => {
    ALL.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    });
  });

  it('keeps Redis behind TLS and AUTH, without cluster mode or eviction', () => {
    ALL.hasResourceProperties('AWS::ElastiCache::ReplicationGroup', {
      NumNodeGroups: 1,
      TransitEncryptionEnabled: true,
      TransitEncryptionMode: 'required',
      AtRestEncryptionEnabled: true,
      AuthToken: Match.objectLike({ 'Fn::Join': ['', Match.arrayWith(['{{resolve:secretsmanager:'])] }),
    });
    ALL.hasResourceProperties('AWS::ElastiCache::ParameterGroup', { Properties: { 'maxmemory-policy': 'noeviction' } });
  });

  it('keeps DocumentDB behind TLS, encrypted, with credentials from its secret', () => {
    ALL.hasResourceProperties('AWS::DocDB::DBCluster', { StorageEncrypted: true });
    ALL.hasResourceProperties('AWS::DocDB::DBClusterParameterGroup', {
      Parameters: Match.objectLike({ tls: 'enabled' }),
    });
  });

  it('has no way from its network to the internet', () => {
    for (const type of ['AWS::EC2::NatGateway', 'AWS::EC2::InternetGateway']) ALL.resourceCountIs(type, 0);
    ALL.resourceCountIs('AWS::EC2::VPCEndpoint', 1);
  });

  it('puts only the functions of Redis and DocumentDB into the network', () => {
    const placed = Object.entries(ALL.findResources('AWS::Lambda::Function'))
      .filter(([, { Properties }]) => 'VpcConfig' in (Properties as object))
      .map(([id]) => id.replace(/[0-9A-F]{8}$/, ''));

    expect(placed.sort()).toEqual(['DocdbIncrementFunction', 'DocdbSetupFunction', 'RedisIncrementFunction']);
  });

  it('runs its functions on the newest runtime, on arm64', () => {
    for (const { Properties } of Object.values(ALL.findResources('AWS::Lambda::Function'))) {
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
    }
  });

  it('holds no credential, in no environment variable', () => {
    for (const { Properties } of Object.values(ALL.findResources('AWS::Lambda::Function'))) {
      const { Variables } = (Properties as { Environment: { Variables: Record<string, unknown> } }).Environment;

      expect(['STORE_SECRET', 'MOMENTO_CACHE_NAME', 'MOMENTO_STRATEGY'].filter((name) => name in Variables)).toEqual(
        expect.arrayContaining(Object.keys(Variables)),
      );
    }
  });

  it('limits requests by the usage plan', () => {
    ALL.hasResourceProperties('AWS::ApiGateway::UsagePlan', {
      Throttle: { RateLimit: 1000, BurstLimit: 500 },
      Quota: { Limit: 1_000_000, Period: 'DAY' },
    });
  });

  it('lets no body become the input of an execution', () => {
    for (const HttpMethod of ['POST', 'GET']) {
      ALL.hasResourceProperties('AWS::ApiGateway::Method', {
        HttpMethod,
        ApiKeyRequired: true,
        Integration: Match.objectLike({ PassthroughBehavior: 'NEVER' }),
      });
    }
  });

  it('starts the setup after its own creation and its own update, and keeps what could not start it', () => {
    for (const status of ['CREATE_COMPLETE', 'UPDATE_COMPLETE']) {
      ALL.hasResourceProperties('AWS::Events::Rule', {
        EventPattern: {
          source: ['aws.cloudformation'],
          'detail-type': ['CloudFormation Stack Status Change'],
          detail: { 'stack-id': [{ Ref: 'AWS::StackId' }], 'status-details': { status: [status] } },
        },
        Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue() })],
      });
    }
  });

  it.each([
    ['a filter on transformed logs', /^CounterMetricsCounterValue/, /^CounterMetricsResourceTransformer/],
    ['a function', /Function[0-9A-F]{8}$/, /RoleDefaultPolicy/],
    ['a state machine', /StateMachine[0-9A-F]{8}$/, /StateMachineRoleDefaultPolicy/],
    ['a stage that logs', /^CounterApiDeploymentStageprod/, /^CounterApiAccount/],
  ])('makes %s after what it needs and does not name', (_, later, first) => {
    const resources = Object.entries(ALL.toJSON()['Resources'] as Record<string, { DependsOn?: string[] }>);
    const waiting = resources.filter(([id]) => later.test(id));

    expect(waiting.length).toBeGreaterThan(0);
    for (const [id, { DependsOn = [] }] of waiting) {
      expect({ id, waitsFor: DependsOn.some((other) => first.test(other)) }).toEqual({ id, waitsFor: true });
    }
  });

  it('names no partition: it can be deployed to AWS in China as well', () => {
    for (const template of [ALL, synthesized({ STORES: 'dynamo', TRACING: 'true' })]) {
      expect(JSON.stringify(template.toJSON())).not.toMatch(/arn:aws/);
    }
  });

  it('takes no older TLS than 1.2', () => {
    ALL.hasResourceProperties('AWS::ApiGateway::RestApi', {
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
      EndpointAccessMode: 'STRICT',
    });
  });

  it('does not let the setup wait for a cluster', () => {
    const resources = ALL.toJSON()['Resources'] as Record<string, unknown>;
    const reached = new Set<string>();
    const visit = (id: string): void => {
      if (reached.has(id) || !(id in resources)) return;
      reached.add(id);
      const text = JSON.stringify(resources[id]);
      for (const [, name = ''] of text.matchAll(/"(?:Ref":"|Fn::GetAtt":\[")([A-Za-z0-9]+)"/g)) visit(name);
      for (const name of (resources[id] as { DependsOn?: string[] }).DependsOn ?? []) visit(name);
    };

    Object.keys(resources)
      .filter((id) => id.startsWith('SetupWorkflow'))
      .forEach(visit);

    expect([...reached].filter((id) => /ReplicationGroup|Cluster/.test(id))).toEqual([]);
  });

  it('names in its outputs what a user needs next', () => {
    expect(Object.keys(ALL.toJSON()['Outputs'] as object)).toEqual(
      expect.arrayContaining([
        'ApiUrl',
        'ApiKeyCommand',
        'CurlExample',
        'IncrementStateMachineArn',
        'IncrementStateMachineConsole',
        'ReadStateMachineArn',
        'ReadStateMachineConsole',
        'SetupStateMachineArn',
        'SetupStateMachineConsole',
        'ExecutionLogGroup',
        'MomentoSecretArn',
        'TidbSecretArn',
      ]),
    );
  });

  it('puts the mode and the limit of the configuration into the request template', () => {
    const conditional = synthesized({ STORES: 'dynamo', USE_CONDITIONAL_WRITES: 'true', MAX_COUNTER_VALUE: '7' });
    const { resources } = resolveTemplate(conditional.toJSON() as RawTemplate, stackLocation('AtomicCounter'));
    const post = resources.find(({ properties }) => properties['HttpMethod'] === 'POST');
    const { RequestTemplates: templates } = post?.properties['Integration'] as { RequestTemplates: object };

    for (const template of Object.values(templates)) {
      expect(template).toContain('#set($conditional = true)#set($max = "7")');
    }
  });
});

describe('a deployment without most stores', () => {
  it('needs no network, no function and no setup with DynamoDB alone', () => {
    const types = [...typesOf(synthesized({ STORES: 'dynamo' }))];

    expect(types.filter((type) => /EC2|Lambda|Events|SQS|SecretsManager|ElastiCache|DocDB/.test(type))).toEqual([]);
  });

  it('needs no network with TiDB', () => {
    const types = [...typesOf(synthesized({ STORES: 'dynamo,tidb' }))];

    expect(types.filter((type) => /EC2|ElastiCache|DocDB/.test(type))).toEqual([]);
    expect(types).toContain('AWS::Events::Rule');
  });
});

/** Types that cost nothing while nothing happens; alarms and dashboards within what an account has for nothing. */
const IDLE_FOR_NOTHING = [
  'AWS::ApiGateway::Account',
  'AWS::ApiGateway::ApiKey',
  'AWS::ApiGateway::Deployment',
  'AWS::ApiGateway::GatewayResponse',
  'AWS::ApiGateway::Model',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::RequestValidator',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage',
  'AWS::ApiGateway::UsagePlan',
  'AWS::ApiGateway::UsagePlanKey',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::DynamoDB::Table',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::Transformer',
  'AWS::StepFunctions::StateMachine',
];

describe('a deployment of DynamoDB alone', () => {
  const template = synthesized({ STORES: 'dynamo' });

  it('has nothing that costs while it is idle', () => {
    expect([...typesOf(template)].filter((type) => !IDLE_FOR_NOTHING.includes(type))).toEqual([]);
    template.hasResourceProperties('AWS::DynamoDB::Table', { BillingMode: 'PAY_PER_REQUEST' });
    template.hasResourceProperties('AWS::ApiGateway::Stage', { CacheClusterEnabled: Match.absent() });
  });

  it('has no more alarms and dashboards than an account has for nothing', () => {
    expect(Object.keys(template.findResources('AWS::CloudWatch::Alarm')).length).toBeLessThanOrEqual(10);
    expect(Object.keys(template.findResources('AWS::CloudWatch::Dashboard')).length).toBeLessThanOrEqual(3);
  });
});

describe('what is kept, and for how long', () => {
  const removal = (template: Template, types: readonly string[]): Record<string, string> =>
    Object.fromEntries(
      Object.entries(template.toJSON()['Resources'] as Record<string, { Type: string; DeletionPolicy?: string }>)
        .filter(([, { Type }]) => types.includes(Type.replace('AWS::', '')))
        .map(([id, { DeletionPolicy = 'not written out' }]) => [id.replace(/[0-9A-F]{8}$/, ''), DeletionPolicy]),
    );
  const stores = ['DynamoDB::Table', 'DocDB::DBCluster', 'ElastiCache::ReplicationGroup'];
  const others = [
    'DocDB::DBInstance',
    'KMS::Key',
    'Logs::LogGroup',
    'SecretsManager::Secret',
    'SQS::Queue',
    'StepFunctions::StateMachine',
  ];

  it("is for good what all of the account's APIs in the region log by", () => {
    for (const [type, id] of [
      ['ApiGateway::Account', 'CounterApiAccount'],
      ['IAM::Role', 'CounterApiCloudWatchRole'],
    ] as const) {
      expect(removal(ALL, [type])).toMatchObject({ [id]: 'Retain' });
    }
  });

  it('owns no other setting of the account or the region', () => {
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/: those that are one per account and region
    const accountWide = /::(Account|AccountPolicy|ResourcePolicy|EncryptionConfig|.*AccountSettings?|.*Default.*)$/;

    expect([...typesOf(ALL)].filter((type) => accountWide.test(type))).toEqual(['AWS::ApiGateway::Account']);
  });

  it.each([
    ['dynamo,redis,docdb,tidb', 'dynamo, redis, docdb'],
    ['dynamo', 'dynamo'],
  ])('is reported at synth when nothing is kept: STORES=%s', (stores, deleted) => {
    Annotations.fromStack(stackOf({ STORES: stores })).hasInfo(
      '*',
      Match.stringLikeRegexp(`RETAIN_DATA=false: the counters in ${deleted} are deleted .* STORES leaves`),
    );
  });

  it.each<Record<string, string>>([{ STORES: 'momento,tidb' }, { STORES: 'dynamo', RETAIN_DATA: 'true' }])(
    'is not reported when there is nothing to lose: %j',
    (settings) => {
      Annotations.fromStack(stackOf(settings)).hasNoInfo('*', Match.stringLikeRegexp('RETAIN_DATA'));
    },
  );

  it('is written out for everything that holds data: only uploaded credentials stay', () => {
    const policies = removal(synthesized({ ALARM_EMAIL: 'on-call@example.com' }), [...stores, ...others]);

    const stay = Object.keys(policies).filter((id) => policies[id] !== 'Delete');
    expect(stay.map((id) => `${id}: ${policies[id]}`)).toEqual([
      'MomentoKeySecret: Retain',
      'TidbCredentialsSecret: Retain',
    ]);
    expect(Object.keys(policies).length).toBeGreaterThan(15);
  });

  it('is the counters, or a final snapshot of them, with RETAIN_DATA', () => {
    const policies = removal(synthesized({ RETAIN_DATA: 'true' }), stores);

    expect(policies).toEqual({
      DynamoCounters: 'Retain',
      DocdbCluster: 'Snapshot',
      RedisReplicationGroup: 'Snapshot',
    });
  });

  it('is the period of the setting for every log group', () => {
    const groups = Object.values(synthesized({ LOG_RETENTION_DAYS: '400' }).findResources('AWS::Logs::LogGroup'));

    for (const group of groups) expect(group).toMatchObject({ Properties: { RetentionInDays: 400 } });
    expect(groups.length).toBeGreaterThan(5);
  });
});

describe('the settings of time and trace', () => {
  it('reach API Gateway, both kinds of task and the functions', () => {
    const template = synthesized({
      STORES: 'dynamo,tidb',
      API_TIMEOUT_SECONDS: '20',
      EXECUTION_TIMEOUT_SECONDS: '18',
      TASK_TIMEOUT_SECONDS: '16',
      FUNCTION_TIMEOUT_SECONDS: '14',
    });
    const { increment } = stateMachines(template);

    template.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'POST',
      Integration: Match.objectLike({ TimeoutInMillis: 20_000 }),
    });
    expect(increment.TimeoutSeconds).toBe(18);
    expect(increment.States['Increment in TiDB']?.TimeoutSeconds).toBe(16);
    expect(increment.States['Increment in DynamoDB']?.TimeoutSeconds).toBe(14);
    template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 14 });
  });

  it('are by default those of the state machine itself', () => {
    const file = readFileSync(path.join(__dirname, '..', '..', 'state-machines', 'increment.asl.json'), 'utf8');
    const written = JSON.parse(file) as Definition;
    const deployed = [ALL, synthesized({ STORES: 'dynamo', DYNAMO_SHARDS: '4' })].map(
      (template) => stateMachines(template).increment,
    );
    const timeouts = ({ TimeoutSeconds, States }: Definition): object => ({
      execution: TimeoutSeconds,
      ...Object.fromEntries(
        Object.entries(States).flatMap(([name, state]) =>
          state.Type === 'Task' ? [[name, state.TimeoutSeconds]] : [],
        ),
      ),
    });

    expect(Object.assign({}, ...deployed.map(timeouts))).toEqual(timeouts(written));
  });

  it('trace the API, the state machine and the functions, or nothing', () => {
    const traced = synthesized({ STORES: 'tidb', TRACING: 'true' });
    const untraced = synthesized({ STORES: 'tidb' });

    traced.hasResourceProperties('AWS::ApiGateway::Stage', { TracingEnabled: true });
    traced.hasResourceProperties('AWS::StepFunctions::StateMachine', { TracingConfiguration: { Enabled: true } });
    traced.allResourcesProperties('AWS::Lambda::Function', { TracingConfig: { Mode: 'Active' } });
    expect(JSON.stringify(untraced.toJSON())).not.toMatch(/xray|"Active"|"TracingEnabled":true/);
  });
});

describe('a metric for each counter', () => {
  const warning = Match.stringLikeRegexp('METRICS_PER_COUNTER=true: .* 1,000 ids');

  it('is warned of at synth: CloudWatch may disable the filter', () => {
    Annotations.fromStack(stackOf({ STORES: 'dynamo', METRICS_PER_COUNTER: 'true' })).hasWarning('*', warning);
    Annotations.fromStack(stackOf({ STORES: 'dynamo' })).hasNoWarning('*', warning);
  });
});

describe('a log level below ALL', () => {
  it('leaves the metrics out', () => {
    const template = synthesized({ STORES: 'dynamo', EXECUTION_LOG_LEVEL: 'ERROR' });

    template.resourceCountIs('AWS::Logs::MetricFilter', 0);
    template.resourceCountIs('AWS::Logs::Transformer', 0);
  });
});
