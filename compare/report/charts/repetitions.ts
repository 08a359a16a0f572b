import type { Repetitions } from '../comparison';
import { grouped } from '../format';
import { loadName, seriesName } from '../names';
import { atCommonLoad, isClosed, isMain, type Measured } from '../selection';
import { type CellSummary, isValid } from '../summary';
import type { Canvas } from './canvas';
import type { Chart } from './chart';
import { pairPanels } from './pairs';
import { rankChart } from './rank-chart';
import { exactLegend, leftOutOf } from './series';

/** How often the system repeats itself where callers see one call. @returns undefined where that wasn't measured */
export function repetitionsChart(canvas: Canvas, measured: Measured): Chart | undefined {
  const sampled = measured.cells.filter(
    (cell) => cell.cell.repetitions !== undefined && isClosed(cell) && isMain(cell, measured.main),
  );
  const cells = atCommonLoad(sampled);
  const drawn = cells.filter(isValid).flatMap((one) => {
    const { repetitions } = one.cell;
    return repetitions ? [{ one, perCall: perCall(repetitions) }] : [];
  });
  const [first] = drawn;
  if (!first) return undefined;
  const load = loadName(first.one.cell.load);
  return {
    id: 'repetitions',
    title: 'Conflicts and retries',
    reading:
      `How often a call was repeated before its answer at ${load}, on average: by the store’s function because another call was ` +
      'faster (conflicts), and by the state machine because nothing had been written (retries). Lower is better.',
    limits: 'It comes from the log of a sample of the calls, and does not show repetitions inside a store’s server.',
    svg: rankChart(canvas, {
      title: `Dot chart of conflicts and retries per call. ${drawn.map(spoken).join(' ')}`,
      xLabel: 'repetitions per call →',
      tickFormat: (value) => String(Number(value.toPrecision(3))),
      panels: pairPanels(measured, drawn, ({ perCall: { conflicts, retries } }) => ({
        marks: [
          { value: conflicts, symbol: 'circle' },
          { value: retries, symbol: 'ring' },
        ],
        text: `${times(conflicts)} and ${times(retries)}`,
      })),
    }),
    legend: [{ symbol: '●', name: 'conflicts' }, { symbol: '○', name: 'retries' }, ...exactLegend(cells)],
    leftOut: leftOutOf(cells),
    table: [
      ['store', 'mode', 'calls in the sample', 'conflicts per call', 'retries per call'],
      ...drawn.map(({ one, perCall: { conflicts, retries } }) => [
        seriesName(one.cell),
        one.cell.mode,
        grouped(one.cell.repetitions?.calls ?? 0),
        times(conflicts),
        times(retries),
      ]),
    ],
  };
}

function perCall({ calls, conflicts, retries }: Repetitions) {
  return { conflicts: conflicts / calls, retries: retries / calls };
}

const times = (value: number): string => (value === 0 ? '0' : value.toFixed(value < 0.1 ? 3 : 2));

function spoken({
  one,
  perCall: { conflicts, retries },
}: {
  one: CellSummary;
  perCall: ReturnType<typeof perCall>;
}): string {
  return `${seriesName(one.cell)}, ${one.cell.mode}: ${times(conflicts)} conflicts, ${times(retries)} retries.`;
}
