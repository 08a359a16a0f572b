import { Annotations, Aws } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type CfnMetricFilter,
  type CfnTransformer,
  FilterPattern,
  type ILogGroup,
  MetricFilter,
  ParserProcessor,
  ParserProcessorType,
  Transformer,
} from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Configuration, StoreName } from './configuration';
import type { Store } from './stores/store';

/** How an increment can end, as a metric of each store. */
export type Ending = 'Increments' | 'LimitReached' | 'Unavailable' | 'OutcomeUnknown';

export interface CounterMetricsProps extends Pick<Configuration, 'executionLogLevel' | 'metricsPerCounter'> {
  /** The execution log of the increments. */
  readonly log: ILogGroup;
  readonly stores: readonly Store[];
}

/**
 * Metrics computed from the execution log of the increments, with no state or call on the request path.
 *
 * The name of an increment's last state, in the raw event, is its outcome; the counter's value is in the output, a
 * string that a transformer parses first. The counters of record are in the stores: log delivery is best-effort.
 * Sources: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export class CounterMetrics extends Construct {
  constructor(scope: Construct, id: string, props: CounterMetricsProps) {
    super(scope, id);
    if (props.executionLogLevel !== 'ALL') {
      Annotations.of(this).addWarningV2(
        'atomic-counter:no-metrics',
        `EXECUTION_LOG_LEVEL=${props.executionLogLevel} logs no states: the counter metrics are left out, they need ALL`,
      );
      return;
    }
    if (props.metricsPerCounter) {
      // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
      Annotations.of(this).addWarningV2(
        'atomic-counter:metrics-per-counter',
        'METRICS_PER_COUNTER=true: CloudWatch bills every counter id as a metric, and may disable the filter, and with it the counter values of all stores, when an hour has 1,000 ids',
      );
    }
    for (const store of props.stores) this.countEndings(props.log, store);
    this.recordCounterValues(props);
  }

  private countEndings(logGroup: ILogGroup, { name, title }: Store): void {
    for (const [metricName, state] of [
      ['Increments', `Incremented in ${title}`],
      ['LimitReached', `Limit reached in ${title}`],
      ['Unavailable', `${title} unavailable`],
      ['OutcomeUnknown', `${title} outcome unknown`],
    ] as const) {
      new MetricFilter(this, `${title}${metricName}`, {
        logGroup,
        filterPattern: FilterPattern.literal(
          `{ $.type = "SucceedStateEntered" && $.details.name = ${JSON.stringify(state)} }`,
        ),
        metricNamespace: metricNamespace(name),
        metricName,
        metricValue: '1',
      });
    }
  }

  private recordCounterValues({ log, metricsPerCounter }: CounterMetricsProps): void {
    new Transformer(this, 'ParsedOutput', {
      transformerName: 'parsed-output',
      logGroup: log,
      transformerConfig: [
        new ParserProcessor({ type: ParserProcessorType.JSON }),
        // Under a key of its own: at the root the output's `id` would meet the event's.
        new ParserProcessor({
          type: ParserProcessorType.JSON,
          jsonOptions: { source: 'details.output', destination: 'result' },
        }),
      ],
    });
    const filter = new MetricFilter(this, 'CounterValue', {
      logGroup: log,
      filterPattern: FilterPattern.literal('{ $.type = "ExecutionSucceeded" && $.result.outcome = "incremented" }'),
      metricNamespace: metricNamespace(),
      metricName: 'CounterValue',
      metricValue: '$.result.counter',
      applyOnTransformedLogs: true,
      dimensions: { Store: '$.result.store', ...(metricsPerCounter ? { Counter: '$.result.id' } : {}) },
    });
    // A filter on transformed logs needs an existing transformer, and the construct `Transformer` creates its resource
    // outside itself: a dependency on the construct would have no effect.
    const transformer = this.node.findChild('ResourceTransformer') as CfnTransformer;
    (filter.node.defaultChild as CfnMetricFilter).addResourceDependency(transformer);
  }
}

/** How often increments of a store ended with this outcome. */
export function endingMetric(store: StoreName, ending: Ending): Metric {
  return new Metric({ namespace: metricNamespace(store), metricName: ending, statistic: Stats.SUM });
}

/** The largest value that an increment of a store has written. */
export function counterValueMetric(
  store: StoreName,
  label: string,
  { metricsPerCounter }: Pick<Configuration, 'metricsPerCounter'>,
): IMetric {
  const namespace = metricNamespace();
  return metricsPerCounter
    ? new MathExpression({
        expression: `MAX(SEARCH('{"${namespace}",Store,Counter} MetricName="CounterValue" Store="${store}"', 'Maximum'))`,
        label,
      })
    : new Metric({
        namespace,
        metricName: 'CounterValue',
        dimensionsMap: { Store: store },
        statistic: Stats.MAXIMUM,
        label,
      });
}

/** The namespace of the metrics, of one store or of all. */
export function metricNamespace(store?: string): string {
  return [Aws.STACK_NAME, ...(store === undefined ? [] : [store])].join('/');
}
