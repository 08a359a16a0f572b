import type { Chart, ChartLine, Charts } from '../../shapes';
import { h, svg } from '../elements/element';
import { clockMinute, count, duration } from '../elements/words';

const USUAL_WIDTH = 480;
const NARROWEST = 260;
const HEIGHT = 210;
const LEFT = 58;
const RIGHT = 14;
const TOP = 26;
const BOTTOM = 26;

type Time = Pick<Charts, 'fromMs' | 'stepMs' | 'steps'>;

export interface ChartView {
  readonly element: HTMLElement;
  show(chart: Chart, time: Time): void;
  /** It is no longer shown. */
  close(): void;
}

/**
 * A chart as a picture, and its numbers as a table for screen readers.
 *
 * @param onPoints shows the data points of a metric
 */
export function chartView({ title, about, metrics }: Chart, onPoints: (metric: string) => void): ChartView {
  const picture = h('div', { class: 'picture' });
  const legend = h('ul', { class: 'legend' });
  const empty = h('p', { class: 'empty' }, 'No data yet');
  const table = h('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': `${title}, as a table` });
  const details = h('details', { toggle: () => fill() }, h('summary', {}, 'Show as a table'), table);
  const [metric] = metrics;
  const points =
    metric !== undefined &&
    h(
      'button',
      { type: 'button', 'aria-label': `Data points of ${title}`, click: () => onPoints(metric) },
      'Data points',
    );
  let latest: { chart: Chart; time: Time } | undefined;
  let drawnWidth = 0;
  const fill = (): void => {
    if (details.open && latest) table.replaceChildren(numbers(latest.chart, latest.time));
  };
  const redraw = (): void => {
    if (!latest) return;
    drawnWidth = widthIn(picture);
    picture.replaceChildren(draw(latest.chart, latest.time, drawnWidth));
  };
  const watchWidth = new ResizeObserver(() => {
    if (widthIn(picture) !== drawnWidth) redraw();
  });
  watchWidth.observe(picture);
  return {
    element: h(
      'figure',
      {},
      h('h2', {}, title),
      h('p', { class: 'about' }, about),
      h('div', { class: 'plot' }, picture, empty),
      legend,
      h('div', { class: 'below' }, details, points),
    ),
    show(chart, time) {
      latest = { chart, time };
      redraw();
      empty.hidden = chart.lines.length > 0;
      legend.replaceChildren(...chart.lines.map((line) => legendItem(line, chart)));
      fill();
    },
    close: () => watchWidth.disconnect(),
  };
}

/** Each store has its colour, its dashes and its sign, so that no two need a colour to be told apart. */
const STORES = ['dynamo', 'redis', 'momento', 'docdb', 'tidb'] as const;
const SIGNS: Readonly<Record<string, string>> = {
  dynamo: 'M-3.5 -3.5h7v7h-7z',
  redis: 'M0 -4.5L4.5 0L0 4.5L-4.5 0z',
  momento: 'M0 -4.5L4.3 3.5H-4.3z',
  docdb: 'M0 4.5L4.3 -3.5H-4.3z',
  tidb: 'M-4 -4L4 4M-4 4L4 -4',
  other: 'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z',
};
const nameOf = (store: string): string => STORES.find((known) => known === store) ?? 'other';
const lookOf = (store: string): string => `line-${nameOf(store)}`;

