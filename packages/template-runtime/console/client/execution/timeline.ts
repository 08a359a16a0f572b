import type { StayPage, StayRow } from '../../shapes';
import { h } from '../elements/element';
import { duration, STATE_WORDS } from '../elements/words';

/** Bars over the time that an execution took, a row for each stay in a state. */
export function timelineRows(
  { rows, fromMs, toMs }: StayPage,
  onChoose: (row: StayRow) => void,
): { readonly axis: HTMLElement; readonly rows: HTMLElement[] } {
  const spanMs = Math.max(1, toMs - fromMs);
  return {
    axis: axis(spanMs),
    rows: rows.map((row) => timelineRow(row, { fromMs, toMs, spanMs }, onChoose)),
  };
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  readonly spanMs: number;
}

function timelineRow(row: StayRow, span: Span, onChoose: (row: StayRow) => void): HTMLElement {
  const { state, visit, status, enteredMs, exitedMs, attempts, depth, iteration } = row;
  const endMs = exitedMs ?? span.toMs;
  const bar = h('span', { class: `bar ${status}` });
  place(bar, span, enteredMs, endMs);
  const calls = attempts.map(({ fromMs, toMs }) => {
    const call = h('span', { class: `call ${status}` });
    place(call, span, fromMs, toMs ?? endMs);
    return call;
  });
  const name = h(
    'span',
    { class: 'name' },
    state,
    iteration !== undefined && h('span', { class: 'about' }, ` #${iteration}`),
  );
  name.style.paddingLeft = `${depth * 0.9}rem`;
  const took = duration(endMs - enteredMs);
  const button = h(
    'button',
    {
      type: 'button',
      class: 'stay',
      'data-state': state,
      'data-visit': visit,
      'aria-pressed': 'false',
      click: () => onChoose(row),
    },
    name,
    h('span', { class: 'hidden' }, ` ${inWords(row, span)} `),
    h('span', { class: 'track' }, bar, ...calls),
    h('span', { class: 'took' }, took),
  );
  return h('li', {}, button);
}

/** What the bar shows, up to how long it took, which stands there. */
function inWords({ type, status, enteredMs, retries }: StayRow, { fromMs }: Span): string {
  const tries = retries === 0 ? [] : [retries === 1 ? '1 retry' : `${retries} retries`];
  return [type, STATE_WORDS[status].text, ...tries, `after ${duration(enteredMs - fromMs)}`, 'took'].join(', ');
}

function place(element: HTMLElement, { fromMs, spanMs }: Span, startMs: number, endMs: number): void {
  element.style.left = `${((startMs - fromMs) / spanMs) * 100}%`;
  element.style.width = `${((endMs - startMs) / spanMs) * 100}%`;
}

/** A tick further to the right would run into the next column. */
const LAST_TICK = 0.92;

/** The time below which the bars stand, in four to eight round steps. */
function axis(spanMs: number): HTMLElement {
  const step = roundStep(spanMs);
  const ticks: HTMLElement[] = [];
  for (let atMs = 0; atMs <= spanMs * LAST_TICK; atMs += step) {
    const tick = h('span', { class: 'tick' }, `${duration(atMs)}`);
    tick.style.left = `${(atMs / spanMs) * 100}%`;
    ticks.push(tick);
  }
  return h(
    'div',
    { class: 'axis', 'aria-hidden': 'true' },
    h('span', { class: 'name' }, 'State'),
    h('span', { class: 'track' }, ...ticks),
    h('span', { class: 'took' }, 'Took'),
  );
}

/** 1, 2 or 5 times a power of ten. */
export function roundStep(spanMs: number): number {
  const power = 10 ** Math.floor(Math.log10(spanMs / 4));
  return Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((step) => spanMs / step <= 5) ?? power);
}
