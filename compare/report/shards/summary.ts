import type { Rule } from '../../exactness';
import { mergedHistogram, type Percentiles, percentilesOf } from '../histogram';
import { type Exactness, medianOf, SATURATED_SHARE, type Spread, spreadOf } from '../summary';
import {
  AWS_ITEM_LIMIT,
  type Phase,
  type SellingOut,
  type ShardCell,
  type ShardComparison,
  type Window,
} from './document';

/** What the rounds of a number of shards say together. Of rounds, medians. */
export interface ShardSummary {
  readonly shards: number;
  /** What all items together may write a second: the straight line. */
  readonly straightPerSecond: number;
  /** @default - no round is valid */
  readonly incrementsPerSecond?: Spread;
  /** Of the straight line. @default - no round is valid */
  readonly efficiency?: number;
  /** Of the increments. @default - there was none */
  readonly latencyMs?: Percentiles;
  /** Of all calls, those that the workflow gave up on. */
  readonly throttledShare: number;
  /** Write units of an increment, with its refused writes. */
  readonly writeUnits: number;
  readonly usdPerMillion: number;
  readonly sellingOut: SellingOutSummary;
  readonly exactness: Exactness;
  readonly violations: readonly { readonly rule: Rule; readonly message: string }[];
  readonly invalidReasons: readonly string[];
  /** Whether no more was counted than the limit of the items allows: else it wasn't applied, and the rest says nothing. */
  readonly isWithinLimit: boolean;
  /** Whether the machine rather than the limit may be what was measured. */
  readonly isSaturated: boolean;
}

export interface SellingOutSummary {
  readonly limit: number;
  /** In each round. */
  readonly sold: readonly number[];
  /** Until the last increment. */
  readonly soldOutMs: number;
  /** What that would take on the straight line. */
  readonly straightMs: number;
  /** Of the last part, on the straight line 1. */
  readonly tailEfficiency: number;
  /** In the last part, for each increment. */
  readonly tailRefusals: number;
  readonly tailRequests: number;
  /** Of the calls of the last part, those that the workflow gave up on. */
  readonly tailThrottledShare: number;
  readonly markedMs: number;
  /** Requests for each call that was refused at the limit, after the last increment. */
  readonly requestsPerRefusal: number;
}

export function summarizeShards(comparison: ShardComparison): ShardSummary[] {
  return comparison.cells.map((cell) => summaryOf(cell, comparison));
}

function summaryOf(cell: ShardCell, comparison: ShardComparison): ShardSummary {
  const { shards } = cell;
  const { itemLimitPerSecond, ceilingPerSecond, prices } = comparison;
  const straightPerSecond = shards * itemLimitPerSecond;
  // Before shards are made, and again before the load begins.
  const fullBuckets = shards === 1 ? 1 : 2;
  const valid = cell.rounds.map(({ steady }) => steady).filter(isValid);
  const windows = valid.map(({ window }) => window);
  const rates = windows.map(({ incremented, ms }) => (incremented / ms) * 1000);
  const writeUnits = ratio(windows, billedWrites, (window) => window.incremented);
  const readUnits = ratio(
    windows,
    ({ requests }) => requests.readUnits,
    (window) => window.incremented,
  );
  const sent = windows.map((window) => (sentRequests(window) / window.ms) * 1000);
  const latencyMs = percentilesOf(mergedHistogram(valid.map(({ histogram }) => histogram)));
  return {
    shards,
    straightPerSecond,
    ...(rates.length > 0 && {
      incrementsPerSecond: spreadOf(rates),
      efficiency: medianOf(rates) / straightPerSecond,
    }),
    ...(latencyMs && { latencyMs }),
    throttledShare: ratio(windows, ({ notApplied }) => notApplied, endedCalls),
    writeUnits,
    usdPerMillion: prices.calls + writeUnits * prices.writeUnits + readUnits * prices.readUnits,
    sellingOut: sellingOutOf(
      cell.rounds.map(({ sellingOut }) => sellingOut),
      straightPerSecond,
    ),
    exactness: exactnessOf(cell),
    violations: phasesOf(cell).flatMap(({ verdict }) => verdict.violations),
    invalidReasons: [...new Set(phasesOf(cell).flatMap(({ invalid }) => invalid ?? []))],
    isWithinLimit: phasesOf(cell).every(
      ({ durationMs, verdict }) => verdict.counts.counted <= straightPerSecond * (durationMs / 1000 + fullBuckets),
    ),
    isSaturated: sent.length > 0 && medianOf(sent) >= SATURATED_SHARE * ceilingPerSecond,
  };
}

function sellingOutOf(phases: readonly SellingOut[], straightPerSecond: number): SellingOutSummary {
  const tails = phases.map(({ tail }) => tail);
  const afters = phases.map(({ after }) => after);
  const limit = phases[0]?.limit ?? NaN;
  return {
    limit,
    sold: phases.map(({ verdict }) => verdict.counts.counted),
    soldOutMs: medianOf(phases.map(({ soldOutMs }) => soldOutMs)),
    straightMs: (medianOf(phases.map(({ prepared }) => limit - prepared)) / straightPerSecond) * 1000,
    tailEfficiency:
      (ratio(
        tails,
        ({ incremented }) => incremented,
        ({ ms }) => ms,
      ) *
        1000) /
      straightPerSecond,
    tailRefusals: ratio(
      tails,
      ({ requests }) => requests.refused,
      (window) => window.incremented,
    ),
    tailRequests: ratio(tails, sentRequests, (window) => window.incremented),
    tailThrottledShare: ratio(tails, ({ notApplied }) => notApplied, endedCalls),
    markedMs: medianOf(phases.map(({ markedMs }) => markedMs)),
    requestsPerRefusal: ratio(
      afters,
      (window) => billedWrites(window) + window.requests.reads,
      ({ limitReached }) => limitReached,
    ),
  };
}

const isValid = ({ invalid }: Phase): boolean => invalid === undefined;

const phasesOf = ({ rounds }: ShardCell): Phase[] => rounds.flatMap(({ steady, sellingOut }) => [steady, sellingOut]);

function exactnessOf(cell: ShardCell): Exactness {
  if (phasesOf(cell).some(({ verdict }) => !verdict.isExact)) return 'not exact';
  return phasesOf(cell).some(isValid) ? 'exact' : 'not judged';
}

const billedWrites = ({ requests }: Window): number => requests.written + requests.refused;
const sentRequests = ({ requests }: Window): number =>
  requests.written + requests.refused + requests.throttled + requests.reads;
const endedCalls = ({ incremented, limitReached, notApplied }: Window): number =>
  incremented + limitReached + notApplied;

/** Of all windows together; 0 where there is nothing to divide by. */
function ratio(windows: readonly Window[], of: (window: Window) => number, by: (window: Window) => number): number {
  const total = (value: (window: Window) => number): number => windows.reduce((sum, window) => sum + value(window), 0);
  return total(by) === 0 ? 0 : total(of) / total(by);
}

/** Such as "1 : 200, 5 writes a second an item instead of 1,000". */
export function scaleText({ itemLimitPerSecond }: ShardComparison): string {
  const writes = itemLimitPerSecond === 1 ? '1 write' : `${itemLimitPerSecond} writes`;
  const scale = Number((AWS_ITEM_LIMIT / itemLimitPerSecond).toPrecision(3));
  return `1 : ${scale}, ${writes} a second an item instead of 1,000`;
}
