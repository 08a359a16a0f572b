import type { Metrics } from '../cloudwatch/metrics';
import { ApiProblem } from './http/answers';
import { counterPage } from './counters/counter-rows';
import { dataPointPage } from './metrics/data-point-rows';
import type { ExecutionIndex } from './executions/execution-index';
import { ExecutionPages } from './executions/execution-rows';
import { chartStep, metricCharts } from './metrics/metric-charts';
import type { Query } from './http/query';
import { COUNTER_SORTS, EXECUTION_SORTS, type ExecutionFilter } from './shapes';

/** What is read again and again while a page is open. */
export interface PolledRead {
  /** Changes with the answer to the same query; cheaper to make than that. */
  version(query: Query): string;
  answer(query: Query): unknown;
}

export const MOST_ROWS = 500;
const MOST_MINUTES = 24 * 60;
const MINUTE_MS = 60_000;
const ORDERS = ['descending', 'ascending'] as const;

/** `executions`, `counters`, `metrics` and `points`: what grows, a page at a time, and only when it has changed. */
export function polledReads(
  index: ExecutionIndex,
  metrics: Pick<Metrics, 'dataPoints' | 'count'>,
): Readonly<Record<string, PolledRead>> {
  const pages = new ExecutionPages(index);
  const size = (query: Query): number => Math.max(1, query.number('size', 50, MOST_ROWS));
  return {
    executions: {
      version(query) {
        const sinceMs = startOfSpan(query);
        return sinceMs === undefined ? index.version : `${index.version}-${startedSince(index, sinceMs)}`;
      },
      answer(query) {
        const page = pages.page({
          filter: executionFilter(query),
          sort: query.word('sort', EXECUTION_SORTS),
          order: query.word('order', ORDERS),
          size: size(query),
          from: query.texts['from'],
        });
        if (!page) throw new ApiProblem(410, 'The executions of this page have dropped off: only the latest are kept');
        return page;
      },
    },
    counters: {
      version: () => index.version,
      answer: (query) =>
        counterPage(index, {
          store: query.texts['store'],
          search: query.texts['search'] ?? '',
          sort: query.word('sort', COUNTER_SORTS),
          order: query.word('order', ['ascending', 'descending']),
          from: query.number('from', 0),
          size: size(query),
        }),
    },
    metrics: {
      version(query) {
        const step = chartStep(Date.now(), minutesOf(query));
        return [index.version, metrics.count(), step].join('-');
      },
      answer: (query) =>
        metricCharts({
          dataPoints: metrics.dataPoints(),
          executions: index.all(),
          nowMs: Date.now(),
          minutes: minutesOf(query),
        }),
    },
    points: {
      version: () => [index.version, metrics.count()].join('-'),
      answer: (query) =>
        dataPointPage(metrics, (arn) => index.get(arn) !== undefined, {
          metrics: query.texts['metric']?.split(',') ?? [],
          namespace: query.texts['namespace'],
          before: query.optionalNumber('before'),
          size: size(query),
        }),
    },
  };
}

const minutesOf = (query: Query): number => Math.max(1, query.number('minutes', 15, MOST_MINUTES));

/** When the span began that `last` gives, in minutes. */
function startOfSpan(query: Query): number | undefined {
  const minutes = query.optionalNumber('last', 366 * MOST_MINUTES);
  return minutes === undefined ? undefined : Date.now() - minutes * MINUTE_MS;
}

function startedSince(index: ExecutionIndex, sinceMs: number): number {
  let count = 0;
  for (const { execution } of index.all()) if (execution.startMs >= sinceMs) count += 1;
  return count;
}

function executionFilter(query: Query): ExecutionFilter {
  const { machine, status, kind, outcome, store, id, search } = query.texts;
  const sinceMs = startOfSpan(query) ?? query.optionalNumber('since');
  const untilMs = query.optionalNumber('until');
  return {
    ...(machine !== undefined && { machine }),
    ...(status !== undefined && { status }),
    ...(kind !== undefined && { kind }),
    ...(outcome !== undefined && { outcome }),
    ...(store !== undefined && { store }),
    ...(id !== undefined && { id }),
    ...(search !== undefined && { search }),
    ...(sinceMs !== undefined && { sinceMs }),
    ...(untilMs !== undefined && { untilMs }),
  };
}
