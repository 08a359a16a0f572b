import type { CellKey, Comparison, Load, Mode } from './comparison';
import { grouped } from './format';
import { seriesName } from './names';
import { type CellSummary, isValid, summarize } from './summary';

/** A store and how it counts: one line of a chart. */
export interface Series {
  readonly store: string;
  readonly name: string;
}

export const MODES: readonly Mode[] = ['unconditional', 'conditional'];

/** The cells that most of the comparison is about: one path, one number of counters. */
export interface Main {
  readonly path: CellKey['path'];
  readonly counters: number;
}

/** All that the report draws from. */
export interface Measured {
  readonly comparison: Comparison;
  readonly cells: readonly CellSummary[];
  readonly modes: readonly Mode[];
  readonly series: readonly Series[];
  readonly main: Main;
}

export function measuredOf(comparison: Comparison): Measured {
  const cells = summarize(comparison);
  return {
    comparison,
    cells,
    modes: MODES.filter((mode) => cells.some(({ cell }) => cell.mode === mode)),
    series: seriesOf(cells),
    main: mainOf(cells),
  };
}

function seriesOf(cells: readonly CellSummary[]): Series[] {
  const byName = new Map(cells.map(({ cell }) => [seriesName(cell), cell.store]));
  const stores = [...new Set(byName.values())];
  return stores.flatMap((store) => [...byName].filter(([, of]) => of === store).map(([name]) => ({ store, name })));
}

const PATHS: readonly CellKey['path'][] = ['api', 'state-machine', 'direct'];

/** The path and the number of counters with the most cells in a closed loop; the whole path, and few counters, before others. */
function mainOf(cells: readonly CellSummary[]): Main {
  const counters = [...new Set(cells.map(({ cell }) => cell.counters))].sort((a, b) => a - b);
  const candidates = PATHS.flatMap((path) => counters.map((count) => ({ path, counters: count })));
  const size = (main: Main): number => cells.filter((cell) => isMain(cell, main) && isClosed(cell)).length;
  return candidates.reduce((best, next) => (size(next) > size(best) ? next : best), { path: 'api', counters: 1 });
}

export const isMain = ({ cell }: CellSummary, { path, counters }: Main): boolean =>
  cell.path === path && cell.counters === counters;

export const isClosed = ({ cell }: CellSummary): boolean => cell.load.kind === 'closed';

/** How hard a load is, among loads of its kind. */
export const loadSize = (load: Load): number => (load.kind === 'closed' ? load.concurrency : load.ratePerSecond);

/** Cells whose loads are of one size: the largest at which as many cells as at any other are valid. */
export function atCommonLoad(cells: readonly CellSummary[]): readonly CellSummary[] {
  const sizes = [...new Set(cells.map(({ cell }) => loadSize(cell.load)))].sort((a, b) => b - a);
  const at = (size: number): readonly CellSummary[] => cells.filter(({ cell }) => loadSize(cell.load) === size);
  const valid = (size: number): number => at(size).filter(isValid).length;
  const [first, ...others] = sizes;
  if (first === undefined) return [];
  return at(others.reduce((best, next) => (valid(next) > valid(best) ? next : best), first));
}

export const ofSeries = (cells: readonly CellSummary[], name: string): readonly CellSummary[] =>
  cells.filter(({ cell }) => seriesName(cell) === name);

/** Such as "HTTP API, the hot counter". */
export const countersWords = (counters: number): string =>
  counters === 1 ? 'one hot counter' : `calls spread over ${grouped(counters)} counters`;
