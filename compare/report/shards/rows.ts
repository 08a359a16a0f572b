import { dollars, grouped, ms, percent } from '../format';
import type { ShardComparison } from './document';
import { type ShardSummary, summarizeShards } from './summary';

/** A head and a row for each number of shards: increments far below any limit. */
export function steadyRows(comparison: ShardComparison): string[][] {
  return [
    [
      'shards',
      'increments/s',
      'K × limit',
      'efficiency',
      'p50 ms',
      'p99 ms',
      'throttled',
      'write units each',
      '$/million',
      'exact',
    ],
    ...summarizeShards(comparison).map((summary) => [
      grouped(summary.shards),
      summary.incrementsPerSecond ? grouped(rounded(summary.incrementsPerSecond.median)) : 'invalid',
      grouped(summary.straightPerSecond),
      summary.efficiency === undefined ? '–' : percent(summary.efficiency),
      summary.latencyMs ? ms(summary.latencyMs.p50) : '–',
      summary.latencyMs ? ms(summary.latencyMs.p99) : '–',
      percent(summary.throttledShare),
      summary.writeUnits.toFixed(3),
      dollars(summary.usdPerMillion),
      verdictText(summary),
    ]),
  ];
}

/** A head and a row for each number of shards: a limit that is sold out. */
export function sellingOutRows(comparison: ShardComparison): string[][] {
  return [
    [
      'shards',
      'limit',
      'sold',
      'sold out in',
      'straight',
      'last 10 %: speed',
      'refusals each',
      'requests each',
      'throttled',
      'marked after',
      'requests a refusal',
    ],
    ...summarizeShards(comparison).map(({ shards, sellingOut }) => [
      grouped(shards),
      grouped(sellingOut.limit),
      soldText(sellingOut.sold),
      seconds(sellingOut.soldOutMs),
      seconds(sellingOut.straightMs),
      percent(sellingOut.tailEfficiency),
      sellingOut.tailRefusals.toFixed(2),
      sellingOut.tailRequests.toFixed(1),
      percent(sellingOut.tailThrottledShare),
      seconds(sellingOut.markedMs),
      sellingOut.requestsPerRefusal.toFixed(1),
    ]),
  ];
}

/** The verdict, with what stands in doubt. */
export function verdictText({ exactness, isWithinLimit, isSaturated, invalidReasons }: ShardSummary): string {
  return [
    exactness === 'not exact' ? 'NOT EXACT' : exactness,
    ...(isWithinLimit ? [] : ['ITEM LIMIT NOT APPLIED']),
    ...(isSaturated ? ['saturated'] : []),
    ...invalidReasons.map((reason) => `invalid: ${reason}`),
  ].join(', ');
}

/** The one number of all rounds, or each of them. */
const soldText = (sold: readonly number[]): string => [...new Set(sold)].map(grouped).join(', ');

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/** To a tenth. */
const rounded = (value: number): number => Math.round(value * 10) / 10;
