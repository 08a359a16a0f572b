import { grouped, ms } from '../format';
import { mergedHistogram, valueAt } from '../histogram';
import { loadName, PATH_NAMES, seriesName } from '../names';
import { atCommonLoad, countersWords, isClosed, isMain, type Measured, ofSeries } from '../selection';
import { type CellSummary, isValid, validRounds } from '../summary';
import type { Canvas } from './canvas';
import type { Chart } from './chart';
import { type Line, lineChart, type Panel, type Point } from './line-chart';
import { exactLegend, leftOutOf, seriesLabel, seriesLook } from './series';

/** One call in so many is slower than what is drawn there. */
const RARITIES = [2, 10, 100, 1000, 10_000, 100_000];
/** Nine of ten: faster calls tell nothing. */
const COMMONEST = 10 / 9;
const STEPS_PER_DECADE = 24;
/** What the histogram tells from nothing. */
const SHORTEST_MS = 0.001;

/**
 * The whole distribution of latencies, its tail as wide as its middle.
 *
 * @returns undefined where no call was decided
 */
export function latencyChart(canvas: Canvas, measured: Measured): Chart | undefined {
  const ofMain = measured.cells.filter((cell) => isMain(cell, measured.main));
  const open = ofMain.filter((cell) => !isClosed(cell));
  const isOpen = open.some(isValid);
  const cells = atCommonLoad(isOpen ? open : ofMain.filter(isClosed));
  const panels = measured.modes
    .map((mode) =>
      panelOf(
        mode,
        cells.filter(({ cell }) => cell.mode === mode),
        measured,
      ),
    )
    .filter(({ lines }) => lines.length > 0);
  const [first] = cells;
  if (panels.length === 0 || !first) return undefined;
  const load = loadName(first.cell.load);
  const { path, counters } = measured.main;
  return {
    id: 'latency',
    title: 'Latency, all of it',
    reading:
      `How long calls took (${PATH_NAMES[path]}, ${countersWords(counters)}, ${load}${isOpen ? ', open loop' : ''}): at 99 %, ` +
      'one call of a hundred took longer than the line is high. Lower is better; both axes are logarithmic.',
    limits: isOpen
      ? 'Latencies count from the planned time of a call, so that a pause delays all calls that were due in it. It does not ' +
        'show a network: the caller runs on the machine that it measures.'
      : 'Each caller waits for its answer before it calls again, so that a pause delays few calls and the tail looks better ' +
        'than it is. It does not show a network: the caller runs on the machine that it measures.',
    svg: lineChart(canvas, {
      title: `Line chart of latency by percentile at ${load}. ${spoken(cells)}`,
      x: {
        label: 'calls that took no longer →',
        ticks: RARITIES.filter((rarity) => rarity <= rarest(panels)),
        tickFormat: percentileName,
      },
      y: { label: '↑ milliseconds', isLogarithmic: true, ticks: ticksOf(panels), tickFormat: grouped },
      panels,
    }),
    legend: exactLegend(cells),
    leftOut: leftOutOf(cells),
    table: [
      ['store', 'mode', 'calls', 'p50 ms', 'p90 ms', 'p99 ms', 'p99.9 ms', 'max ms'],
      ...cells.map(({ cell, latencyMs, outcomes }) => [
        seriesName(cell),
        cell.mode,
        grouped(outcomes.incremented + outcomes.limitReached),
        ...(latencyMs
          ? [latencyMs.p50, latencyMs.p90, latencyMs.p99, latencyMs.p999, latencyMs.max].map(ms)
          : ['invalid', '–', '–', '–', '–']),
      ]),
    ],
  };
}

function panelOf(name: string, cells: readonly CellSummary[], measured: Measured): Panel {
  const lines = measured.series.flatMap((series): Line[] => {
    const [cell] = ofSeries(cells, series.name).filter(({ latencyMs }) => latencyMs !== undefined);
    if (!cell) return [];
    const points = distributionOf(cell);
    return [
      {
        name: seriesLabel(series, cells),
        look: seriesLook(series, measured),
        points,
        marked: points.filter(({ x }) => RARITIES.includes(x)),
      },
    ];
  });
  return { name, lines, invalidAt: [] };
}

/** As far as the number of calls tells: of a thousand calls none stands for one in ten thousand. */
function distributionOf({ cell }: CellSummary): Point[] {
  const histogram = mergedHistogram(validRounds(cell).map(({ histogram: base64 }) => base64));
  const rarestKnown = Math.max(2, histogram.totalCount);
  const steps = Math.ceil(Math.log10(rarestKnown / COMMONEST) * STEPS_PER_DECADE);
  const between = Array.from(
    { length: steps + 1 },
    (_, step) => COMMONEST * (rarestKnown / COMMONEST) ** (step / steps),
  );
  const rarities = [...between, ...RARITIES.filter((rarity) => rarity <= rarestKnown)].sort((a, b) => a - b);
  return rarities.map((x) => ({ x, y: Math.max(valueAt(histogram, 100 * (1 - 1 / x)), SHORTEST_MS) }));
}

const rarest = (panels: readonly Panel[]): number =>
  Math.max(...panels.flatMap(({ lines }) => lines.map(({ points }) => points.at(-1)?.x ?? 0)));

/** Of one call in 100: "99 %". */
function percentileName(rarity: number): string {
  const decimals = Math.max(0, Math.round(Math.log10(rarity)) - 2);
  return `${(100 * (1 - 1 / rarity)).toFixed(decimals)} %`;
}

/** 1, 2 and 5 of each power of ten between the lowest and the highest. */
function ticksOf(panels: readonly Panel[]): number[] {
  const values = panels.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map(({ y }) => y)));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const powers = Array.from({ length: 12 }, (_, index) => 10 ** (index - 4));
  return powers
    .flatMap((power) => [1, 2, 5].map((digit) => Number((digit * power).toPrecision(1))))
    .filter((tick) => tick >= low / 1.1 && tick <= high * 1.2);
}

function spoken(cells: readonly CellSummary[]): string {
  return cells
    .flatMap(({ cell, latencyMs }) =>
      latencyMs
        ? [`${seriesName(cell)}, ${cell.mode}: median ${ms(latencyMs.p50)} ms, p99 ${ms(latencyMs.p99)} ms.`]
        : [],
    )
    .join(' ');
}
