import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { type RawTemplate, resolveTemplate, stackLocation } from 'template-runtime/cloudformation';
import { synthesized } from './synthesized';

interface AlarmProperties {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { Name: string; Value: string }[];
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Threshold: number;
  readonly EvaluationPeriods: number;
  readonly Period: number;
  readonly ComparisonOperator: string;
  readonly TreatMissingData: string;
  readonly EvaluateLowSampleCountPercentile?: string;
  readonly AlarmActions?: unknown[];
}

const alarmsOf = (template: Template): AlarmProperties[] =>
  resolveTemplate(template.toJSON() as RawTemplate, stackLocation('AtomicCounter'))
    .resources.filter(({ type }) => type === 'AWS::CloudWatch::Alarm')
    .map(({ properties }) => properties as unknown as AlarmProperties);

/** `name: statistic of Namespace/Metric ≥ threshold, periods × seconds` */
const readable = (alarm: AlarmProperties): string =>
  `${alarm.AlarmName.replace('AtomicCounter-', '')}: ${alarm.Statistic ?? alarm.ExtendedStatistic} of ${alarm.Namespace}/${alarm.MetricName} ≥ ${alarm.Threshold}, ${alarm.EvaluationPeriods} × ${alarm.Period} s`;

const ALL = alarmsOf(synthesized());

describe('the alarms of all stores', () => {
  it('are these', () => {
    const unknown = ['dynamo', 'redis', 'momento', 'docdb', 'tidb'].map(
      (store) => `${store}-outcome-unknown: Sum of AtomicCounter/${store}/OutcomeUnknown ≥ 1, 1 × 300 s`,
    );
    const throttled = ['redis', 'momento', 'docdb', 'tidb'].map(
      (store) => `${store}-throttled: Sum of AWS/Lambda/Throttles ≥ 1, 1 × 300 s`,
    );

    expect(ALL.map(readable).sort()).toEqual(
      [
        'executions-failed: Sum of AWS/States/ExecutionsFailed ≥ 1, 1 × 300 s',
        'executions-timed-out: Sum of AWS/States/ExecutionsTimedOut ≥ 1, 1 × 300 s',
        'reads-failed: Sum of AWS/States/ExecutionsFailed ≥ 1, 1 × 300 s',
        'reads-timed-out: Sum of AWS/States/ExecutionsTimedOut ≥ 1, 1 × 300 s',
        'dynamo-throttled: Sum of AWS/DynamoDB/ThrottledRequests ≥ 1, 1 × 300 s',
        'dynamo-reads-throttled: Sum of AWS/DynamoDB/ThrottledRequests ≥ 1, 1 × 300 s',
        ...throttled,
        ...unknown,
        'server-errors: Average of AWS/ApiGateway/5XXError ≥ 0.05, 3 × 300 s',
        'latency: p99 of AWS/ApiGateway/IntegrationLatency ≥ 2000, 3 × 300 s',
        'setup-failed: Sum of AWS/States/ExecutionsFailed ≥ 1, 1 × 300 s',
        'setup-timed-out: Sum of AWS/States/ExecutionsTimedOut ≥ 1, 1 × 300 s',
        'setup-not-started: Maximum of AWS/SQS/ApproximateNumberOfMessagesVisible ≥ 1, 1 × 300 s',
      ].sort(),
    );
  });

  it('are quiet without data, since their metrics exist only while something happens', () => {
    for (const { TreatMissingData, ComparisonOperator } of ALL) {
      expect(TreatMissingData).toBe('notBreaching');
      expect(ComparisonOperator).toBe('GreaterThanOrEqualToThreshold');
    }
  });

  it('do not take the slowest of a few requests for a percentile', () => {
    const ofPercentiles = ALL.filter(({ ExtendedStatistic }) => ExtendedStatistic !== undefined);

    expect(ofPercentiles).toMatchObject([{ EvaluateLowSampleCountPercentile: 'ignore' }]);
  });

  it('do not go off when a limit is reached', () => {
    for (const { MetricName } of ALL) expect(MetricName).not.toMatch(/LimitReached|4XXError|TaskFailed/);
  });

  it('send no mail without an address', () => {
    for (const alarm of ALL) expect(alarm).not.toHaveProperty('AlarmActions');
  });
});

/** What AWS says that it publishes: the dimensions of a metric that an alarm may name, and which page says so. */
const PUBLISHED: Record<string, { dimensions: string; source: string }> = {
  'AWS/States/ExecutionsFailed': {
    dimensions: 'StateMachineArn',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html',
  },
  'AWS/States/ExecutionsTimedOut': {
    dimensions: 'StateMachineArn',
    source: 'https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html',
  },
  'AWS/DynamoDB/ThrottledRequests': {
    dimensions: 'Operation, TableName',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html',
  },
  'AWS/Lambda/Throttles': {
    dimensions: 'FunctionName',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html',
  },
  'AWS/ApiGateway/5XXError': {
    dimensions: 'ApiName, Stage',
    source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html',
  },
  'AWS/ApiGateway/IntegrationLatency': {
    dimensions: 'ApiName, Stage',
    source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html',
  },
  'AWS/SQS/ApproximateNumberOfMessagesVisible': {
    dimensions: 'QueueName',
    source:
      'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html',
  },
};

