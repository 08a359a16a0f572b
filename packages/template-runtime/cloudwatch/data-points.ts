import type { LogEvent } from './logs';
import type { MetricFilter } from './metric-filter';

/** A value of a metric, and the log event that it comes from. */
export interface DataPoint {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly value: number;
  readonly unit: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  /** Undefined for the `DefaultValue` of a minute without a match. */
  readonly logEvent: LogEvent | undefined;
  /** Logical id of the metric filter. */
  readonly filter: string;
}

/** Which metrics: without dimensions all of that name. */
export interface MetricQuery {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions?: Readonly<Record<string, string>>;
}

const MINUTE_MS = 60_000;

interface Series {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  sum: number;
}

/** The minute in which a filter with a `DefaultValue` last got an event. */
interface Minute {
  startMs: number | undefined;
  hasMatch: boolean;
}

/** What is kept of a data point. */
interface KeptPoint {
  readonly filter: MetricFilter;
  readonly series: Series;
  readonly value: number;
  readonly timestamp: number;
  readonly logEvent: LogEvent | undefined;
}

/** The data points: the latest ones in a ring, and the sum of each series. */
export class DataPoints {
  readonly #ring: KeptPoint[] = [];
  #next = 0;
  #count = 0;
  readonly #series = new Map<string, Series>();
  readonly #minutes = new Map<MetricFilter, Minute>();

  constructor(private readonly keep: number) {}

  add(
    filter: MetricFilter,
    { dimensions, value, timestamp, logEvent }: Pick<DataPoint, 'dimensions' | 'value' | 'timestamp' | 'logEvent'>,
  ): void {
    const series = this.#seriesOf(filter, dimensions);
    series.sum += value;
    this.#ring[this.#next] = { filter, series, value, timestamp, logEvent };
    this.#next = (this.#next + 1) % this.keep;
    this.#count += 1;
    const minute = this.#minutes.get(filter);
    if (minute) minute.hasMatch = true;
  }

  /** How many there have been. */
  get count(): number {
    return this.#count;
  }

  all(): DataPoint[] {
    const oldest = this.#ring.length < this.keep ? 0 : this.#next;
    return [...this.#ring.slice(oldest), ...this.#ring.slice(0, oldest)].map(toDataPoint);
  }

  sum({ namespace, metricName, dimensions }: MetricQuery): number {
    let sum = 0;
    for (const series of this.#series.values()) {
      if (series.namespace !== namespace || series.metricName !== metricName) continue;
      if (dimensions === undefined || isSame(dimensions, series.dimensions)) sum += series.sum;
    }
    return sum;
  }

  /** Each filter's are its own: those of one metric are added up when their sum is read. */
  #seriesOf(filter: MetricFilter, dimensions: Readonly<Record<string, string>>): Series {
    let key = filter.logicalId; // with lengths, so that no two lists of values make the same text
    for (const name in dimensions) key += ` ${dimensions[name]?.length} ${dimensions[name]}`;
    const known = this.#series.get(key);
    if (known) return known;
    const { namespace, metricName } = filter;
    const series = { namespace, metricName, dimensions, sum: 0 };
    this.#series.set(key, series);
    const [oldest] = this.#series.keys();
    if (this.#series.size > this.keep && oldest !== undefined) this.#series.delete(oldest);
    return series;
  }

  expectDefault(filter: MetricFilter): void {
    this.#minutes.set(filter, { startMs: undefined, hasMatch: false });
  }

  /** An event came: ends the minute before its own. */
  beginMinute(filter: MetricFilter, timestamp: number): void {
    const minute = this.#minutes.get(filter);
    const startMs = Math.floor(timestamp / MINUTE_MS) * MINUTE_MS;
    if (!minute || minute.startMs === startMs) return;
    this.#endMinute(filter, minute);
    minute.startMs = startMs;
  }

  endMinutes(nowMs: number): void {
    for (const [filter, minute] of this.#minutes) {
      if (minute.startMs !== undefined && minute.startMs + MINUTE_MS <= nowMs) this.#endMinute(filter, minute);
    }
  }

  #endMinute(filter: MetricFilter, minute: Minute): void {
    const { defaultValue } = filter;
    if (minute.startMs !== undefined && !minute.hasMatch && defaultValue !== undefined) {
      this.add(filter, { dimensions: {}, value: defaultValue, timestamp: minute.startMs, logEvent: undefined });
    }
    minute.startMs = undefined;
    minute.hasMatch = false;
  }
}

function isSame(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

function toDataPoint({ filter, series, value, timestamp, logEvent }: KeptPoint): DataPoint {
  const { namespace, metricName, unit, logicalId } = filter;
  return { namespace, metricName, dimensions: series.dimensions, value, unit, timestamp, logEvent, filter: logicalId };
}
