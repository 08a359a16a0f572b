import type { Canvas } from './canvas';
import { spreadApart, widthOf } from './labels';
import { colour, type Look } from './theme';

export interface Point {
  readonly x: number;
  readonly y: number;
  /** The spread around it. @default - none is drawn */
  readonly low?: number;
  readonly high?: number;
}

export interface Line {
  readonly name: string;
  readonly look: Look;
  readonly points: readonly Point[];
  /** The points that its symbol marks. */
  readonly marked: readonly Point[];
}

export interface Panel {
  readonly name: string;
  readonly lines: readonly Line[];
  /** A bound that isn't a series. @default - none */
  readonly bound?: { readonly name: string; readonly points: readonly Point[] };
  /** Where something was measured that doesn't count. */
  readonly invalidAt: readonly number[];
}

export interface Axis {
  readonly label: string;
  readonly ticks?: readonly number[];
  readonly tickFormat: (value: number) => string;
}

/** The vertical axis begins at 0, unless it is logarithmic. */
export interface LineChart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis & { readonly isLogarithmic: boolean };
  readonly panels: readonly Panel[];
}

const WIDTH = 960;
const HEIGHT = 420;
const MARGIN = { top: 62, right: 8, bottom: 44, left: 56 };
const LABEL_GAP = 16;
const PANEL_GAP = 0.08;

/** Lines over a logarithmic axis, a panel for each mode, each line with its name at its end. */
export function lineChart({ plot, draw }: Canvas, { title, x, y, panels }: LineChart): string {
  const all = panels.flatMap(({ lines }) => lines.flatMap(({ points }) => points));
  const xs = [...all.map((point) => point.x), ...panels.flatMap(({ invalidAt }) => invalidAt)];
  const yDomain = verticalDomain(all, y.isLogarithmic);
  const horizontal = horizontalScale(xs, panels);
  const toY = verticalScale(yDomain, y.isLogarithmic);
  return draw(title, {
    width: WIDTH,
    height: HEIGHT,
    marginTop: MARGIN.top,
    marginRight: MARGIN.right,
    marginBottom: MARGIN.bottom,
    marginLeft: MARGIN.left,
    style: { fontSize: '12px', color: colour('text'), background: 'none', fontFamily: 'inherit' },
    fx: { domain: panels.map(({ name }) => name), padding: PANEL_GAP, axis: null },
    x: { type: 'log', domain: horizontal.domain, axis: null },
    y: { type: y.isLogarithmic ? 'log' : 'linear', domain: yDomain, axis: null },
    marks: [
      plot.gridY({ stroke: colour('rule'), strokeOpacity: 1, ...(y.ticks ? { ticks: [...y.ticks] } : { ticks: 6 }) }),
      plot.axisY({
        label: y.label,
        labelArrow: 'none',
        labelOffset: MARGIN.left,
        tickSize: 0,
        tickFormat: y.tickFormat,
        ...(y.ticks ? { ticks: [...y.ticks] } : { ticks: 6 }),
        color: colour('quiet'),
      }),
      plot.axisX({
        anchor: 'bottom',
        label: null,
        ticks: [...(x.ticks ?? new Set(xs))],
        text: x.tickFormat, // a format would leave out the numbers between powers of ten
        color: colour('quiet'),
      }),
      ...panels.flatMap((panel) => panelMarks(plot, panel, { horizontal, toY, yDomain, xLabel: x.label })),
    ],
  });
}

interface Scales {
  readonly horizontal: ReturnType<typeof horizontalScale>;
  readonly toY: ReturnType<typeof verticalScale>;
  readonly yDomain: readonly [number, number];
  readonly xLabel: string;
}

function panelMarks(plot: Canvas['plot'], panel: Panel, scales: Scales): Marks {
  const { horizontal, yDomain, xLabel } = scales;
  const [floor] = yDomain;
  const fx = panel.name;
  const start = { x: horizontal.domain[0], fx };
  return [
    plot.text([{ ...start, text: panel.name }], {
      x: 'x',
      fx: 'fx',
      text: 'text',
      frameAnchor: 'top',
      textAnchor: 'start',
      dy: -42,
      fontWeight: 650,
      fontSize: 14,
      fill: colour('text'),
    }),
    plot.text([{ x: horizontal.middle, fx, text: xLabel }], {
      x: 'x',
      fx: 'fx',
      text: 'text',
      frameAnchor: 'bottom',
      dy: 36,
      fill: colour('quiet'),
    }),
    plot.ruleY([floor], { fx: [fx], stroke: colour('edge') }),
    ...boundMarks(plot, panel, scales),
    ...panel.lines.flatMap((line) => lineMarks(plot, line, fx)),
    plot.dot(
      panel.invalidAt.map((x) => ({ x, y: floor, fx })),
      { x: 'x', y: 'y', fx: 'fx', symbol: 'times', r: 5, stroke: colour('quiet'), strokeWidth: 2 },
    ),
    ...endLabels(plot, panel, scales),
  ];
}

type Marks = NonNullable<Parameters<Canvas['plot']['plot']>[0]>['marks'] & object;

