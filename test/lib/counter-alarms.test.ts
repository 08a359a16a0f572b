import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { type RawTemplate, resolveTemplate } from '../../local/template';
import { synthesized } from './synthesized';

interface AlarmProperties {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly Namespace: string;
  readonly MetricName: string;
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
  resolveTemplate(template.toJSON() as RawTemplate)
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
        'executions-throttled: Sum of AWS/States/ExecutionThrottled ≥ 1, 1 × 300 s',
        'reads-failed: Sum of AWS/States/ExecutionsFailed ≥ 1, 1 × 300 s',
        'reads-timed-out: Sum of AWS/States/ExecutionsTimedOut ≥ 1, 1 × 300 s',
        'dynamo-throttled: Sum of AWS/DynamoDB/ThrottledRequests ≥ 1, 1 × 300 s',
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

  it('mail nobody where there is no address', () => {
    for (const alarm of ALL) expect(alarm).not.toHaveProperty('AlarmActions');
  });
});

describe('the alarms', () => {
  it('of DynamoDB alone are fewer than an account has for nothing', () => {
    expect(alarmsOf(synthesized({ STORES: 'dynamo' }))).toHaveLength(9);
    expect(ALL).toHaveLength(20);
  });

  it('leave out what the log does not tell below ALL', () => {
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
