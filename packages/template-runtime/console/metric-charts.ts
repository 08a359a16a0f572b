import type { DataPoint } from '../cloudwatch/metrics';
import type { Execution } from '../step-functions';
import { outcomeOf, storeOf } from './outcomes';
import type { Chart, ChartLine, Charts } from './shapes';

const STEPS = 60;
const MINUTE_MS = 60_000;

export interface MetricChartsOptions {
  readonly dataPoints: readonly DataPoint[];
  readonly executions: readonly Execution[];
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
  readonly names: readonly string[];
  readonly about: string;
  readonly executions?: { readonly isCounted: (execution: Execution) => boolean; readonly about: string };
}

/** The metrics that count an end of an increment; `<stack>/<store>` is their namespace (`lib/counter-metrics.ts`). */
const COUNTED: readonly Counted[] = [
  { title: 'Increments', names: ['Increments'], about: 'Counters incremented.' },
  {
    title: 'Limits reached',
    names: ['LimitReached'],
    about: 'Increments refused because the counter is at its limit.',
  },
  {
    title: 'Failures',
    names: ['Unavailable', 'OutcomeUnknown'],
    about: 'Increments that were not applied because the store was unavailable, or whose outcome is unknown.',
    // No metric filter sees these: AWS counts them itself, as ExecutionsFailed and ExecutionsTimedOut.
    executions: {
      isCounted: ({ status }: Execution) => status !== 'RUNNING' && status !== 'SUCCEEDED',
      about: 'Executions in memory that failed, timed out or were aborted are added.',
    },
  },
];

/** Outcomes before any store is called: their `store` may be any text of the client's. */
const REFUSED: ReadonlySet<string> = new Set(['invalid-request', 'unknown-store']);

/**
 * Charts per store over time: what the metric filters count in the execution log, and how long executions took.
 *
 * Counts are sums per step, latencies the median and the 95th percentile of the executions that ended in it.
 */
export function metricCharts({ dataPoints, executions, nowMs, minutes }: MetricChartsOptions): Charts {
  const stepMs = (minutes * MINUTE_MS) / STEPS;
  const fromMs = (Math.floor(nowMs / stepMs) - STEPS + 1) * stepMs;
  const counted = COUNTED.map(({ title, names, about, executions: added }): Chart => {
    const points = dataPoints.filter(({ metricName }) => names.includes(metricName)).map(sampleOf);
    const ended = added ? executions.filter(added.isCounted).flatMap((execution) => endOf(execution) ?? []) : [];
    return {
      title,
      unit: 'count',
      about: [about, 'Counted by the template’s metric filters in the execution log.', added?.about ?? '']
        .join(' ')
        .trim(),
      lines: lines([...points, ...ended], fromMs, stepMs, (values) => values.reduce((sum, value) => sum + value, 0)),
    };
  });
  const latencies = executions.flatMap((execution) => {
    const end = REFUSED.has(outcomeOf(execution) ?? '') ? undefined : endOf(execution);
    return end ? { ...end, value: end.timestampMs - execution.startMs } : [];
  });
  const latency = (title: string, share: number, about: string): Chart => ({
    title,
    unit: 'ms',
    about: `${about} From the executions in memory, increments and reads.`,
    lines: lines(latencies, fromMs, stepMs, (values) => percentile(values, share)),
  });
  return {
    fromMs,
    stepMs,
    steps: STEPS,
    charts: [
      ...counted,
      latency('Latency, median', 0.5, 'Half of the executions were as quick as this.'),
      latency('Latency, 95th percentile', 0.95, 'Nineteen of twenty executions were as quick as this.'),
    ],
  };
}

function sampleOf({ namespace, value, timestamp }: DataPoint): Sample {
  return { store: namespace.slice(namespace.lastIndexOf('/') + 1), timestampMs: timestamp, value };
}

/** The end of an execution, counted as one. */
function endOf(execution: Execution): Sample | undefined {
  const { stopMs } = execution;
  const store = storeOf(execution);
  return stopMs === undefined || store === undefined ? undefined : { store, timestampMs: stopMs, value: 1 };
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

/** The smallest value that is not below `share` of them: the nearest rank. */
function percentile(values: number[], share: number): number | null {
  values.sort((a, b) => a - b);
  return values[Math.ceil(values.length * share) - 1] ?? null;
}
