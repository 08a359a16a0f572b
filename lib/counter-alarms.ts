import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Alarm, ComparisonOperator, type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type Configuration, NO_EMAIL } from './configuration';
import { endingMetric } from './counter-metrics';
import type { SetupWorkflow } from './setup-workflow';
import type { Store } from './stores/store';

export interface CounterAlarmsProps {
  readonly api: RestApi;
  readonly increment: StateMachine;
  readonly read: StateMachine;
  readonly stores: readonly Store[];
  /** @default - no store needs a setup */
  readonly setup?: SetupWorkflow;
  readonly settings: Pick<Configuration, 'alarmEmail' | 'alarmLatencyMs' | 'executionLogLevel'>;
}

interface AlarmOptions {
  /** What has happened, as a sentence. */
  readonly meaning: string;
  /** Heading of the runbook's entry. @default - the alarm's name */
  readonly entry?: string;
  /** @default - one */
  readonly threshold?: number;
  /** Consecutive periods of five minutes. @default - one */
  readonly periods?: number;
}

const PERIOD = Duration.minutes(5);

/** The page that says what to do. */
export const RUNBOOK = 'docs/runbook.md';

/**
 * What wakes an operator. A single 409 or 503 is an answer, not an alarm.
 *
 * Executions that Step Functions refuses to start are among the server errors. `ExecutionThrottled` doesn't include
 * them: it counts state transitions, for which an Express state machine has no quota. Sources:
 * https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html,
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 *
 * These metrics exist only while something happens, so a missing one means that all is well: an alarm without
 * `notBreaching` would stay at "insufficient data" for ever or, with `missing`, keep an old state. Sources:
 * https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export class CounterAlarms extends Construct {
  readonly alarms: Alarm[] = [];
  private readonly action: SnsAction | undefined;

  constructor(scope: Construct, id: string, { api, increment, read, stores, setup, settings }: CounterAlarmsProps) {
    super(scope, id);
    this.action = settings.alarmEmail === NO_EMAIL ? undefined : new SnsAction(this.mailedTopic(settings.alarmEmail));

    this.add('executions-failed', increment.metricFailed(), {
      meaning: 'An increment ended in a state machine that failed, which is a bug: its outcome is unknown.',
    });
    this.add('executions-timed-out', increment.metricTimedOut(), {
      meaning: 'An increment took longer than EXECUTION_TIMEOUT_SECONDS: its outcome is unknown.',
    });
    this.add('reads-failed', read.metricFailed(), {
      meaning: 'A read ended in a state machine that failed, which is a bug. No counter has changed.',
    });
    this.add('reads-timed-out', read.metricTimedOut(), {
      meaning: 'A read took longer than EXECUTION_TIMEOUT_SECONDS. No counter has changed.',
    });
    for (const store of stores) {
      for (const [name, throttles] of [
        ['throttled', store.calls.throttles()],
        ['reads-throttled', store.calls.readThrottles?.()],
      ] as const) {
        if (!throttles) continue;
        this.add(`${store.name}-${name}`, throttles, {
          meaning: `AWS throttled calls to ${store.title}.`,
          entry: 'throttled',
        });
      }
      if (settings.executionLogLevel === 'ALL') {
        this.add(`${store.name}-outcome-unknown`, endingMetric(store.name, 'OutcomeUnknown'), {
          meaning: `A call to ${store.title} ended without an answer: whether it counted is unknown.`,
          entry: 'outcome-unknown',
        });
      }
    }
    this.add('server-errors', api.deploymentStage.metricServerError({ statistic: 'Average' }), {
      meaning: 'For a quarter of an hour, at least one request in twenty was answered 503 or 504.',
      threshold: 0.05,
      periods: 3,
    });
    // Not Latency, which also averages the preflight requests of browsers, which no integration answers.
    this.add('latency', api.deploymentStage.metricIntegrationLatency({ statistic: 'p99' }), {
      meaning: `For a quarter of an hour, one request in a hundred took longer than ${settings.alarmLatencyMs} ms.`,
      threshold: settings.alarmLatencyMs,
      periods: 3,
    });
    if (setup) {
      this.add('setup-failed', setup.stateMachine.metricFailed(), {
        meaning: 'A store could not be prepared: its increments are answered 503.',
      });
      this.add('setup-timed-out', setup.stateMachine.metricTimedOut(), {
        meaning: 'A store could not be prepared in time: its increments may be answered 503.',
      });
      this.add('setup-not-started', setup.deadLetters.metricApproximateNumberOfMessagesVisible(), {
        meaning: 'EventBridge could not start the setup after a deployment: the event is in the dead-letter queue.',
      });
    }
  }

  private add(name: string, metric: Metric, { meaning, entry = name, threshold = 1, periods = 1 }: AlarmOptions): void {
    const alarm = new Alarm(this, pascalCase(name), {
      alarmName: `${Aws.STACK_NAME}-${name}`,
      alarmDescription: `${meaning} What to do: ${RUNBOOK}#${entry}`,
      metric: metric.with({ period: PERIOD }),
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      // With few requests a percentile is just one of them: it must not change the state.
      ...(/^p\d/.test(metric.statistic) ? { evaluateLowSampleCountPercentile: 'ignore' } : {}),
    });
    if (this.action) {
      alarm.addAlarmAction(this.action);
      alarm.addOkAction(this.action);
    }
    this.alarms.push(alarm);
  }

  /**
   * A topic that only this account's alarms publish to. CloudWatch can't use the default key of SNS.
   * Source: https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
   */
  private mailedTopic(address: string): Topic {
    const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    });
    const key = new Key(this, 'Key', {
      description: 'The alarms of the counters, on their way to a mailbox',
      enableKeyRotation: true,
      pendingWindow: Duration.days(7),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    key.grant(cloudWatch, 'kms:Decrypt', 'kms:GenerateDataKey*');
    const topic = new Topic(this, 'Topic', { displayName: Aws.STACK_NAME, masterKey: key, enforceSSL: true });
    topic.grantPublish(cloudWatch);
    topic.addSubscription(new EmailSubscription(address));
    return topic;
  }
}

const pascalCase = (name: string): string =>
  name.replace(/(?:^|-)(\w)/g, (_match, letter: string) => letter.toUpperCase());
