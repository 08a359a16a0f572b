import type { DataPoint } from '../../cloudwatch/metrics';
import type { IndexedExecution } from '../executions/indexed-execution';
import type { Chart, ChartLine, Charts, OutcomeKind } from '../shapes';

const STEPS = 60;
const MINUTE_MS = 60_000;

export interface MetricChartsOptions {
  readonly dataPoints: readonly DataPoint[];
  readonly executions: Iterable<IndexedExecution>;
  readonly nowMs: number;
  /** How far back the charts reach. */
  readonly minutes: number;
}

/** What a chart is drawn from. */
interface Sample {
  readonly store: string;
  readonly timestampMs: number;
  readonly value: number;
}

interface Counted {
  readonly title: string;
  readonly metric: string;
  readonly about: string;
  /** Executions that no metric filter sees: AWS counts them itself, as ExecutionsFailed and ExecutionsTimedOut. */
  readonly added?: { readonly isCounted: (entry: IndexedExecution) => boolean; readonly about: string };
}

const hasNotSucceeded = ({ execution }: IndexedExecution): boolean =>
  execution.status !== 'RUNNING' && execution.status !== 'SUCCEEDED';

/** The metrics that count an end of an increment; `<stack>/<store>` is their namespace (`lib/counter-metrics.ts`). */
const COUNTED: readonly Counted[] = [
  { title: 'Increments', metric: 'Increments', about: 'Counters incremented.' },
  {
    title: 'Limits reached',
    metric: 'LimitReached',
    about: 'Increments refused because the counter is at its limit.',
  },
  {
    title: 'Not counted',
    metric: 'Unavailable',
    about: 'Increments that were not applied because the store was unavailable.',
  },
  {
    title: 'Unknown',
    metric: 'OutcomeUnknown',
    about: 'Increments that have perhaps counted.',
    added: {
      isCounted: (entry) => hasNotSucceeded(entry) && entry.isIncrement,
      about: 'Increments in memory that failed, timed out or were aborted are added.',
    },
  },
];

/** Kinds of an end before any store is called: their `store` may be any text of the client's. */
const REFUSED: ReadonlySet<OutcomeKind> = new Set(['invalid', 'running']);

const FROM_FILTERS = 'Counted by the template’s metric filters in the execution log.';

/** What `metricCharts` gives for the same data points and executions changes with this. */
export const chartStep = (nowMs: number, minutes: number): number =>
  Math.floor(nowMs / ((minutes * MINUTE_MS) / STEPS));

/**
 * Charts per store over time: what the metric filters count in the execution log, and how long executions took.
 *
 * Counts are sums per step, latencies the median and the 95th percentile of the executions that ended in it.
 */
export function metricCharts({ dataPoints, executions, nowMs, minutes }: MetricChartsOptions): Charts {
  const stepMs = (minutes * MINUTE_MS) / STEPS;
  const fromMs = (chartStep(nowMs, minutes) - STEPS + 1) * stepMs;
  const plot = (samples: readonly Sample[], summarize: (values: number[]) => number | null): ChartLine[] =>
    lines(samples, fromMs, stepMs, summarize);
  const recent = dataPoints.filter(({ timestamp }) => timestamp >= fromMs);
  const ended = Array.from(executions).filter(({ execution }) => (execution.stopMs ?? 0) >= fromMs);

  const counted = COUNTED.map(({ title, metric, about, added }): Chart => {
    const points = recent.filter(({ metricName }) => metricName === metric).map(sampleOf);
    const unseen = added ? ended.filter(added.isCounted).flatMap((entry) => endOf(entry, 1)) : [];
    return {
      ...{ title, unit: 'count', metrics: [metric] },
      about: [about, FROM_FILTERS, added?.about ?? ''].join(' ').trim(),
      lines: plot([...points, ...unseen], sum),
    };
  });
  const others = new Set(recent.map(({ metricName }) => metricName));
  for (const { metric } of COUNTED) others.delete(metric);
  const values = Array.from(others).map((metric): Chart => ({
    ...{ title: inWords(metric), unit: 'value', metrics: [metric] },
    about: `The largest value in each step. ${FROM_FILTERS}`,
    lines: plot(recent.filter(({ metricName }) => metricName === metric).map(sampleOf), largest),
  }));
  const latencies = ended.flatMap((entry) => (REFUSED.has(entry.kind) ? [] : endOf(entry, entry.durationMs ?? 0)));
  const latency = (title: string, share: number, about: string): Chart => ({
    ...{ title, unit: 'ms', metrics: [] },
    about: `${about} From the executions in memory, increments and reads.`,
    lines: plot(latencies, (all) => percentile(all, share)),
  });
  return {
    fromMs,
    stepMs,
    steps: STEPS,
    charts: [
      ...counted,
      latency('Latency, median', 0.5, 'Half of the executions were as quick as this.'),
      latency('Latency, 95th percentile', 0.95, 'Nineteen of twenty executions were as quick as this.'),
      ...values,
    ],
  };
}

/** `CounterValue`: Counter value. */
function inWords(metric: string): string {
  const words = metric.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A metric of all stores tells them apart by its first dimension. */
function sampleOf({ namespace, dimensions, value, timestamp }: DataPoint): Sample {
  const store = Object.values(dimensions)[0] ?? namespace.slice(namespace.lastIndexOf('/') + 1);
  return { store, timestampMs: timestamp, value };
}

function endOf({ store, execution: { stopMs } }: IndexedExecution, value: number): Sample[] {
  return stopMs === undefined || store === undefined ? [] : [{ store, timestampMs: stopMs, value }];
}

function lines(
  samples: readonly Sample[],
  fromMs: number,
  stepMs: number,
  summarize: (values: number[]) => number | null,
): ChartLine[] {
  const byStore = new Map<string, number[][]>();
  for (const { store, timestampMs, value } of samples) {
    const step = Math.floor((timestampMs - fromMs) / stepMs);
    if (step < 0 || step >= STEPS) continue;
    const steps = byStore.get(store) ?? Array.from({ length: STEPS }, (): number[] => []);
    byStore.set(store, steps);
    steps[step]?.push(value);
  }
  return Array.from(byStore, ([store, steps]) => ({ store, values: steps.map(summarize) })).sort((a, b) =>
    a.store < b.store ? -1 : 1,
  );
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function largest(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((most, value) => Math.max(most, value));
}

/** The smallest value that is not below `share` of them: the nearest rank. */
function percentile(values: number[], share: number): number | null {
  values.sort((a, b) => a - b);
  return values[Math.ceil(values.length * share) - 1] ?? null;
}