/** The bound as far as it is inside: drawn whole, one far above would press everything else to the floor. */
function boundMarks(plot: Canvas['plot'], { name: fx, bound }: Panel, { horizontal, yDomain }: Scales): Marks {
  if (!bound) return [];
  const [, top] = yDomain;
  const inside = below(top, bound.points).map((point) => ({ ...point, fx }));
  return [
    plot.line(inside, { x: 'x', y: 'y', fx: 'fx', stroke: colour('quiet'), strokeDasharray: '5 4', strokeWidth: 1.5 }),
    plot.text([{ x: horizontal.domain[0], fx, text: `${inside.length > 1 ? '╌╌' : '↑'} ${bound.name}` }], {
      x: 'x',
      fx: 'fx',
      text: 'text',
      frameAnchor: 'top',
      textAnchor: 'start',
      dy: -20,
      fill: colour('quiet'),
    }),
  ];
}

/** The part of a rising line up to a height, on an axis that is logarithmic in `x`. */
function below(top: number, points: readonly Point[]): Point[] {
  const out = points.findIndex(({ y }) => y > top);
  if (out === -1) return [...points];
  const [before, after] = [points[out - 1], points[out]];
  if (!before || !after) return [];
  const way = (top - before.y) / (after.y - before.y);
  return [...points.slice(0, out), { x: before.x * (after.x / before.x) ** way, y: top }];
}

function lineMarks(plot: Canvas['plot'], { points, look, marked }: Line, fx: string): Marks {
  const data = points.map((point) => ({ ...point, fx }));
  const place = { x: 'x', y: 'y', fx: 'fx' } as const;
  const spread = data.filter(({ low, high }) => low !== undefined && high !== undefined && high > low);
  return [
    plot.ruleX(spread, {
      x: 'x',
      y1: 'low',
      y2: 'high',
      fx: 'fx',
      stroke: look.colour,
      strokeWidth: 4,
      strokeOpacity: 0.3,
    }),
    plot.line(data, {
      ...place,
      stroke: look.colour,
      strokeWidth: 2.25,
      ...(look.dash === undefined ? {} : { strokeDasharray: look.dash }),
    }),
    plot.dot(
      marked.map((point) => ({ ...point, fx })),
      {
        ...place,
        symbol: look.symbol,
        r: 4.5,
        fill: look.colour,
        stroke: colour('paper'),
        strokeWidth: 1,
      },
    ),
  ];
}

/** The name of each line where it ends, moved apart where they would overlap, with a thread to where it belongs. */
function endLabels(plot: Canvas['plot'], { name: fx, lines }: Panel, { horizontal, toY }: Scales): Marks {
  const ends = lines.flatMap(({ name, look, points }) => {
    const last = points.at(-1);
    return last ? [{ name, look, last }] : [];
  });
  const pixels = spreadApart(
    ends.map(({ last }) => toY.pixel(last.y)),
    LABEL_GAP,
    HEIGHT - MARGIN.bottom - 4,
  );
  return ends.flatMap(({ name, look, last }, index) => {
    const y = toY.value(pixels[index] ?? 0);
    return [
      plot.link([{ x1: last.x, y1: last.y, x2: horizontal.labels, y2: y, fx }], {
        x1: 'x1',
        y1: 'y1',
        x2: 'x2',
        y2: 'y2',
        fx: 'fx',
        stroke: look.colour,
        strokeOpacity: 0.55,
        strokeWidth: 1,
      }),
      plot.text([{ x: horizontal.labels, y, fx, text: name }], {
        x: 'x',
        y: 'y',
        fx: 'fx',
        text: 'text',
        textAnchor: 'start',
        dx: 5,
        fill: look.colour,
        fontWeight: 600,
      }),
    ];
  });
}

/** Room on the right of what was measured, for the names of the lines. */
function horizontalScale(xs: readonly number[], panels: readonly Panel[]) {
  const low = Math.min(...xs);
  const high = Math.max(...xs);
  const [from, to] = low === high ? [low / 2, high * 2] : [low, high];
  // Of n panels and the gaps between them, as d3's band scale divides a range.
  const panelWidth = ((WIDTH - MARGIN.left - MARGIN.right) * (1 - PANEL_GAP)) / (panels.length - PANEL_GAP);
  const names = panels.flatMap(({ lines }) => lines.map(({ name }) => widthOf(name)));
  const labelWidth = Math.min(panelWidth / 2, Math.max(0, ...names) + 32);
  const perPixel = Math.log(to / from) / (panelWidth - labelWidth);
  return {
    domain: [from, from * Math.exp(perPixel * panelWidth)] as const,
    labels: to * Math.exp(perPixel * 22),
    middle: Math.sqrt(from * to),
  };
}

function verticalDomain(points: readonly Point[], isLogarithmic: boolean): readonly [number, number] {
  const highest = Math.max(...points.map(({ y, high }) => Math.max(y, high ?? y)));
  if (!isLogarithmic) return [0, highest > 0 ? highest * 1.12 : 1];
  return [Math.min(...points.map(({ y }) => y)) / 1.15, highest * 1.25];
}

/** The scale that Plot makes of a domain, for placing labels in pixels. */
function verticalScale([low, high]: readonly [number, number], isLogarithmic: boolean) {
  const range = HEIGHT - MARGIN.top - MARGIN.bottom;
  const way = (value: number): number => (isLogarithmic ? Math.log(value) : value);
  const back = (value: number): number => (isLogarithmic ? Math.exp(value) : value);
  const length = way(high) - way(low);
  return {
    pixel: (value: number): number => MARGIN.top + range * (1 - (way(value) - way(low)) / length),
    value: (pixel: number): number => back(way(low) + (1 - (pixel - MARGIN.top) / range) * length),
  };
}
