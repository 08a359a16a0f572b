import type { DataPoint, Metrics } from '../../cloudwatch/metrics';
import type { DataPointPage, DataPointRow } from '../shapes';

export interface DataPointRequest {
  /** Any of these; empty: all. */
  readonly metrics: readonly string[];
  readonly namespace?: string | undefined;
  /** Only those before this number. @default - from the latest on */
  readonly before?: number | undefined;
  readonly size: number;
}

/** A page of the data points, the latest first, each with its log event. */
export function dataPointPage(
  metrics: Pick<Metrics, 'dataPoints' | 'count'>,
  isKept: (executionArn: string) => boolean,
  { metrics: names, namespace, before = Infinity, size }: DataPointRequest,
): DataPointPage {
  const points = metrics.dataPoints();
  const first = metrics.count() - points.length;
  const isMatching = (point: DataPoint): boolean =>
    (names.length === 0 || names.includes(point.metricName)) &&
    (namespace === undefined || point.namespace === namespace);
  const matching = Array.from(points.keys())
    .filter((index) => isMatching(points[index] as DataPoint))
    .reverse();
  const begin = matching.findIndex((index) => first + index < before);
  const page = begin === -1 ? [] : matching.slice(begin, begin + size);
  const last = page.at(-1);
  const hasNext = begin !== -1 && matching.length > begin + size;
  return {
    rows: page.map((index) => row(points[index] as DataPoint, first + index, isKept)),
    total: points.length,
    matching: matching.length,
    before: Math.max(0, begin),
    ...(hasNext && last !== undefined && { next: first + last }),
    choices: {
      metric: distinct(points.map(({ metricName }) => metricName)),
      namespace: distinct(points.map((point) => point.namespace)),
    },
  };
}

const distinct = (values: readonly string[]): string[] => Array.from(new Set(values)).sort();

function row(
  { metricName, namespace, dimensions, value, unit, timestamp, filter, logEvent }: DataPoint,
  sequence: number,
  isKept: (executionArn: string) => boolean,
): DataPointRow {
  const executionArn = logEvent && executionIn(logEvent.message);
  return {
    ...{ sequence, metricName, namespace, dimensions, value, unit, timestampMs: timestamp, filter },
    ...(logEvent && { event: logEvent.message, logStream: logEvent.logStreamName }),
    ...(executionArn !== undefined && isKept(executionArn) && { executionArn }),
  };
}

/** What Step Functions writes into each event of its log. */
function executionIn(message: string): string | undefined {
  try {
    const { execution_arn: arn } = Object(JSON.parse(message)) as { execution_arn?: unknown };
    return typeof arn === 'string' ? arn : undefined;
  } catch {
    return undefined; // a function's line
  }
}