describe('what an alarm watches', () => {
  const { resources } = resolveTemplate(synthesized().toJSON() as RawTemplate, stackLocation('AtomicCounter'));
  const names = (dimensions: AlarmProperties['Dimensions'] = []): string =>
    dimensions
      .map(({ Name }) => Name)
      .sort()
      .join(', ');

  it('is published by AWS under these dimensions, or by a metric filter of the stack', () => {
    const filters = resources
      .filter(({ type }) => type === 'AWS::Logs::MetricFilter')
      .flatMap(
        ({ properties }) => properties['MetricTransformations'] as { MetricNamespace: string; MetricName: string }[],
      )
      .map(({ MetricNamespace, MetricName }) => `${MetricNamespace}/${MetricName}`);

    for (const { Namespace, MetricName, Dimensions } of ALL) {
      const metric = `${Namespace}/${MetricName}`;
      if (Namespace.startsWith('AWS/'))
        expect({ metric, of: names(Dimensions) }).toEqual({ metric, of: PUBLISHED[metric]?.dimensions });
      else expect(filters).toContain(metric);
    }
  });

  it('is a resource of the stack, or its API', () => {
    const known = new Set([
      ...resources.flatMap(({ physicalId, attributes }) => [physicalId, ...Object.values(attributes)]),
      ...resources.flatMap(({ properties }) => [properties['Name'], properties['StageName']]),
      'UpdateItem',
      'GetItem',
    ]);

    for (const { AlarmName, Dimensions = [] } of ALL) {
      for (const { Value } of Dimensions)
        expect({ AlarmName, Value, known: known.has(Value) }).toMatchObject({ known: true });
    }
  });

  it('is nothing that an Express state machine does not do: it is not throttled by state transitions', () => {
    expect(ALL.filter(({ MetricName }) => MetricName === 'ExecutionThrottled')).toEqual([]);
  });
});

describe('the alarms', () => {
  it('of DynamoDB alone are fewer than an account has for nothing', () => {
    expect(alarmsOf(synthesized({ STORES: 'dynamo' }))).toHaveLength(9);
    expect(ALL).toHaveLength(20);
  });

  it('leave out what the log lacks below ALL', () => {
    const alarms = alarmsOf(synthesized({ STORES: 'dynamo', EXECUTION_LOG_LEVEL: 'ERROR' }));

    expect(alarms.filter(({ Namespace }) => !Namespace.startsWith('AWS/'))).toEqual([]);
    expect(alarms.length).toBeGreaterThan(0);
  });

  it('go by the latency of the setting', () => {
    synthesized({ STORES: 'dynamo', ALARM_LATENCY_MS: '750' }).hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'IntegrationLatency',
      Threshold: 750,
    });
  });

  it('vanish with their setting', () => {
    synthesized({ STORES: 'dynamo', ALARMS: 'false' }).resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });
});

describe('the mail of an alarm', () => {
  const mailed = synthesized({ STORES: 'dynamo', ALARM_EMAIL: 'on-call@example.com' });

  it('goes to the address of the setting, when an alarm goes off and when it ends', () => {
    mailed.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'on-call@example.com' });
    mailed.allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [Match.anyValue()],
      OKActions: [Match.anyValue()],
    });
  });

  it('takes an encrypted topic that only alarms of this account publish to', () => {
    const ofThisAccount = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
    const alarms = { Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' }, Condition: ofThisAccount };

    mailed.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    mailed.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({ ...alarms, Action: 'sns:Publish' }),
        ],
      },
    });
    mailed.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([Match.objectLike({ ...alarms, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'] })]),
      },
    });
  });
});

describe('the runbook', () => {
  const runbook = readFileSync(path.join(__dirname, '..', '..', 'docs', 'runbook.md'), 'utf8');
  const entries = Array.from(runbook.matchAll(/^### (.+)$/gm), ([, heading = '']) => heading);
  const linked = ALL.map(
    ({ AlarmDescription }) => /What to do: docs\/runbook\.md#([\w-]+)$/.exec(AlarmDescription)?.[1],
  );

  it('has an entry for every alarm, which links it', () => {
    expect(linked).not.toContain(undefined);
    expect(linked.filter((entry) => !entries.includes(entry ?? ''))).toEqual([]);
  });

  it('has no entry without an alarm', () => {
    expect(entries.filter((entry) => !linked.includes(entry))).toEqual([]);
  });

  it('says how many alarms there are', () => {
    expect(runbook).toContain(`all five stores have ${ALL.length}`);
  });
});
