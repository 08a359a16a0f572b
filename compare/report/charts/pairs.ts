import { type Measured, ofSeries } from '../selection';
import type { CellSummary } from '../summary';
import type { RankPanel, Row } from './rank-chart';
import { seriesLabel, seriesLook } from './series';

/** A panel for each mode and a row for each series that has a value there. */
export function pairPanels<T extends { readonly one: CellSummary }>(
  measured: Measured,
  items: readonly T[],
  draw: (item: T) => Pick<Row, 'marks' | 'text'>,
): RankPanel[] {
  return measured.modes
    .map((mode) => ({
      name: mode,
      rows: measured.series.flatMap((series) =>
        items
          .filter(({ one }) => one.cell.mode === mode && ofSeries([one], series.name).length > 0)
          .slice(0, 1)
          .map((item) => ({
            name: seriesLabel(series, [item.one]),
            look: seriesLook(series, measured),
            ...draw(item),
          })),
      ),
    }))
    .filter(({ rows }) => rows.length > 0);
}
