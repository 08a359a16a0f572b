import type { OutcomeKind, PathTaken, StateSummary } from '../../shapes';
import { h, replaceChildren, setText, svg } from '../elements/element';
import { icon } from '../elements/icons';
import { OUTCOME_WORDS, STATE_WORDS, type StatusWords } from '../elements/words';
import { jumpText, moreText } from './label';
import type { Box, Layout, Line, Point } from './layout';

/** What an execution did so far. */
export interface Progress {
  readonly states: readonly StateSummary[];
  readonly path: readonly PathTaken[];
  /** What the execution means: the state that ends it shows it. */
  readonly kind?: OutcomeKind;
}

export interface DrawingEvents {
  readonly onChoose: (state: string) => void;
  /** Asks for the ways of a Choice that aren't shown. */
  readonly onUnfold: (choice: string) => void;
}

/** Draws a graph: boxes as buttons, ways as lines behind them. */
export function draw(canvas: HTMLElement, layout: Layout, events: DrawingEvents): void {
  const { width, height, boxes, lines, start } = layout;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const picture = svg(
    'svg',
    { width, height, 'aria-hidden': 'true' },
    svg('defs', {}, arrow('arrow', 7), arrow('arrow-taken', 4)),
    ...lines.map(lineElement),
    ...(start ? [svg('circle', { cx: start.x, cy: start.y, r: 8, class: 'origin' })] : []),
    ...lines.flatMap(labelElement),
  );
  // Boxes that hold others come first: what holds has to be behind the lines, what is held before them.
  const elements = (isHolder: boolean): HTMLElement[] =>
    boxes.filter(({ node }) => node.inner.length > 0 === isHolder).map((box) => boxElement(box, events, canvas));
  replaceChildren(canvas, ...elements(true), picture, ...elements(false));
}

function arrow(id: string, size: number): SVGElement {
  const place = { viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: size, markerHeight: size, orient: 'auto' };
  return svg('marker', { id, ...place }, svg('path', { d: 'M0 0 8 4 0 8z' }));
}

function lineElement({ edge, fromName = '', toName, points }: Line): SVGElement {
  const labels = edge?.labels.join('\n') ?? '';
  return svg(
    'path',
    {
      d: curve(points),
      class: edge?.isCatch === true ? 'way catch' : 'way',
      'data-way': wayKey(fromName, toName),
      'data-from': fromName,
      'data-to': toName,
    },
    ...(labels === '' ? [] : [svg('title', {}, labels)]),
  );
}

function labelElement({ edge, fromName = '', toName, label }: Line): SVGElement[] {
  if (!edge || !label) return [];
  const { x, y, width, height } = label;
  return [
    svg(
      'g',
      { class: 'rule', 'data-way': wayKey(fromName, toName), 'data-from': fromName, 'data-to': toName },
      svg('rect', { x: x - width / 2, y: y - height / 2, width, height, rx: 4 }),
      svg('text', { x, y, 'text-anchor': 'middle', 'dominant-baseline': 'central' }, edge.label),
      svg('title', {}, edge.labels.join('\n')),
    ),
  ];
}

const wayKey = (from: string | undefined, to: string): string => JSON.stringify([from ?? '', to]);

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

