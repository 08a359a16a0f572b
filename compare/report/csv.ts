import type { Cell, Comparison, Round } from './comparison';
import { mergedHistogram, percentilesOf } from './histogram';
import { throughputOf } from './summary';

export type CsvValue = string | number | boolean | undefined;

/**
 * A row for each cell and round, under a head; latencies in milliseconds. A round that doesn't count has its reason in
 * `invalid`, and its numbers all the same.
 *
 * Source: https://www.rfc-editor.org/rfc/rfc4180
 */
export function comparisonCsv(comparison: Comparison): string {
  return csvText(
    comparison.cells.flatMap((cell) =>
      cell.rounds.map((round, index) => ({ ...axes(cell, comparison), round: index + 1, ...numbers(round) })),
    ),
  );
}

/** Rows under a head of their names, which all have. */
export function csvText(rows: readonly Readonly<Record<string, CsvValue>>[]): string {
  const [first] = rows;
  const lines = first === undefined ? [] : [Object.keys(first), ...rows.map((row) => Object.values<CsvValue>(row))];
  return lines.map((line) => `${line.map(field).join(',')}\r\n`).join('');
}

function axes(cell: Cell, { servers }: Comparison): Readonly<Record<string, CsvValue>> {
  const { load } = cell;
  return {
    store: cell.store,
    server: servers[cell.store]?.name,
    serverKind: servers[cell.store]?.kind,
    mode: cell.mode,
    path: cell.path,
    strategy: cell.strategy,
    load: load.kind,
    concurrency: load.kind === 'closed' ? load.concurrency : undefined,
    ratePerSecond: load.kind === 'open' ? load.ratePerSecond : undefined,
    counters: cell.counters,
    limit: cell.limit,
    by: cell.by,
    shards: cell.shards,
    keyed: cell.keyed,
  };
}

function numbers(round: Round): Readonly<Record<string, CsvValue>> {
  const { outcomes } = round;
  const latency = percentilesOf(mergedHistogram([round.histogram]));
  return {
    valid: round.invalid === undefined,
    invalid: round.invalid,
    exact: round.verdict.isExact,
    violations: Object.values(round.verdict.broken).reduce((sum, times) => sum + times, 0),
    durationMs: round.durationMs,
    callsPerSecond: throughputOf(round).toFixed(3),
    p50Ms: latency?.p50,
    p90Ms: latency?.p90,
    p99Ms: latency?.p99,
    p999Ms: latency?.p999,
    maxMs: latency?.max,
    incremented: outcomes.incremented,
    limitReached: outcomes.limitReached,
    notApplied: outcomes.notApplied,
    unknown: outcomes.unknown,
    throttled: outcomes.throttled,
    failed: outcomes.failed,
  };
}

/** A text that a spreadsheet would take for a formula, as which a server could give its version. */
const FORMULA = /^[=+\-@\t\r]/;

function field(value: CsvValue): string {
  if (typeof value !== 'string') return value === undefined ? '' : String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