function sign(store: string, x: number, y: number): SVGElement {
  return svg('path', {
    d: SIGNS[nameOf(store)],
    transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`,
    class: `sign ${lookOf(store)}`,
  });
}

function inWords({ values }: ChartLine, { unit }: Chart): string {
  const measured = values.filter((value) => value !== null);
  const last = measured.at(-1);
  if (unit === 'count') return `${count(measured.reduce((sum, value) => sum + value, 0))} in all`;
  if (last === undefined) return 'nothing measured';
  return unit === 'ms' ? `${duration(last)} lately` : `${count(last)} lately`;
}

function legendItem(line: ChartLine, chart: Chart): HTMLElement {
  const sample = svg(
    'svg',
    { width: 34, height: 12, viewBox: '0 0 34 12', 'aria-hidden': 'true' },
    svg('path', { d: 'M0 6H34', class: `line ${lookOf(line.store)}` }),
    sign(line.store, 17, 6),
  );
  return h('li', {}, sample, h('span', {}, `${line.store}: ${inWords(line, chart)}`));
}

/** Drawn in the page's own pixels, or the labels would grow and shrink with the picture. */
const widthIn = ({ clientWidth }: HTMLElement): number =>
  clientWidth === 0 ? USUAL_WIDTH : Math.max(NARROWEST, clientWidth);

function draw(chart: Chart, { fromMs, stepMs, steps }: Time, width: number): SVGElement {
  const most = roundUp(Math.max(1, ...chart.lines.flatMap(({ values }) => values.map((value) => value ?? 0))));
  const x = (step: number): number => LEFT + (step / Math.max(1, steps - 1)) * (width - LEFT - RIGHT);
  const y = (value: number): number => HEIGHT - BOTTOM - (value / most) * (HEIGHT - TOP - BOTTOM);
  const levels = levelsUpTo(most, chart.unit).map((value) => [
    svg('path', { d: `M${LEFT} ${y(value)}H${width - RIGHT}`, class: 'level' }),
    svg('text', { x: LEFT - 8, y: y(value) + 4, 'text-anchor': 'end' }, labelOf(value, chart.unit)),
  ]);
  const times = [0, Math.floor(steps / 2), steps - 1].map((step, index) =>
    svg(
      'text',
      { x: x(step), y: HEIGHT - 8, 'text-anchor': ['start', 'middle', 'end'][index] },
      clockMinute(fromMs + (step + 1) * stepMs),
    ),
  );
  const lines = chart.lines.map(({ store, values }) => [
    svg('path', { d: path(values, x, y), class: `line ${lookOf(store)}` }),
    ...signed(values).map((step) => sign(store, x(step), y(values[step] ?? 0))),
  ]);
  return svg(
    'svg',
    { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, 'aria-hidden': 'true', class: 'chart' },
    svg('text', { x: 4, y: 14 }, axisOf(chart, stepMs)),
    ...levels.flat(),
    ...times,
    ...lines.flat(),
  );
}

/** What the numbers on the axis are. */
function axisOf({ unit }: Chart, stepMs: number): string {
  if (unit === 'ms') return 'milliseconds';
  return unit === 'value' ? 'value' : `count per ${stepMs / 1000} s`;
}

const labelOf = (value: number, unit: Chart['unit']): string => (unit === 'ms' ? duration(value) : count(value));

/** Halves of a count are none. */
function levelsUpTo(most: number, unit: Chart['unit']): number[] {
  return unit !== 'ms' && most % 2 === 1 ? [0, most] : [0, most / 2, most];
}

/** 1, 2, 4, 6, 10, 20, …: the next one that is even enough to be halved. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 6, 10].map((factor) => factor * power).find((top) => top >= value) ?? value;
}

/** A gap in the measurements is a gap in the line. */
function path(values: readonly (number | null)[], x: (step: number) => number, y: (value: number) => number): string {
  return values
    .map((value, step) => {
      if (value === null) return '';
      return `${values[step - 1] === null || step === 0 ? 'M' : 'L'}${x(step).toFixed(1)} ${y(value).toFixed(1)}`;
    })
    .join('');
}

/** Where a line has its sign: at its end unless that is nothing, at peaks, and between gaps, where there is no line. */
function signed(values: readonly (number | null)[]): number[] {
  const measured = Array.from(values.keys()).filter((step) => values[step] !== null);
  const isLonely = (step: number): boolean =>
    (values[step - 1] ?? null) === null && (values[step + 1] ?? null) === null;
  const isPeak = (step: number): boolean => {
    const value = values[step] ?? 0;
    return value > 0 && value >= (values[step - 1] ?? 0) && value > (values[step + 1] ?? 0);
  };
  return measured.filter((step) => isLonely(step) || isPeak(step) || (step === measured.at(-1) && values[step] !== 0));
}

function numbers({ title, unit, lines }: Chart, { fromMs, stepMs, steps }: Time): HTMLElement {
  const measured = Array.from({ length: steps }, (_, step) => step).filter((step) =>
    lines.some(({ values }) => (values[step] ?? 0) !== 0),
  );
  return h(
    'table',
    {},
    h('caption', { class: 'hidden' }, `${title}; steps in which nothing was measured are left out`),
    h(
      'thead',
      {},
      h('tr', {}, h('th', { scope: 'col' }, 'From'), ...lines.map(({ store }) => h('th', { scope: 'col' }, store))),
    ),
    h(
      'tbody',
      {},
      ...measured.map((step) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, new Date(fromMs + step * stepMs).toTimeString().slice(0, 8)),
          ...lines.map(({ values }) => {
            const value = values[step] ?? null;
            return h('td', { class: 'number' }, value === null ? '–' : labelOf(value, unit));
          }),
        ),
      ),
    ),
  );
}
