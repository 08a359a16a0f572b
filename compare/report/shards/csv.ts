import { csvText, type CsvValue } from '../csv';
import { mergedHistogram, percentilesOf } from '../histogram';
import type { Phase, RequestCounts, ShardComparison, ShardRound, Window } from './document';

/** A row for each number of shards, round and phase, under a head. */
export function shardsCsv({ cells, itemLimitPerSecond }: ShardComparison): string {
  return csvText(
    cells.flatMap(({ shards, rounds }) =>
      rounds.flatMap((round, index) =>
        rowsOf(round).map((row) => ({ shards, itemLimitPerSecond, round: index + 1, ...row })),
      ),
    ),
  );
}

type Row = Readonly<Record<string, CsvValue>>;

function rowsOf({ steady, sellingOut }: ShardRound): Row[] {
  const latency = percentilesOf(mergedHistogram([steady.histogram]));
  const all = { p50Ms: latency?.p50, p99Ms: latency?.p99 };
  const none = { p50Ms: undefined, p99Ms: undefined };
  const { limit, soldOutMs, markedMs } = sellingOut;
  return [
    {
      ...row('increments', steady, steady.window),
      ...all,
      limit: undefined,
      soldOutMs: undefined,
      markedMs: undefined,
    },
    { ...row('the last 10 %', sellingOut, sellingOut.tail), ...none, limit, soldOutMs, markedMs },
    { ...row('sold out', sellingOut, sellingOut.after), ...none, limit, soldOutMs, markedMs },
  ];
}

function row(phase: string, { verdict, invalid }: Phase, { requests, ...window }: Window): Row {
  return {
    phase,
    valid: invalid === undefined,
    invalid,
    exact: verdict.isExact,
    counted: verdict.counts.counted,
    windowMs: window.ms,
    incremented: window.incremented,
    limitReached: window.limitReached,
    notApplied: window.notApplied,
    ...named(requests),
  };
}

const named = ({ written, refused, throttled, reads, readUnits }: RequestCounts): Row => ({
  writesWritten: written,
  writesRefused: refused,
  writesThrottled: throttled,
  reads,
  readUnits,
});
