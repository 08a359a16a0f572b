import { cellName } from '../names';
import { type Measured, ofSeries, type Series } from '../selection';
import { type CellSummary, isValid } from '../summary';
import type { Chart } from './chart';
import { shortened } from './labels';
import { type Look, lookOf } from './theme';

/** The same look for a series in every chart. */
export function seriesLook({ store, name }: Series, { series }: Measured): Look {
  const stores = [...new Set(series.map((each) => each.store))];
  const variants = series.filter((each) => each.store === store).map((each) => each.name);
  return lookOf(stores, store, Math.max(0, variants.indexOf(name)));
}

/** Its name, and a mark where one of these cells isn't exact: no line may look faster than it is right. */
export function seriesLabel({ name }: Series, cells: readonly CellSummary[]): string {
  return shortened(name) + (ofSeries(cells, name).some(isBroken) ? ' ✗' : '');
}

/** Explains the mark where a chart has it. */
export function exactLegend(cells: readonly CellSummary[]): Chart['legend'] {
  return cells.some((cell) => isValid(cell) && isBroken(cell)) ? [{ symbol: '✗', name: 'not exact' }] : [];
}

const isBroken = ({ exactness }: CellSummary): boolean => exactness === 'not exact';

/** Why cells aren't in a picture. */
export function leftOutOf(cells: readonly CellSummary[]): string[] {
  return cells.filter((cell) => !isValid(cell)).map((cell) => `${cellName(cell.cell)}: invalid, ${reasonOf(cell)}`);
}

export const reasonOf = ({ invalidReasons }: CellSummary): string =>
  invalidReasons.join('; ') || 'no round was measured';
