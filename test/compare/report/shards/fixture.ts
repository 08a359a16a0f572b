import type {
  RequestCounts,
  RoundVerdict,
  ShardCell,
  ShardComparison,
  ShardRound,
  Window,
} from '../../../../compare/report';
import { histogramOf, randomNumbers } from '../fixture';

const ITEM_LIMIT = 5;

export const requestsOf = (overrides: Partial<RequestCounts> = {}): RequestCounts => ({
  written: 0,
  refused: 0,
  throttled: 0,
  reads: 0,
  readUnits: 0,
  ...overrides,
});

export const windowOf = (overrides: Partial<Window> = {}): Window => ({
  ms: 8000,
  incremented: 0,
  limitReached: 0,
  notApplied: 0,
  requests: requestsOf(),
  ...overrides,
});

const verdictOf = (counted: number): RoundVerdict => ({
  isExact: true,
  counts: { attempted: counted * 2, counted, refused: 0, notApplied: counted, unknown: 0, reads: 1 },
  broken: {},
  violations: [],
});

/** A round at nearly what its items may write. */
export function shardRoundOf(shards: number, overrides: Partial<ShardRound> = {}): ShardRound {
  const incremented = Math.round(8 * shards * ITEM_LIMIT * 0.98);
  const limit = 8 * shards * ITEM_LIMIT;
  return {
    steady: {
      durationMs: 12_400,
      verdict: verdictOf(Math.round(incremented * 1.6)),
      window: windowOf({
        incremented,
        notApplied: Math.round(incremented / 2),
        requests: requestsOf({ written: incremented, throttled: 2 * incremented }),
      }),
      histogram: histogramOf(incremented, 40, randomNumbers(shards)),
    },
    sellingOut: {
      durationMs: 12_000,
      verdict: verdictOf(limit),
      limit,
      prepared: 0,
      soldOutMs: 9000,
      tail: windowOf({
        ms: 1600,
        incremented: limit / 10,
        notApplied: limit / 10,
        requests: requestsOf({ written: limit / 10, refused: limit / 5, throttled: limit / 2, reads: limit / 5 }),
      }),
      after: windowOf({ ms: 2000, limitReached: 40, requests: requestsOf({ refused: 40, reads: 40, readUnits: 40 }) }),
      markedMs: shards === 1 ? 0 : 300,
    },
    ...overrides,
  };
}

/** A comparison of one, four, 16 and 64 shards. */
export function shardComparisonOf(
  cells: readonly ShardCell[] = [1, 4, 16, 64].map((shards) => ({
    shards,
    rounds: [shardRoundOf(shards), shardRoundOf(shards)],
  })),
  overrides: Partial<ShardComparison> = {},
): ShardComparison {
  return {
    schemaVersion: 1,
    kind: 'shards',
    command: 'npm run compare -- --shards 1,4,16,64',
    startedAt: '2026-11-27T04:00:00.000Z',
    finishedAt: '2026-11-27T04:09:00.000Z',
    machine: { cpu: 'AMD EPYC 7R32', cores: 2, memoryBytes: 8 * 2 ** 30, os: 'Linux 6.1', node: 'v22.11.0' },
    versions: { 'atomic-counter': '0.1.0' },
    itemLimitPerSecond: ITEM_LIMIT,
    offered: 1.5,
    ceilingPerSecond: 2100,
    prices: { date: '2026-11-25', region: 'us-east-1', calls: 4.6, writeUnits: 0.625, readUnits: 0.125 },
    cells,
    ...overrides,
  };
}
