import { grouped } from '../format';
import { loadName, PATH_NAMES, seriesName, siblingKey } from '../names';
import { atCommonLoad, isClosed, type Measured } from '../selection';
import { type CellSummary, isValid } from '../summary';
import type { Canvas } from './canvas';
import type { Chart } from './chart';
import { pairPanels } from './pairs';
import { rankChart } from './rank-chart';
import { exactLegend, leftOutOf } from './series';

/** What a hot counter costs: the same calls on one counter, and spread over many. @returns undefined where only one was measured */
export function countersChart(canvas: Canvas, measured: Measured): Chart | undefined {
  const candidates = measured.cells.filter((cell) => isClosed(cell) && cell.cell.path === measured.main.path);
  const spreadOf = (hot: CellSummary): CellSummary | undefined =>
    candidates
      .filter(({ cell }) => cell.counters > 1 && siblingKey(cell, ['counters']) === siblingKey(hot.cell, ['counters']))
      .sort((a, b) => b.cell.counters - a.cell.counters)[0];
  const hot = atCommonLoad(candidates.filter((cell) => cell.cell.counters === 1 && spreadOf(cell) !== undefined));
  const pairs = hot.flatMap((one) => {
    const many = spreadOf(one);
    return many ? [{ one, many }] : [];
  });
  const drawn = pairs.filter(({ one, many }) => isValid(one) && isValid(many));
  const [first] = drawn;
  if (!first) return undefined;
  const load = loadName(first.one.cell.load);
  const counters = grouped(first.many.cell.counters);
  return {
    id: 'counters',
    title: 'One hot counter against many',
    reading:
      `Calls per second at ${load} (${PATH_NAMES[measured.main.path]}): all on one counter, and spread over ${counters}. ` +
      'A long thread means that calls on one counter wait for each other.',
    limits: 'It does not show a service that splits its data over machines, where many counters gain more.',
    svg: rankChart(canvas, {
      title: `Dot chart of calls per second on one counter and on ${counters}. ${drawn.map(spoken).join(' ')}`,
      xLabel: 'calls per second →',
      tickFormat: grouped,
      panels: pairPanels(measured, drawn, ({ one, many }) => ({
        marks: [
          { value: rateOf(one), symbol: 'circle' },
          { value: rateOf(many), symbol: 'ring' },
        ],
        text: `${grouped(rateOf(one))} → ${grouped(rateOf(many))} (${(rateOf(many) / rateOf(one)).toFixed(1)}×)`,
      })),
    }),
    legend: [
      { symbol: '●', name: 'one counter' },
      { symbol: '○', name: `${counters} counters` },
      ...exactLegend(pairs.flatMap(({ one, many }) => [one, many])),
    ],
    leftOut: leftOutOf(pairs.flatMap(({ one, many }) => [one, many])),
    table: [
      ['store', 'mode', 'one counter, calls/s', `${counters} counters, calls/s`],
      ...pairs.map(({ one, many }) => [seriesName(one.cell), one.cell.mode, rateText(one), rateText(many)]),
    ],
  };
}

const rateOf = ({ callsPerSecond }: CellSummary): number => callsPerSecond?.median ?? 0;
const rateText = (cell: CellSummary): string => (isValid(cell) ? grouped(rateOf(cell)) : 'invalid');

function spoken({ one, many }: { readonly one: CellSummary; readonly many: CellSummary }): string {
  return `${seriesName(one.cell)}, ${one.cell.mode}: ${grouped(rateOf(one))} and ${grouped(rateOf(many))}.`;
}
