import { atConcurrency } from '../ceiling';
import { grouped } from '../format';
import { PATH_NAMES, seriesName } from '../names';
import { countersWords, isClosed, isMain, type Measured, ofSeries } from '../selection';
import { type CellSummary, isValid } from '../summary';
import type { Canvas } from './canvas';
import type { Chart } from './chart';
import { type Line, lineChart, type Panel, type Point } from './line-chart';
import { exactLegend, leftOutOf, seriesLabel, seriesLook } from './series';

/** How many calls a second each store decides as callers are added. @returns undefined where that wasn't measured */
export function throughputChart(canvas: Canvas, measured: Measured): Chart | undefined {
  const cells = measured.cells.filter((cell) => isClosed(cell) && isMain(cell, measured.main));
  const modes = measured.modes.filter((mode) => cells.some((cell) => cell.cell.mode === mode && isValid(cell)));
  if (modes.length === 0) return undefined;
  const panels = modes.map((mode) =>
    panelOf(
      mode,
      cells.filter(({ cell }) => cell.mode === mode),
      measured,
    ),
  );
  const { path, counters } = measured.main;
  return {
    id: 'throughput',
    title: 'Throughput',
    reading:
      `Calls that the store decided per second, as callers are added (${PATH_NAMES[path]}, ${countersWords(counters)}): ` +
      'higher is better, and where a line bends down, more callers only wait for each other. A point is the median of its ' +
      'rounds, the bar behind it reaches from the slowest to the fastest.',
    limits:
      'It does not show what happens when calls come faster than they are answered. Near the dashed line the generator is the ' +
      'limit, not the store.',
    svg: lineChart(canvas, {
      title: `Line chart of calls per second against concurrent callers. ${spoken(panels)}`,
      x: { label: 'concurrent callers →', tickFormat: grouped },
      y: { label: '↑ calls per second', isLogarithmic: false, tickFormat: grouped },
      panels,
    }),
    legend: exactLegend(cells),
    leftOut: leftOutOf(cells),
    table: [
      ['store', 'mode', 'callers', 'calls/s (median)', 'slowest round', 'fastest round', 'saturated'],
      ...cells.map((cell) => row(cell)),
    ],
  };
}

function panelOf(name: string, cells: readonly CellSummary[], measured: Measured): Panel {
  const points = measured.series.map((series) => ({ series, points: pointsOf(ofSeries(cells, series.name)) }));
  const bound = boundOf(cells, measured);
  return {
    name,
    lines: points
      .filter((line) => line.points.length > 0)
      .map(({ series, points: shown }): Line => {
        return {
          name: seriesLabel(series, cells),
          look: seriesLook(series, measured),
          points: shown,
          marked: shown,
        };
      }),
    ...(bound.length === 0 || measured.main.path === 'direct'
      ? {}
      : { bound: { name: boundName(bound), points: bound } }),
    invalidAt: [...new Set(cells.filter((cell) => !isValid(cell)).map(concurrencyOf))],
  };
}

function pointsOf(cells: readonly CellSummary[]): Point[] {
  return cells
    .flatMap((cell) => {
      const { callsPerSecond } = cell;
      if (!callsPerSecond) return [];
      return [{ x: concurrencyOf(cell), y: callsPerSecond.median, low: callsPerSecond.min, high: callsPerSecond.max }];
    })
    .sort((a, b) => a.x - b.x);
}

function boundOf(cells: readonly CellSummary[], { comparison }: Measured): Point[] {
  const concurrencies = [...new Set(cells.map(concurrencyOf))].sort((a, b) => a - b);
  return concurrencies.flatMap((x) => {
    const y = atConcurrency(comparison.ceilings, { kind: 'closed', concurrency: x });
    return y === undefined ? [] : [{ x, y }];
  });
}

function boundName(points: readonly Point[]): string {
  const rates = points.map(({ y }) => y);
  const [low, high] = [Math.min(...rates), Math.max(...rates)];
  return `the generator’s ceiling: ${grouped(low)}${high > low ? ` to ${grouped(high)}` : ''}/s`;
}

function concurrencyOf({ cell }: CellSummary): number {
  return cell.load.kind === 'closed' ? cell.load.concurrency : NaN;
}

function spoken(panels: readonly Panel[]): string {
  return panels
    .map(({ name, lines }) => {
      const highest = lines.map((line) => `${line.name} up to ${grouped(Math.max(...line.points.map(({ y }) => y)))}`);
      return `${name}: ${highest.join('; ')}.`;
    })
    .join(' ');
}

function row(cell: CellSummary): string[] {
  const { callsPerSecond, isSaturated } = cell;
  return [
    seriesName(cell.cell),
    cell.cell.mode,
    grouped(concurrencyOf(cell)),
    ...(callsPerSecond
      ? [callsPerSecond.median, callsPerSecond.min, callsPerSecond.max].map(grouped)
      : ['invalid', '–', '–']),
    isSaturated === undefined ? '–' : isSaturated ? 'yes' : 'no',
  ];
}
