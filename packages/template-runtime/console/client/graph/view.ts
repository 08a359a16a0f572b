import { h } from '../elements/element';
import { colour, draw as drawInto, type Extent, extentOf, type Progress } from './drawing';
import type { Measure } from './label';
import { bestLayout, type Dagre, type Layout, scaleToFit } from './layout';
import type { Model } from './model';
import { pruned, withFolds, withJumps } from './narrow';
import { overview } from './overview';

export interface GraphView {
  readonly element: HTMLElement;
  /** Colours the states and the ways that were taken. */
  show(progress: Progress): void;
  /** Marks a state as the one whose details are shown, and scrolls to it. */
  choose(state: string): void;
  close(): void;
}

export interface GraphOptions {
  readonly onChoose: (state: string) => void;
  /** Whether an execution is shown, which has entered some of the states. @default false */
  readonly hasProgress?: boolean;
  /** Whether the other states are shown as well. @default false */
  readonly isWhole?: boolean;
  readonly onWhole?: (isWhole: boolean) => void;
}

const ZOOM_STEP = 1.25;
/** Below this the names can't be read: the graph is then scrolled rather than shrunk, but where one zooms out. */
export const LEGIBLE = 0.75;

/** A narrower frame has no room beside the path. */
const NARROW = 480;

/** A machine's graph: states are buttons, ways are drawn behind them. */
export function openGraph(
  model: Model,
  { onChoose, hasProgress = false, isWhole = false, onWhole }: GraphOptions,
): GraphView {
  const canvas = h('div', { class: 'canvas' });
  const sheet = h('div', { class: 'sheet' }, canvas);
  const frame = h('div', { class: 'frame', role: 'group', 'aria-label': 'Graph of the states' }, sheet);
  const map = overview(frame);
  const onlyEntered = h('input', {
    type: 'checkbox',
    id: 'only-entered',
    checked: hasProgress && !isWhole,
    change: () => {
      onWhole?.(!onlyEntered.checked);
      void draw();
    },
  });
  /** Choices whose ways that weren't taken are shown. */
  const unfolded = new Set<string>();
  let progress: Progress = { states: [], path: [] };
  let layout: Layout | undefined;
  let chosen: string | undefined;
  let scale = 1;
  let drawn = '';

  const size = () => ({ width: frame.clientWidth, height: frame.clientHeight });
  const setScale = (next: number): void => {
    if (!layout) return;
    const middle = {
      left: (frame.scrollLeft + frame.clientWidth / 2) / scale,
      top: (frame.scrollTop + frame.clientHeight / 2) / scale,
    };
    scale = Math.min(2, Math.max(0.2, next));
    sheet.style.width = `${layout.width * scale}px`;
    sheet.style.height = `${layout.height * scale}px`;
    canvas.style.transform = `scale(${scale})`;
    map.show(layout, scale);
    scrollTo(frame, { ...middle, width: 0, height: 0 }, scale);
  };
  const fit = (): void => {
    if (!layout) return;
    setScale(Math.max(LEGIBLE, scaleToFit(layout, size())));
    centre();
  };
  const centre = (): void => scrollTo(frame, extentOf(canvas, chosen), scale);

  const draw = async (): Promise<void> => {
    const dagre = (await import('@dagrejs/dagre')) as unknown as Dagre;
    if (frame.clientWidth === 0) return; // not shown: drawn once it has a size
    const graph = onlyEntered.checked
      ? entered(model, progress, unfolded, frame.clientWidth >= NARROW)
      : whole(model, progress);
    const shape = JSON.stringify([
      onlyEntered.checked,
      graph.nodes.map(({ id, folded }) => [id, folded]),
      graph.edges.length,
    ]);
    const isNew = shape !== drawn;
    if (isNew) {
      drawn = shape;
      layout = bestLayout(dagre, graph, size(), measureIn(frame));
      drawInto(canvas, layout, { onChoose, onUnfold });
    }
    colour(canvas, progress, chosen);
    if (isNew) fit();
  };
  const onUnfold = (choice: string): void => {
    unfolded.add(choice);
    void draw();
  };
  const onSize = new ResizeObserver(() => {
    if (drawn === '') void draw();
    else if (layout) map.show(layout, scale);
  });
  onSize.observe(frame);
  const paper = matchMedia('print');
  const onPaper = (): void => (paper.matches && layout ? setScale(scaleToFit(layout, PAPER)) : fit());
  paper.addEventListener('change', onPaper);

  const zoom = (text: string, label: string, change: () => void): HTMLElement =>
    h('button', { type: 'button', 'aria-label': label, click: change }, text);
  return {
    element: h(
      'div',
      { class: 'graph' },
      h(
        'div',
        { class: 'tools' },
        ...(hasProgress ? [h('label', {}, onlyEntered, ' Only states entered')] : []),
        zoom('−', 'Zoom out', () => setScale(scale / ZOOM_STEP)),
        zoom('+', 'Zoom in', () => setScale(scale * ZOOM_STEP)),
        zoom('Fit', 'Fit the graph into its frame', fit),
      ),
      h('div', { class: 'stage' }, frame, map.element),
    ),
    show(next) {
      progress = next;
      void draw();
    },
    choose(state) {
      if (state === chosen) return;
      chosen = state;
      colour(canvas, progress, chosen);
      centre();
    },
    close() {
      onSize.disconnect();
      paper.removeEventListener('change', onPaper);
    },
  };
}

/** What a sheet of paper holds between its margins, in pixels. */
const PAPER = { width: 680, height: 900 };

/** The states that were entered, with the ways that were taken; of unfolded Choices all ways. */
function entered(model: Model, { states, path }: Progress, unfolded: ReadonlySet<string>, hasFolds: boolean): Model {
  const names = new Set(states.map(({ name }) => name));
  for (const choice of unfolded) {
    const { Choices = [], Default } = model.definitions.get(choice) ?? {};
    for (const { Next } of Choices) names.add(Next);
    if (Default !== undefined) names.add(Default);
  }
  const ways = waysTaken(path);
  const keepsWay = (from: string, to: string): boolean => unfolded.has(from) || ways.has(JSON.stringify([from, to]));
  const shown = pruned(model, (name) => names.has(name), keepsWay);
  return { ...model, ...(hasFolds ? withFolds(shown, model) : shown) };
}

/** All states; ways that would cross the graph are written, but for those taken. */
function whole(model: Model, { path }: Progress): Model {
  const ways = waysTaken(path);
  return { ...model, ...withJumps(model, (from, to) => ways.has(JSON.stringify([from, to]))) };
}

const waysTaken = (path: Progress['path']): ReadonlySet<string> =>
  new Set(path.map(({ from, to }) => JSON.stringify([from, to])));

/** Measures names in the font of the page. */
function measureIn(element: HTMLElement): Measure {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return (text) => text.length * 9;
  context.font = `600 13.5px ${getComputedStyle(element).fontFamily}`;
  return (text) => context.measureText(text).width;
}

/** Brings a part of a graph into the middle of its frame, where the graph is larger. */
function scrollTo(frame: HTMLElement, { left, top, width, height }: Extent, scale: number): void {
  frame.scrollLeft = (left + width / 2) * scale - frame.clientWidth / 2;
  frame.scrollTop = (top + height / 2) * scale - frame.clientHeight / 2;
}
