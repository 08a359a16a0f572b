import type { Rule } from '../exactness';
import { atConcurrency } from './ceiling';
import type { Cell, Comparison, MeasuredServer, Outcomes, Round } from './comparison';
import { mergedHistogram, type Percentiles, percentilesOf } from './histogram';
import { siblingKey } from './names';

/**
 * From this share of the generator's ceiling on, a cell's throughput is called saturated. At 70 % the generator, which shares
 * the machine, spends more than two thirds of each call's time on itself: a store that took no time at all would gain less
 * than half as much again, so that such numbers rank generators rather than stores.
 */
export const SATURATED_SHARE = 0.7;

/** A number measured several times. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Of the history checker on all rounds of a cell. */
export type Exactness =
  | 'exact'
  /** Whatever else was wrong with the round: what is proven stays so. */
  | 'not exact'
  /** No valid round. */
  | 'not judged';

/** What the valid rounds of a cell say together. */
export interface CellSummary {
  readonly cell: Cell;
  readonly server: MeasuredServer;
  readonly rounds: number;
  /** None: the cell is invalid, and has neither throughput nor latency. */
  readonly validRounds: number;
  /** Calls that the store decided, per second. */
  readonly callsPerSecond?: Spread;
  /** @default - no call was decided */
  readonly latencyMs?: Percentiles;
  /** Of the valid rounds together. */
  readonly outcomes: Outcomes;
  readonly exactness: Exactness;
  /** How often each rule was broken in all rounds. */
  readonly broken: Readonly<Partial<Record<Rule, number>>>;
  /** The first few, in words. */
  readonly violations: readonly { readonly rule: Rule; readonly message: string }[];
  /** Why rounds don't count, each reason once. */
  readonly invalidReasons: readonly string[];
  /** Whether the generator rather than the store limits it. @default - not known: no ceiling, or none of this path */
  readonly isSaturated?: boolean;
  /**
   * The part of its median latency that a direct call of the store doesn't need, 0 to 1. @default - no direct call was
   * measured beside it
   */
  readonly workflowShare?: number;
}

export const isValid = ({ validRounds }: CellSummary): boolean => validRounds > 0;

/** What every cell says, in the order of the document. */
export function summarize(comparison: Comparison): CellSummary[] {
  const summaries = comparison.cells.map((cell) => summaryOf(cell, comparison));
  const direct = new Map(
    summaries.filter(({ cell }) => cell.path === 'direct').map((summary) => [siblingKey(summary.cell), summary]),
  );
  return summaries.map((summary) => ({
    ...summary,
    ...(summary.cell.path === 'direct' ? {} : workflowShare(summary, direct.get(siblingKey(summary.cell)))),
  }));
}

function summaryOf(cell: Cell, { servers, ceilings }: Comparison): CellSummary {
  const valid = validRounds(cell);
  const callsPerSecond = valid.length === 0 ? undefined : spreadOf(valid.map(throughputOf));
  const latencyMs = percentilesOf(mergedHistogram(valid.map(({ histogram }) => histogram)));
  const ceiling = cell.path === 'direct' ? undefined : atConcurrency(ceilings, cell.load);
  return {
    cell,
    server: servers[cell.store] as MeasuredServer,
    rounds: cell.rounds.length,
    validRounds: valid.length,
    ...(callsPerSecond && { callsPerSecond }),
    ...(latencyMs && { latencyMs }),
    outcomes: totalOutcomes(valid),
    exactness: exactnessOf(cell.rounds, valid),
    broken: totalBroken(cell.rounds),
    violations: cell.rounds.flatMap(({ verdict }) => verdict.violations),
    invalidReasons: [...new Set(cell.rounds.flatMap(({ invalid }) => invalid ?? []))],
    ...(callsPerSecond && ceiling !== undefined && { isSaturated: callsPerSecond.median >= SATURATED_SHARE * ceiling }),
  };
}

export const validRounds = ({ rounds }: Cell): readonly Round[] =>
  rounds.filter(({ invalid }) => invalid === undefined);

/** Calls that the store decided, per second: increments, and refusals at the limit. */
export function throughputOf({ outcomes, durationMs }: Round): number {
  return ((outcomes.incremented + outcomes.limitReached) / durationMs) * 1000;
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: medianOf(values), min: Math.min(...values), max: Math.max(...values) };
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? NaN) + (sorted[Math.floor(half)] ?? NaN)) / 2;
}

function exactnessOf(all: readonly Round[], valid: readonly Round[]): Exactness {
  if (all.some(({ verdict }) => !verdict.isExact)) return 'not exact';
  return valid.length === 0 ? 'not judged' : 'exact';
}

function totalBroken(rounds: readonly Round[]): Partial<Record<Rule, number>> {
  const total: Partial<Record<Rule, number>> = {};
  for (const [rule, times] of rounds.flatMap(({ verdict }) => Object.entries(verdict.broken) as [Rule, number][])) {
    total[rule] = (total[rule] ?? 0) + times;
  }
  return total;
}

export function totalOutcomes(rounds: readonly Round[]): Outcomes {
  const total = (name: keyof Outcomes): number => rounds.reduce((sum, { outcomes }) => sum + outcomes[name], 0);
  return {
    incremented: total('incremented'),
    limitReached: total('limitReached'),
    notApplied: total('notApplied'),
    unknown: total('unknown'),
    throttled: total('throttled'),
    failed: total('failed'),
  };
}

function workflowShare(summary: CellSummary, direct: CellSummary | undefined): { readonly workflowShare?: number } {
  if (!summary.latencyMs || !direct?.latencyMs) return {};
  return { workflowShare: Math.max(0, 1 - direct.latencyMs.p50 / summary.latencyMs.p50) };
}
