import { build, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import { checkExactness, type Rule, sumOfCounts } from '../exactness';
import type { CounterHistory } from '../exactness/history-file';
import type { Load, Outcomes, Round, RoundVerdict } from '../report/comparison';
import type { Call } from './recording';

const SHOWN_VIOLATIONS = 5;

/**
 * What was measured, without the warm-up; judged is all of it.
 *
 * @param interruption why the load ended before its time; undefined where it didn't
 */
export function toRound(
  { load, mayRefuse = false }: { readonly load: Load; readonly mayRefuse?: boolean },
  calls: readonly Call[],
  histories: readonly CounterHistory[],
  interruption: string | undefined,
): Round {
  const measured = calls.filter(({ isMeasured }) => isMeasured);
  const outcomes = outcomesOf(measured);
  const invalid = interruption === undefined ? reasonsAgainst(outcomes, measured, mayRefuse) : [interruption];
  return {
    durationMs: durationOf(measured),
    outcomes,
    ...(load.kind === 'open' ? { sentLateMs: latenessOf(measured) } : {}),
    histogram: encodeIntoCompressedBase64(histogramOf(measured)),
    verdict: judge(histories),
    ...(invalid.length > 0 ? { invalid: invalid.join('; ') } : {}),
  };
}

/** A round without calls. */
export function roundNotMade(load: Load, reason: string): Round {
  return toRound({ load }, [], [], reason);
}

function durationOf(calls: readonly Call[]): number {
  const first = calls.reduce((least, { plannedAt }) => Math.min(least, plannedAt), Infinity);
  const last = calls.reduce((most, { completedAt }) => Math.max(most, completedAt), -Infinity);
  return calls.length === 0 ? 0 : last - first;
}

/** The 99th percentile of the delays between plan and sending, in milliseconds. */
function latenessOf(calls: readonly Call[]): number {
  const delays = calls.map(({ plannedAt, invokedAt }) => invokedAt - plannedAt).sort((a, b) => a - b);
  return delays[Math.ceil(delays.length * 0.99) - 1] ?? 0;
}

function outcomesOf(calls: readonly Call[]): Outcomes {
  const ended = (status: Call['answer']['status']): number =>
    calls.filter(({ answer }) => answer.status === status).length;
  return {
    incremented: ended('incremented'),
    limitReached: ended('limit-reached'),
    notApplied: ended('not-applied'),
    unknown: ended('unknown'),
    throttled: ended('throttled'),
    failed: ended('failed'),
  };
}

/** Calls that the store did not decide: their speed says nothing of it, and the rest had less to do. */
function reasonsAgainst(
  { throttled, failed, notApplied, unknown }: Outcomes,
  calls: readonly Call[],
  mayRefuse: boolean,
): string[] {
  const because = (status: Call['answer']['status']): string => {
    const reason = calls.find(({ answer }) => answer.status === status && answer.reason !== undefined)?.answer.reason;
    return reason === undefined ? '' : ` (${reason})`;
  };
  const against = (count: number, how: string, status: Call['answer']['status']): string[] =>
    count === 0 ? [] : [`${count} of ${calls.length} calls ${how}${because(status)}`];
  return [
    ...against(throttled, 'throttled', 'throttled'),
    ...against(failed, 'failed', 'failed'),
    ...(mayRefuse ? [] : against(notApplied, 'not applied', 'not-applied')),
    ...against(unknown, 'of unknown outcome', 'unknown'),
  ];
}

/**
 * Latencies of the calls that the store decided, in microseconds, from the planned time: counted from the sending, a stall
 * would show in the few calls that it met, and be left out for those that it kept from being sent ("coordinated omission").
 *
 * Sources: https://github.com/giltene/wrk2 (README.md, "A note about wrk2's latency measurement technique"),
 * https://hdrhistogram.github.io/HdrHistogram/
 */
function histogramOf(calls: readonly Call[]): Histogram {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 120e6,
    numberOfSignificantValueDigits: 3,
  });
  for (const { answer, plannedAt, completedAt } of calls) {
    if (answer.status !== 'incremented' && answer.status !== 'limit-reached') continue;
    histogram.recordValue(Math.round((completedAt - plannedAt) * 1000));
  }
  return histogram;
}

/** Holds the calls of each counter against what a correct counter can do. */
export function judge(histories: readonly CounterHistory[]): RoundVerdict {
  const verdicts = histories.map(({ id, history }) => ({ id, ...checkExactness(history) }));
  const broken: Partial<Record<Rule, number>> = {};
  for (const verdict of verdicts) {
    for (const [rule, times] of Object.entries(verdict.broken))
      broken[rule as Rule] = (broken[rule as Rule] ?? 0) + times;
  }
  const violations = verdicts.flatMap(({ id, violations }) =>
    violations.map(({ rule, message }) => ({ rule, message: `counter "${id}": ${message}` })),
  );
  return {
    isExact: verdicts.every(({ isExact }) => isExact),
    counts: sumOfCounts(verdicts.map(({ counts }) => counts)),
    broken,
    violations: violations.slice(0, SHOWN_VIOLATIONS),
  };
}
