import type { PathTaken, StateStatus, StateSummary } from '../../shapes';
import { h, replaceChildren, setText, svg } from '../element';
import { icon } from '../icons';
import { counted, STATE_WORDS } from '../words';
import { bestLayout, type Box, type Dagre, type Layout, type Line, type Point, scaleToFit } from './layout';
import { type Model, pruned } from './model';

/** What an execution did so far. */
export interface Progress {
  readonly states: readonly StateSummary[];
  readonly path: readonly PathTaken[];
}

export interface GraphView {
  readonly element: HTMLElement;
  /** Colours the states and the ways that were taken. */
  show(progress: Progress): void;
  /** Marks a state as the one whose details are shown. */
  choose(state: string): void;
}

export interface GraphOptions {
  readonly onChoose: (state: string) => void;
  /** Whether an execution is shown, which has entered some of the states. @default false */
  readonly hasProgress?: boolean;
}

const ZOOM_STEP = 1.25;
/** Below this the names can't be read: the graph is then scrolled rather than shrunk. */
const SMALLEST_START = 0.7;
/** A path that is long is shrunk a little more, to be seen as a whole. */
const SMALLEST_PATH = 0.6;
const AROUND_PATH = 12;
/** In a narrower frame, or among more states, a path isn't seen: those that were entered are shown first. */
const NARROW = 600;
const MANY_STATES = 30;

/** A machine's graph: states are buttons, ways are drawn behind them. */
export function openGraph(model: Model, { onChoose, hasProgress = false }: GraphOptions): GraphView {
  const canvas = h('div', { class: 'canvas' });
  const sheet = h('div', { class: 'sheet' }, canvas);
  const frame = h('div', { class: 'frame', role: 'group', 'aria-label': 'Graph of the states' }, sheet);
  const onlyEntered = h('input', { type: 'checkbox', id: 'only-entered', change: () => void draw() });
  let progress: Progress = { states: [], path: [] };
  let layout: Layout | undefined;
  let chosen: string | undefined;
  let scale = 1;
  let drawn = '';

  const setScale = (next: number): void => {
    if (!layout) return;
    scale = Math.min(2, Math.max(0.1, next));
    sheet.style.width = `${layout.width * scale}px`;
    sheet.style.height = `${layout.height * scale}px`;
    canvas.style.transform = `scale(${scale})`;
  };
  const size = (): { width: number; height: number } => ({ width: frame.clientWidth, height: frame.clientHeight });

  const inPage = nextFrame().then(() => {
    // Only now has the frame its size.
    onlyEntered.checked = hasProgress && (frame.clientWidth < NARROW || model.nodes.length > MANY_STATES);
  });

  const draw = async (): Promise<void> => {
    await inPage;
    const graph = onlyEntered.checked ? entered(model, progress) : model;
    const isFirst = layout === undefined;
    const shape = JSON.stringify([onlyEntered.checked, graph.nodes.map(({ id }) => id), graph.edges.length]);
    if (shape !== drawn) {
      drawn = shape;
      const dagre = (await import('@dagrejs/dagre')) as unknown as Dagre;
      layout = bestLayout(dagre, graph, size());
      render(canvas, layout, onChoose);
      setScale(Math.max(scaleToFit(layout, size()), SMALLEST_START));
    }
    colour(canvas, progress, chosen);
    if (!isFirst && !onlyEntered.checked) return;
    const path = extentOfPath(canvas);
    const whole = { width: path.width + 2 * AROUND_PATH, height: path.height + 2 * AROUND_PATH };
    setScale(Math.min(scale, Math.max(SMALLEST_PATH, scaleToFit(whole, size()))));
    showPath(frame, path, scale);
  };

  void draw();
  const zoom = (text: string, label: string, next: () => number): HTMLElement =>
    h('button', { type: 'button', 'aria-label': label, click: () => setScale(next()) }, text);
  return {
    element: h(
      'div',
      { class: 'graph' },
      h(
        'div',
        { class: 'tools' },
        ...(hasProgress ? [h('label', {}, onlyEntered, ' Only states entered')] : []),
        zoom('−', 'Zoom out', () => scale / ZOOM_STEP),
        zoom('+', 'Zoom in', () => scale * ZOOM_STEP),
        zoom('Fit', 'Fit the graph into its frame', () => (layout ? scaleToFit(layout, size()) : 1)),
      ),
      frame,
    ),
    show(next) {
      progress = next;
      void draw();
    },
    choose(state) {
      chosen = state;
      colour(canvas, progress, chosen);
    },
  };
}

function entered(model: Model, { states, path }: Progress): Model {
  const names = new Set(states.map(({ name }) => name));
  const ways = new Set(path.map(({ from, to }) => JSON.stringify([from, to])));
  const keepsWay = (from: string, to: string): boolean => ways.has(JSON.stringify([from, to]));
  return { ...model, ...pruned(model, (name) => names.has(name), keepsWay) };
}

function nextFrame(): Promise<unknown> {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}

