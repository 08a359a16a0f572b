import { grouped, ms } from '../format';
import { cellKey, countersName, loadName, PATH_NAMES, seriesName } from '../names';
import { atCommonLoad, isClosed, type Measured } from '../selection';
import { type CellSummary, isValid } from '../summary';
import type { Canvas } from './canvas';
import type { Chart } from './chart';
import { pairPanels } from './pairs';
import { rankChart } from './rank-chart';
import { exactLegend, leftOutOf } from './series';

/** What an idempotency key costs: the same calls with and without. @returns undefined where only one was measured */
export function keysChart(canvas: Canvas, measured: Measured): Chart | undefined {
  const cells = measured.cells.filter((cell) => isClosed(cell) && cell.cell.path === measured.main.path);
  const pairs = atCommonLoad(cells.filter(({ cell }) => cell.keyed)).flatMap((keyed) => {
    const plain = cells.find(({ cell }) => cellKey(cell) === cellKey({ ...keyed.cell, keyed: false }));
    return plain ? [{ one: plain, keyed }] : [];
  });
  const drawn = pairs.filter(({ one, keyed }) => isValid(one) && isValid(keyed));
  const [first] = drawn;
  if (!first) return undefined;
  const { load, counters } = first.one.cell;
  return {
    id: 'keys',
    title: 'What a key costs',
    reading:
      `Calls per second at ${loadName(load)} (${PATH_NAMES[measured.main.path]}, ${countersName(counters)}): without an ` +
      'idempotency key, and with a new one in each call. The length of the thread is the price of the keys.',
    limits:
      'It does not show counters with many keys: each had room for all of its own, and was as young as the round.',
    svg: rankChart(canvas, {
      title: `Dot chart of calls per second without keys and with. ${drawn.map(spoken).join(' ')}`,
      xLabel: 'calls per second →',
      tickFormat: grouped,
      panels: pairPanels(measured, drawn, ({ one, keyed }) => ({
        marks: [
          { value: rateOf(one), symbol: 'circle' },
          { value: rateOf(keyed), symbol: 'ring' },
        ],
        text: `${grouped(rateOf(one))} → ${grouped(rateOf(keyed))} (${(rateOf(keyed) / rateOf(one)).toFixed(2)}×)`,
      })),
    }),
    legend: [
      { symbol: '●', name: 'without a key' },
      { symbol: '○', name: 'with a key' },
      ...exactLegend(pairs.flatMap(({ one, keyed }) => [one, keyed])),
    ],
    leftOut: leftOutOf(pairs.flatMap(({ one, keyed }) => [one, keyed])),
    table: [
      ['store', 'mode', 'calls/s', 'with a key', 'p50 ms', 'with a key', 'p99 ms', 'with a key'],
      ...pairs.map(({ one, keyed }) => [
        seriesName(one.cell),
        one.cell.mode,
        ...[one, keyed].map(rateText),
        ...[one, keyed].map((cell) => latencyText(cell, 'p50')),
        ...[one, keyed].map((cell) => latencyText(cell, 'p99')),
      ]),
    ],
  };
}

const rateOf = ({ callsPerSecond }: CellSummary): number => callsPerSecond?.median ?? 0;
const rateText = (cell: CellSummary): string => (isValid(cell) ? grouped(rateOf(cell)) : 'invalid');
const latencyText = ({ latencyMs }: CellSummary, percentile: 'p50' | 'p99'): string =>
  latencyMs ? ms(latencyMs[percentile]) : '–';

function spoken({ one, keyed }: { readonly one: CellSummary; readonly keyed: CellSummary }): string {
  return `${seriesName(one.cell)}, ${one.cell.mode}: ${grouped(rateOf(one))} and ${grouped(rateOf(keyed))}.`;
}
