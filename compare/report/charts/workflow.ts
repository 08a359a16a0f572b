import type { CellKey } from '../comparison';
import { ms, percent } from '../format';
import { countersName, loadName, PATH_NAMES, seriesName, siblingKey } from '../names';
import { atCommonLoad, isClosed, type Measured } from '../selection';
import { type CellSummary, isValid } from '../summary';
import type { Canvas } from './canvas';
import type { Chart } from './chart';
import { pairPanels } from './pairs';
import { type Mark, rankChart } from './rank-chart';
import { exactLegend, leftOutOf } from './series';

const STEPS: readonly {
  readonly path: CellKey['path'];
  readonly symbol: NonNullable<Mark['symbol']>;
  readonly glyph: string;
}[] = [
  { path: 'direct', symbol: 'diamond', glyph: '◆' },
  { path: 'state-machine', symbol: 'square', glyph: '■' },
  { path: 'api', symbol: 'circle', glyph: '●' },
];

/** What the workflow and the API add to the store's own time. @returns undefined where only one path was measured */
export function workflowChart(canvas: Canvas, measured: Measured): Chart | undefined {
  const cells = measured.cells.filter(isClosed);
  const beside = (cell: CellSummary): CellSummary[] =>
    cells.filter((other) => siblingKey(other.cell) === siblingKey(cell.cell));
  const direct = cells.filter((cell) => cell.cell.path === 'direct' && beside(cell).length > 1);
  const fewest = Math.min(...direct.map(({ cell }) => cell.counters));
  const groups = atCommonLoad(direct.filter(({ cell }) => cell.counters === fewest)).map((one) => ({
    one,
    all: beside(one),
  }));
  const drawn = groups.filter(({ all }) => all.filter(hasLatency).length > 1);
  const [first] = drawn;
  if (!first) return undefined;
  const all = groups.flatMap((group) => group.all);
  const paths = STEPS.filter(({ path }) => drawn.some(({ all }) => all.some(({ cell }) => cell.path === path)));
  const { load, counters } = first.one.cell;
  return {
    id: 'workflow',
    title: 'What the workflow adds',
    reading:
      `Median latency at ${loadName(load)} (${countersName(counters)}): of the store alone, through the state machine, and through ` +
      'the whole HTTP API. The length of the thread is the price of the workflow.',
    limits: 'It does not show AWS: there the same steps run on other machines, and each has a network between.',
    svg: rankChart(canvas, {
      title: `Dot chart of median latency by path. ${drawn.map(({ all }) => spoken(all)).join(' ')}`,
      xLabel: 'milliseconds, median →',
      tickFormat: (value) => String(Number(value.toPrecision(3))),
      panels: pairPanels(measured, drawn, ({ all }) => ({
        marks: paths.flatMap(({ path, symbol }) =>
          all
            .filter((cell) => cell.cell.path === path && hasLatency(cell))
            .map((cell) => ({ value: medianOf(cell), symbol })),
        ),
        text: shareText(all),
      })),
    }),
    legend: [...paths.map(({ path, glyph }) => ({ symbol: glyph, name: PATH_NAMES[path] })), ...exactLegend(all)],
    leftOut: leftOutOf(all),
    table: [
      ['store', 'mode', ...paths.map(({ path }) => `${PATH_NAMES[path]}, p50 ms`), 'not the store’s'],
      ...groups.map(({ one, all }) => [
        seriesName(one.cell),
        one.cell.mode,
        ...paths.map(({ path }) => {
          const cell = all.find((each) => each.cell.path === path);
          return cell === undefined ? '–' : isValid(cell) ? ms(medianOf(cell)) : 'invalid';
        }),
        shareText(all),
      ]),
    ],
  };
}

const hasLatency = ({ latencyMs }: CellSummary): boolean => latencyMs !== undefined;
const medianOf = ({ latencyMs }: CellSummary): number => latencyMs?.p50 ?? 0;

function shareText(all: readonly CellSummary[]): string {
  const share = (['api', 'state-machine'] as const)
    .map((path) => all.find(({ cell }) => cell.path === path)?.workflowShare)
    .find((each) => each !== undefined);
  return share === undefined ? '–' : `${percent(share)} is workflow`;
}

function spoken(all: readonly CellSummary[]): string {
  const [first] = all;
  const parts = all.filter(hasLatency).map((cell) => `${PATH_NAMES[cell.cell.path]} ${ms(medianOf(cell))} ms`);
  return first ? `${seriesName(first.cell)}, ${first.cell.mode}: ${parts.join(', ')}.` : '';
}