function render(
  canvas: HTMLElement,
  { width, height, boxes, lines, start }: Layout,
  onChoose: (state: string) => void,
) {
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const arrow = svg(
    'marker',
    { id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto' },
    svg('path', { d: 'M0 0 8 4 0 8z' }),
  );
  const taken = svg(
    'marker',
    { id: 'arrow-taken', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 5, markerHeight: 5, orient: 'auto' },
    svg('path', { d: 'M0 0 8 4 0 8z', class: 'taken' }),
  );
  const picture = svg(
    'svg',
    { width, height, 'aria-hidden': 'true' },
    svg('defs', {}, arrow, taken),
    ...lines.map(lineElement),
    ...(start ? [svg('circle', { cx: start.x, cy: start.y, r: 8, class: 'start' })] : []),
  );
  // Boxes that hold others come first: what holds has to be behind the lines, what is held before them.
  const holders = boxes.filter(({ node }) => node.inner.length > 0).map((box) => boxElement(box, onChoose));
  const others = boxes.filter(({ node }) => node.inner.length === 0).map((box) => boxElement(box, onChoose));
  replaceChildren(canvas, ...holders, picture, ...others);
}

function lineElement({ edge, fromName, toName, points }: Line): SVGElement {
  const labels = edge?.labels.join('; ') ?? '';
  return svg(
    'path',
    { d: curve(points), class: edge?.isCatch === true ? 'way catch' : 'way', 'data-way': wayKey(fromName, toName) },
    ...(labels === '' ? [] : [svg('title', {}, labels)]),
  );
}

const wayKey = (from: string | undefined, to: string): string => JSON.stringify([from ?? null, to]);

/** A smooth line: straight in and out, bent at the points between. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  const last = rest.at(-1) ?? first;
  const bends = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1] ?? point;
    const end = next === last ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${point.x} ${point.y} ${end.x} ${end.y}`;
  });
  return `M${first.x} ${first.y}${bends.length === 0 ? `L${last.x} ${last.y}` : bends.join('')}`;
}

function boxElement({ node, x, y, width, height }: Box, onChoose: (state: string) => void): HTMLElement {
  const { name, type, isEnd, inner } = node;
  const button = h(
    'button',
    {
      type: 'button',
      class: `node${inner.length > 0 ? ' holder' : ''}${isEnd ? ' end' : ''}`,
      title: name,
      'data-state': name,
      'aria-pressed': 'false',
      click: () => onChoose(name),
    },
    h('span', { class: 'name' }, name),
    h(
      'span',
      { class: 'type' },
      h('span', { class: 'sign', 'aria-hidden': 'true' }),
      type,
      h('span', { class: 'times', 'aria-hidden': 'true' }),
    ),
    h('span', { class: 'hidden' }),
  );
  Object.assign(button.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
  return button;
}

/** Colours the drawing, and describes the same in words. */
function colour(canvas: HTMLElement, { states, path }: Progress, chosen: string | undefined): void {
  const byName = new Map(states.map((state) => [state.name, state]));
  for (const button of Array.from(canvas.querySelectorAll<HTMLElement>('.node'))) {
    const { state: name = '' } = button.dataset;
    const state = byName.get(name);
    setLook(button, state?.status);
    button.setAttribute('aria-pressed', String(name === chosen));
    const write = (selector: string, text: string): void => {
      for (const element of Array.from(button.querySelectorAll(selector))) setText(element, text);
    };
    const sign = state ? [icon(STATE_WORDS[state.status].icon)] : [];
    for (const place of Array.from(button.querySelectorAll('.sign'))) place.replaceChildren(...sign);
    write('.times', state ? timesText(state) : '');
    write('.hidden', state ? inWords(state) : '');
  }
  const times = new Map(path.map(({ from, to, times: number }) => [wayKey(from, to), number]));
  for (const way of Array.from(canvas.querySelectorAll<SVGElement>('.way'))) {
    way.classList.toggle('taken', times.has(way.dataset['way'] ?? ''));
  }
}

function setLook(button: HTMLElement, status: StateStatus | undefined): void {
  for (const other of Object.keys(STATE_WORDS)) button.classList.toggle(other, other === status);
}

function timesText({ visits }: StateSummary): string {
  return visits > 1 ? ` × ${visits}` : '';
}

function inWords({ status, visits, retries }: StateSummary): string {
  return [
    STATE_WORDS[status].text,
    ...(visits > 1 ? [`entered ${visits} times`] : []),
    ...(retries > 0 ? [counted(retries, 'retry').replace('retrys', 'retries')] : []),
  ].join(', ');
}

interface Extent {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What the states that were entered take up; without any, the first state. */
function extentOfPath(canvas: HTMLElement): Extent {
  const nodes = Array.from(canvas.querySelectorAll<HTMLElement>('.node'));
  const visited = nodes.filter((node) => Object.keys(STATE_WORDS).some((look) => node.classList.contains(look)));
  const shown = visited.length > 0 ? visited : nodes.slice(0, 1);
  const left = Math.min(...shown.map((node) => node.offsetLeft));
  const top = Math.min(...shown.map((node) => node.offsetTop));
  const right = Math.max(...shown.map((node) => node.offsetLeft + node.offsetWidth));
  const bottom = Math.max(...shown.map((node) => node.offsetTop + node.offsetHeight));
  return { left, top, width: right - left, height: bottom - top };
}

/** Scrolls to where the execution has been, where the graph is larger than its frame. */
function showPath(frame: HTMLElement, { left, top, width, height }: Extent, scale: number): void {
  frame.scrollLeft = (left + width / 2) * scale - frame.clientWidth / 2;
  frame.scrollTop = (top + height / 2) * scale - frame.clientHeight / 2;
}
