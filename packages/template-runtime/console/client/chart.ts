import type { Chart, ChartLine, Charts } from '../shapes';
import { h, setText, svg } from './element';
import { clockMinute, count, duration } from './words';

const WIDEST = 560;
const NARROWEST = 280;
const HEIGHT = 200;
const LEFT = 64;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 26;

type Time = Pick<Charts, 'fromMs' | 'stepMs' | 'steps'>;

export interface ChartView {
  readonly element: HTMLElement;
  show(chart: Chart, time: Time): void;
}

/** A chart as a picture, and its numbers as a table for screen readers. */
export function chartView({ title, about }: Chart): ChartView {
  const picture = h('div', { class: 'picture' });
  const legend = h('ul', { class: 'legend' });
  const summary = h('p', { class: 'hidden' });
  const table = h('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': `${title}, as a table` });
  const details = h('details', { toggle: () => fill() }, h('summary', {}, 'Show as a table'), table);
  let latest: { chart: Chart; time: Time } | undefined;
  const fill = (): void => {
    if (details.open && latest) table.replaceChildren(numbers(latest.chart, latest.time));
  };
  return {
    element: h('figure', {}, h('h2', {}, title), h('p', { class: 'about' }, about), picture, summary, legend, details),
    show(chart, time) {
      latest = { chart, time };
      picture.replaceChildren(draw(chart, time, widthIn(picture)));
      setText(summary, chart.lines.map((line) => `${line.store}: ${inWords(line, chart)}`).join('; '));
      legend.replaceChildren(...chart.lines.map((line) => legendItem(line, chart)));
      fill();
    },
  };
}

const lookOf = (store: string): string => (STORES.includes(store) ? `line-${store}` : 'line-other');
const STORES = ['dynamo', 'redis', 'momento', 'docdb', 'tidb'];

function inWords({ values }: ChartLine, { unit }: Chart): string {
  const measured = values.filter((value) => value !== null);
  const last = measured.at(-1);
  if (unit === 'count') return `${count(measured.reduce((sum, value) => sum + value, 0))} in all`;
  return last === undefined ? 'nothing measured' : `${duration(last)} lately`;
}

function legendItem(line: ChartLine, chart: Chart): HTMLElement {
  const sample = svg(
    'svg',
    { width: 28, height: 10, 'aria-hidden': 'true' },
    svg('path', { d: 'M0 5H28', class: `line ${lookOf(line.store)}` }),
  );
  return h('li', {}, sample, ` ${line.store}: ${inWords(line, chart)}`);
}

/** Drawn in the page's own pixels, or the labels would shrink with the picture. */
const widthIn = ({ clientWidth }: HTMLElement): number =>
  clientWidth === 0 ? WIDEST : Math.min(WIDEST, Math.max(NARROWEST, clientWidth));

function draw(chart: Chart, { fromMs, stepMs, steps }: Time, width: number): SVGElement {
  const most = roundUp(Math.max(1, ...chart.lines.flatMap(({ values }) => values.map((value) => value ?? 0))));
  const x = (step: number): number => LEFT + (step / Math.max(1, steps - 1)) * (width - LEFT - RIGHT);
  const y = (value: number): number => HEIGHT - BOTTOM - (value / most) * (HEIGHT - TOP - BOTTOM);
  const levels = [0, most / 2, most].map((value) => [
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
    ...lonely(values).map((step) =>
      svg('circle', { cx: x(step), cy: y(values[step] ?? 0), r: 2.5, class: `dot ${lookOf(store)}` }),
    ),
  ]);
  return svg(
    'svg',
    { viewBox: `0 0 ${width} ${HEIGHT}`, 'aria-hidden': 'true', class: 'chart' },
    ...levels.flat(),
    ...times,
    ...lines.flat(),
  );
}

const labelOf = (value: number, unit: Chart['unit']): string => (unit === 'ms' ? duration(value) : count(value));

/** 1, 2, 5, 10, 20, 50, …: the next one that is even enough to be halved. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [2, 4, 6, 10].map((factor) => factor * power).find((top) => top >= value) ?? value;
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

/** Steps with a gap on both sides: they would be no line at all. */
function lonely(values: readonly (number | null)[]): number[] {
  return Array.from(values.keys()).filter(
    (step) => values[step] !== null && (values[step - 1] ?? null) === null && (values[step + 1] ?? null) === null,
  );
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
