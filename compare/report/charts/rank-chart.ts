import type { Canvas } from './canvas';
import { widthOf } from './labels';
import { colour, type Look } from './theme';

/** A value of a row, with the symbol that says which. */
export interface Mark {
  readonly value: number;
  /** @default - a bar from 0 */
  readonly symbol?: Look['symbol'] | 'ring';
}

export interface Row {
  readonly name: string;
  readonly look: Look;
  readonly marks: readonly Mark[];
  /** Right of the marks. */
  readonly text: string;
}

export interface RankPanel {
  readonly name: string;
  readonly rows: readonly Row[];
}

export interface RankChart {
  readonly title: string;
  readonly xLabel: string;
  readonly tickFormat: (value: number) => string;
  readonly panels: readonly RankPanel[];
}

const WIDTH = 960;
const ROW_HEIGHT = 34;
const MARGIN = { top: 40, topWithoutNames: 10, bottom: 46, right: 8 };
const PANEL_GAP = 0.08;
/** Of the panel, for the text at the right of the longest bar. */
const TEXT_SHARE = 0.3;

/** A row for each series: a bar from 0, or symbols on a thread; a panel for each mode. */
export function rankChart({ plot, draw }: Canvas, { title, xLabel, tickFormat, panels }: RankChart): string {
  const rows = panels.flatMap((panel) => panel.rows.map((row) => ({ ...row, fx: panel.name })));
  const names = [...new Set(rows.map(({ name }) => name))];
  const highest = Math.max(0, ...rows.flatMap(({ marks }) => marks.map(({ value }) => value))) || 1;
  const marks = rows.flatMap((row) => row.marks.map((mark) => ({ ...row, ...mark })));
  const ends = rows.map((row) => ({ ...row, ...extent(row) }));
  const place = { y: 'name', fx: 'fx' } as const;
  const marginTop = panels.some(({ name }) => name !== '') ? MARGIN.top : MARGIN.topWithoutNames;
  return draw(title, {
    width: WIDTH,
    height: marginTop + MARGIN.bottom + names.length * ROW_HEIGHT,
    marginTop,
    marginBottom: MARGIN.bottom,
    marginLeft: Math.max(60, ...names.map(widthOf)) + 20,
    marginRight: MARGIN.right,
    style: { fontSize: '12px', color: colour('text'), background: 'none', fontFamily: 'inherit' },
    fx: { domain: panels.map(({ name }) => name), padding: PANEL_GAP, axis: null },
    x: { domain: [0, highest / (1 - TEXT_SHARE)], axis: null },
    y: { domain: names, axis: null, padding: 0.4 },
    marks: [
      plot.gridX({ stroke: colour('rule'), strokeOpacity: 1, ticks: ticksUpTo(highest) }),
      plot.axisX({
        anchor: 'bottom',
        label: null,
        ticks: ticksUpTo(highest),
        tickSize: 0,
        tickFormat,
        color: colour('quiet'),
      }),
      plot.axisY({ label: null, tickSize: 0, tickPadding: 13, fontWeight: 600, color: colour('text') }),
      plot.ruleX([0], { stroke: colour('edge') }),
      plot.text(panels, {
        x: () => 0,
        fx: 'name',
        text: 'name',
        frameAnchor: 'top',
        textAnchor: 'start',
        dy: -24,
        fontSize: 14,
        fontWeight: 650,
      }),
      plot.text(panels, {
        x: () => highest / 2,
        fx: 'name',
        text: () => xLabel,
        frameAnchor: 'bottom',
        dy: 38,
        fill: colour('quiet'),
      }),
      plot.barX(
        marks.filter(({ symbol }) => symbol === undefined),
        { ...place, x1: 0, x2: 'value', fill: (row: Row) => row.look.colour, rx: 2 },
      ),
      plot.link(
        ends.filter(({ low, high }) => high > low),
        {
          ...place,
          x1: 'low',
          x2: 'high',
          stroke: (row: Row) => row.look.colour,
          strokeWidth: 2.5,
          strokeOpacity: 0.45,
        },
      ),
      ...marks.flatMap(({ symbol, look, ...mark }) => {
        if (symbol === undefined) return [];
        const isRing = symbol === 'ring';
        return [
          plot.dot([mark], {
            ...place,
            x: 'value',
            r: 5.5,
            symbol: isRing ? 'circle' : symbol,
            fill: isRing ? colour('paper') : look.colour,
            stroke: isRing ? look.colour : colour('paper'),
            strokeWidth: isRing ? 2.5 : 1,
          }),
        ];
      }),
      plot.text(ends, { ...place, x: 'high', text: 'text', textAnchor: 'start', dx: 11, fill: colour('text') }),
    ],
  });
}

function extent({ marks }: Row): { readonly low: number; readonly high: number } {
  const values = marks.map(({ value }) => value);
  const isBar = marks.some(({ symbol }) => symbol === undefined);
  const high = Math.max(0, ...values);
  return { low: isBar ? high : Math.min(...values, high), high };
}

/** Round numbers, about four of them. */
function ticksUpTo(highest: number): number[] {
  const rough = highest / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((size) => size >= rough) ?? rough;
  return Array.from({ length: Math.floor(highest / step) + 1 }, (_, index) => index * step);
}
