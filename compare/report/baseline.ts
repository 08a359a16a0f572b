import { bootstrapMedian, type Estimate } from './bootstrap';
import type { Cell, Comparison } from './comparison';
import { grouped, ms } from './format';
import { mergedHistogram, valueAt } from './histogram';
import { cellKey, cellName } from './names';
import { throughputOf, validRounds } from './summary';

export type ChangeVerdict =
  | 'faster'
  | 'slower'
  /** The intervals overlap: there may be none, or the rounds don't tell. */
  | 'no difference found'
  /** Of fewer rounds nothing can be said. */
  | 'too few rounds'
  /** Something else changed that they depend on. */
  | 'not comparable';

/** One quantity of a cell, before and now: the median of its rounds with an interval. */
export interface Change {
  readonly before: Estimate;
  readonly now: Estimate;
  readonly verdict: ChangeVerdict;
}

export interface CellChange {
  /** In words. */
  readonly name: string;
  /** Calls per second. */
  readonly throughput: Change;
  /** The 99th percentile of latency, in milliseconds. */
  readonly p99: Change;
}

export interface BaselineComparison {
  /** When the baseline was measured, in ISO 8601. */
  readonly baselineStartedAt: string;
  /** What else differs, in words: cells that depend on it aren't compared. */
  readonly differences: readonly string[];
  /** The cells that both have, as far as each has a valid round. */
  readonly cells: readonly CellChange[];
  /** The cells that only one has, or of which one is invalid. */
  readonly unmatched: readonly string[];
}

/**
 * Valid rounds that each side needs. Up to five rounds the interval reaches from the lowest to the highest; three of one side all
 * lie beyond three of the other by chance once in ten times, four beyond four once in 35.
 */
export const MIN_ROUNDS = 4;

/**
 * Compares each cell with the same cell of an earlier comparison: by the median of the rounds, and a 95 % percentile bootstrap
 * interval of it. A difference is named only where the intervals don't overlap.
 *
 * Source: B. Efron, R. Tibshirani: An Introduction to the Bootstrap, chapter 13
 */
export function compareWithBaseline(now: Comparison, before: Comparison): BaselineComparison {
  const earlier = new Map(before.cells.map((cell) => [cellKey(cell), cell]));
  const later = new Map(now.cells.map((cell) => [cellKey(cell), cell]));
  const setting = settingDifferences(now, before);
  const servers = serverDifferences(now, before);
  const pairs = now.cells.flatMap((cell) => {
    const other = earlier.get(cellKey(cell));
    return other && hasValidRound(cell) && hasValidRound(other) ? [{ cell, other }] : [];
  });
  const matched = new Set(pairs.map(({ cell }) => cellKey(cell)));
  return {
    baselineStartedAt: before.startedAt,
    differences: [...setting, ...servers.values()],
    cells: pairs.map(({ cell, other }) => changeOf(cell, other, setting.length === 0 && !servers.has(cell.store))),
    unmatched: [...later, ...[...earlier].filter(([key]) => !later.has(key))]
      .filter(([key]) => !matched.has(key))
      .map(([, cell]) => cellName(cell)),
  };
}

const hasValidRound = (cell: Cell): boolean => validRounds(cell).length > 0;

/** What every cell depends on. A newer release of this project isn't among it: that is what one compares. */
function settingDifferences(now: Comparison, before: Comparison): string[] {
  const settings: readonly (readonly [string, (of: Comparison) => string])[] = [
    ['processor', ({ machine }) => `${machine.cpu}, ${machine.cores} cores`],
    ['memory', ({ machine }) => `${grouped(machine.memoryBytes / 2 ** 30)} GiB`],
    ['operating system', ({ machine }) => machine.os],
    ['Node', ({ machine }) => machine.node],
    ['added latency', ({ addedLatencyMs }) => `${addedLatencyMs} ms`],
  ];
  return settings.flatMap(([name, of]) => difference(name, of(now), of(before)));
}

function serverDifferences(now: Comparison, before: Comparison): ReadonlyMap<string, string> {
  const described = ({ servers }: Comparison, store: string): string | undefined => {
    const server = Object.hasOwn(servers, store) ? servers[store] : undefined;
    return server && `${server.name} (${server.kind})`;
  };
  return new Map(
    Object.keys(now.servers).flatMap((store) => {
      const earlier = described(before, store);
      if (earlier === undefined) return [];
      return difference(`server of ${store}`, described(now, store) ?? '', earlier).map(
        (text) => [store, text] as const,
      );
    }),
  );
}

const difference = (name: string, now: string, before: string): string[] =>
  now === before ? [] : [`${name}: ${before} before, ${now} now`];

function changeOf(now: Cell, before: Cell, isComparable: boolean): CellChange {
  const change = (of: (cell: Cell) => readonly number[], isHigherFaster: boolean): Change => {
    const [earlier, later] = [of(before), of(now)];
    const estimates = { before: bootstrapMedian(earlier), now: bootstrapMedian(later) };
    const hasRounds = Math.min(earlier.length, later.length) >= MIN_ROUNDS;
    return { ...estimates, verdict: verdictOf(estimates, { isHigherFaster, isComparable, hasRounds }) };
  };
  return { name: cellName(now), throughput: change(throughputs, true), p99: change(slowest, false) };
}

const throughputs = (cell: Cell): readonly number[] => validRounds(cell).map(throughputOf);

const slowest = (cell: Cell): readonly number[] =>
  validRounds(cell).map(({ histogram }) => valueAt(mergedHistogram([histogram]), 99));

function verdictOf(
  { before, now }: { readonly before: Estimate; readonly now: Estimate },
  known: { readonly isHigherFaster: boolean; readonly isComparable: boolean; readonly hasRounds: boolean },
): ChangeVerdict {
  if (!known.isComparable) return 'not comparable';
  if (!known.hasRounds) return 'too few rounds';
  if (now.low > before.high) return known.isHigherFaster ? 'faster' : 'slower';
  if (now.high < before.low) return known.isHigherFaster ? 'slower' : 'faster';
  return 'no difference found';
}

/** A head and a row for each cell and quantity, for a terminal and for the page. */
export function baselineRows({ cells }: BaselineComparison): string[][] {
  return [
    ['cell', 'quantity', 'before', 'now', 'change', 'verdict'],
    ...cells.flatMap(({ name, throughput, p99 }) => [
      row(name, 'calls/s', throughput, grouped),
      row(name, 'p99 ms', p99, ms),
    ]),
  ];
}

function row(
  name: string,
  quantity: string,
  { before, now, verdict }: Change,
  format: (value: number) => string,
): string[] {
  const shown = ({ median, low, high }: Estimate): string => `${format(median)} (${format(low)}–${format(high)})`;
  const change = before.median === 0 ? '–' : signed((now.median / before.median - 1) * 100);
  return [name, quantity, shown(before), shown(now), change, verdict];
}

const signed = (percent: number): string => `${percent < 0 ? '−' : '+'}${Math.abs(percent).toFixed(1)} %`;