function boxElement(box: Box, { onChoose, onUnfold }: DrawingEvents, canvas: HTMLElement): HTMLElement {
  const { node, x, y, width, height } = box;
  const { name, folded, jumps } = node;
  const button = jumps
    ? h(
        'div',
        { class: 'jumps' },
        ...jumps.map((jump) =>
          h('button', { type: 'button', class: 'link', click: () => onChoose(jump.to) }, jumpText(jump)),
        ),
      )
    : folded === undefined
      ? stateButton(box, () => onChoose(name))
      : h(
          'button',
          {
            type: 'button',
            class: 'more-ways',
            'aria-label': `${moreText(folded)} of ${name}`,
            click: () => onUnfold(name),
          },
          moreText(folded),
        );
  Object.assign(button.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
  const point = (): void => markNear(canvas, name);
  const leave = (): void => markNear(canvas, undefined);
  if (folded === undefined && !jumps) {
    button.addEventListener('pointerenter', point);
    button.addEventListener('focus', point);
    button.addEventListener('pointerleave', leave);
    button.addEventListener('blur', leave);
  }
  return button;
}

function stateButton({ node: { name, type, isEnd, inner } }: Box, onChoose: () => void): HTMLElement {
  return h(
    'button',
    {
      type: 'button',
      class: `node${inner.length > 0 ? ' holder' : ''}${isEnd ? ' end' : ''}`,
      'data-state': name,
      'aria-pressed': 'false',
      click: onChoose,
    },
    h('span', { class: 'name' }, name),
    ' ',
    h(
      'span',
      { class: 'type' },
      h('span', { class: 'sign', 'aria-hidden': 'true' }),
      type,
      h('span', { class: 'times', 'aria-hidden': 'true' }),
    ),
    ' ',
    h('span', { class: 'hidden' }),
  );
}

/** Brings out the ways into and out of a state; without one, those of the chosen state. */
function markNear(canvas: HTMLElement, state: string | undefined): void {
  const near = state ?? canvas.querySelector<HTMLElement>('.node[aria-pressed=true]')?.dataset['state'];
  canvas.classList.toggle('pointed', state !== undefined);
  for (const way of Array.from(canvas.querySelectorAll<SVGElement>('[data-way]'))) {
    way.classList.toggle('near', near !== undefined && (way.dataset['from'] === near || way.dataset['to'] === near));
  }
}

/** Colours the drawing, and describes the same in words. */
export function colour(canvas: HTMLElement, { states, path, kind }: Progress, chosen: string | undefined): void {
  const byName = new Map(states.map((state) => [state.name, state]));
  for (const button of Array.from(canvas.querySelectorAll<HTMLElement>('.node'))) {
    const { state: name = '' } = button.dataset;
    const state = byName.get(name);
    const words = state && wordsOf(state, button.classList.contains('end') ? kind : undefined);
    setLook(button, words?.look);
    button.setAttribute('aria-pressed', String(name === chosen));
    const write = (selector: string, text: string): void => {
      for (const element of Array.from(button.querySelectorAll(selector))) setText(element, text);
    };
    const sign = words ? [icon(words.icon)] : [];
    for (const place of Array.from(button.querySelectorAll('.sign'))) place.replaceChildren(...sign);
    write('.times', state ? timesText(state) : '');
    write('.hidden', state ? inWords(state) : '');
  }
  const taken = new Set(path.map(({ from, to }) => wayKey(from, to)));
  for (const way of Array.from(canvas.querySelectorAll<SVGElement>('[data-way]'))) {
    way.classList.toggle('taken', taken.has(way.dataset['way'] ?? ''));
  }
  markNear(canvas, undefined);
}

/** Ends that AWS calls "Succeeded", and that didn't do what was asked. */
const TELLING: readonly OutcomeKind[] = ['refused', 'invalid', 'not-done', 'unknown'];

function wordsOf({ status }: StateSummary, kind: OutcomeKind | undefined): StatusWords {
  const isTelling = status === 'succeeded' && kind !== undefined && TELLING.includes(kind);
  return isTelling ? OUTCOME_WORDS[kind] : STATE_WORDS[status];
}

const LOOKS = [...Object.keys(STATE_WORDS), ...TELLING];

function setLook(button: HTMLElement, look: string | undefined): void {
  button.classList.toggle('entered', look !== undefined);
  for (const other of LOOKS) button.classList.toggle(other, other === look);
}

function timesText({ visits }: StateSummary): string {
  return visits > 1 ? ` × ${visits}` : '';
}

function inWords({ status, visits, retries }: StateSummary): string {
  return [
    STATE_WORDS[status].text,
    ...(visits > 1 ? [`entered ${visits} times`] : []),
    ...(retries > 0 ? [retries === 1 ? '1 retry' : `${retries} retries`] : []),
  ].join(', ');
}

export interface Extent {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What the chosen state takes up; without one, the states that were entered, else the first. */
export function extentOf(canvas: HTMLElement, chosen: string | undefined): Extent {
  const nodes = Array.from(canvas.querySelectorAll<HTMLElement>('.node'));
  const visited = nodes.filter((node) => node.classList.contains('entered'));
  const named = nodes.filter((node) => node.dataset['state'] === chosen);
  const shown = [named, visited, nodes.slice(0, 1)].find(({ length }) => length > 0) ?? [];
  if (shown.length === 0) return { left: 0, top: 0, width: 0, height: 0 };
  const left = Math.min(...shown.map((node) => node.offsetLeft));
  const top = Math.min(...shown.map((node) => node.offsetTop));
  const right = Math.max(...shown.map((node) => node.offsetLeft + node.offsetWidth));
  const bottom = Math.max(...shown.map((node) => node.offsetTop + node.offsetHeight));
  return { left, top, width: right - left, height: bottom - top };
}
