import type { Logs } from './logs';
import { type TemplateResource, UnsupportedTemplateError } from '../cloudformation/resource';
import { type DataPoint, DataPoints, type MetricQuery } from './data-points';
import { createGroupFilters } from './group-filters';
import { readMetricFilter } from './metric-filter';
import { readTransformer } from './transformer';

export type { DataPoint, MetricQuery } from './data-points';

export interface Metrics {
  /** The latest data points, the oldest first. */
  dataPoints(): DataPoint[];
  /** How many data points there have been: the number of the latest. */
  count(): number;
  /** The sum of all values since the start, also of data points that are no longer kept. */
  sum(query: MetricQuery): number;
  close(): void;
}

export interface MetricsOptions {
  /** Those of type `AWS::Logs::MetricFilter` and `AWS::Logs::Transformer` are used. */
  readonly resources: readonly TemplateResource[];
  readonly logs: Logs;
  /** How many data points are kept, and how many sums. @default 10,000 */
  readonly keep?: number;
  /** Milliseconds since 1970. @default - the machine's clock */
  readonly now?: () => number;
}

/**
 * CloudWatch's metrics: only the template's metric filters create them.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html
 *
 * @throws UnsupportedTemplateError
 */
export function startMetrics({ resources, logs, keep = 10_000, now = Date.now }: MetricsOptions): Metrics {
  const filters = resources.filter(({ type }) => type === 'AWS::Logs::MetricFilter').map(readMetricFilter);
  const transformers = resources
    .filter(({ type }) => type === 'AWS::Logs::Transformer')
    .map((resource) => ({ resource, ...readTransformer(resource) }));
  const points = new DataPoints(keep);

  const unsubscribe = Array.from(new Set(filters.map(({ logGroup }) => logGroup)), (logGroup) => {
    const [transformer, second] = transformers.filter((other) => other.logGroup === logGroup);
    if (second) throw new UnsupportedTemplateError(second.resource, 'LogGroupIdentifier', 'has a transformer already');
    const ofGroup = filters.filter((filter) => filter.logGroup === logGroup);
    const evaluate = createGroupFilters(ofGroup, transformer, (filter, { value, dimensions }, logEvent) =>
      points.add(filter, { dimensions, value, timestamp: logEvent.timestamp, logEvent }),
    );
    const defaults = ofGroup.filter(({ defaultValue }) => defaultValue !== undefined);
    for (const filter of defaults) points.expectDefault(filter);
    return logs.subscribe(logGroup, (event) => {
      for (const filter of defaults) points.beginMinute(filter, event.timestamp);
      evaluate(event);
    });
  });

  return {
    dataPoints() {
      points.endMinutes(now());
      return points.all();
    },
    count() {
      points.endMinutes(now());
      return points.count;
    },
    sum(query) {
      points.endMinutes(now());
      return points.sum(query);
    },
    close() {
      for (const leave of unsubscribe) leave();
    },
  };
}
