import type { StateVisit, VisitPage, VisitPlace } from '../../shapes';
import { read } from '../api';
import { h, replaceChildren, setText } from '../elements/element';
import { eventTable } from './event-table';
import { resourceText } from './resource';
import { waysList } from './ways';
import type { StateDefinition } from '../graph/model';
import { badge } from '../elements/parts';
import { payload } from '../elements/payload';
import { showProblem } from '../elements/problem';
import { tabs } from '../elements/tabs';
import { count, duration, STATE_WORDS } from '../elements/words';

export interface StatePanel {
  readonly element: HTMLElement;
  /** Shows one stay in a state: by default the last. */
  open(state: string, visit?: number): void;
  openEvents(): void;
  /** Reads again what is shown. */
  refresh(): void;
}

export interface StatePanelOptions {
  readonly executionArn: string;
  readonly startMs: number;
  readonly definitionOf: (state: string) => StateDefinition | undefined;
  readonly onChoose: (state: string) => void;
  readonly tab?: string | undefined;
  readonly onTab: (tab: string) => void;
  /** Told which stay is shown; without `of` there is but one. */
  readonly onVisit: (place: VisitPlace, of: number) => void;
}

/** What went into a state and came out, one stay at a time. */
export function statePanel(options: StatePanelOptions): StatePanel {
  const { executionArn, startMs, definitionOf, onChoose, onVisit } = options;
  const head = h('div', { class: 'head' }, h('p', {}, 'Choose a state to see what went in and out.'));
  const data = h('div', { class: 'data' });
  const call = h('div', { class: 'data' });
  const variables = h('div', { class: 'data' });
  const definition = h('div', { class: 'data' });
  const events = eventTable({ executionArn, isOfOneStay: true });
  const views = tabs(
    'Of the chosen state',
    [
      { id: 'data', label: 'Input, output', panel: data },
      { id: 'call', label: 'Call', panel: call },
      { id: 'variables', label: 'Variables', panel: variables },
      { id: 'definition', label: 'Definition', panel: definition },
      { id: 'events', label: 'Events', panel: events.element, isLong: true },
    ],
    { chosen: options.tab ?? null, onChoose: options.onTab },
  );
  const element = h('section', { class: 'state', 'aria-label': 'The chosen state' }, head, views.element);
  views.element.hidden = true;
  let current: { state: string; index: number | undefined } | undefined;
  let shown = '';

  const load = async (): Promise<void> => {
    if (!current) return;
    const asked = current;
    const page = (from: number): Promise<VisitPage> =>
      read<VisitPage>('visits', { arn: executionArn, state: asked.state, from, size: 1 });
    let found = await page(asked.index ?? 0);
    const index = asked.index ?? Math.max(0, found.total - 1);
    if (asked.index === undefined && index > 0) found = await page(index);
    if (current !== asked) return; // another one has been chosen since
    show(asked.state, found, index);
  };
  const show = (state: string, { visits, total }: VisitPage, index: number): void => {
    const [visit] = visits;
    const text = JSON.stringify([state, visit, total, index]);
    if (text === shown) return;
    shown = text;
    const turn = (by: number): void => {
      current = { state, index: index + by };
      reload();
    };
    const place = { state, visit: index };
    replaceChildren(head, ...headParts(state, visit, startMs), ...pagerOf(place, total, turn));
    replaceChildren(data, ...(visit ? dataParts(visit) : [h('p', {}, 'This state was not entered.')]));
    const calls = visit ? callParts(visit) : [];
    replaceChildren(call, ...calls);
    const known = visit ? variableParts(visit) : [];
    replaceChildren(variables, ...known);
    const own = definitionOf(state);
    replaceChildren(definition, ...waysList(own, onChoose), payload(`Definition of ${state}`, JSON.stringify(own)));
    events.narrow(place);
    views.offer([
      'data',
      ...(calls.length > 0 ? (['call'] as const) : []),
      ...(known.length > 0 ? (['variables'] as const) : []),
      'definition',
      ...(visit ? (['events'] as const) : []),
    ]);
    if (!visit) views.choose('definition');
    views.element.hidden = false;
    onVisit(place, total);
  };
  const reload = (): void => void load().catch(showProblem);

  return {
    element,
    open(state, visit) {
      current = { state, index: visit };
      reload();
    },
    openEvents() {
      views.choose('events');
      options.onTab('events');
    },
    refresh: reload,
  };
}

function headParts(state: string, visit: StateVisit | undefined, startMs: number): Node[] {
  if (!visit) return [h('h2', {}, state)];
  const { type, status, enteredMs, exitedMs, retries, iteration, resource } = visit;
  return [
    h('h2', {}, state, ' ', badge(STATE_WORDS[status])),
    h(
      'p',
      { class: 'about' },
      [
        type,
        `after ${duration(enteredMs - startMs)}`,
        ...(exitedMs === undefined ? [] : [`took ${duration(exitedMs - enteredMs)}`]),
        ...(retries === 0 ? [] : [retries === 1 ? '1 retry' : `${retries} retries`]),
        ...(iteration === undefined ? [] : [`iteration ${iteration}`]),
        ...(resource === undefined ? [] : [`calls ${resourceText(resource)}`]),
      ].join(', '),
    ),
  ];
}

function pagerOf({ state, visit }: VisitPlace, total: number, turn: (by: number) => void): Node[] {
  if (total < 2) return [];
  const where = h('span', { class: 'where', role: 'status' });
  setText(where, `Visit ${count(visit + 1)} of ${count(total)}`);
  const button = (by: number, text: string): HTMLElement =>
    h('button', { type: 'button', disabled: visit + by < 0 || visit + by >= total, click: () => turn(by) }, text);
  return [
    h('nav', { class: 'pager', 'aria-label': `Visits of ${state}` }, where, button(-1, 'Earlier'), button(1, 'Later')),
  ];
}

const part = (label: string, text: string | undefined): HTMLElement[] =>
  text === undefined ? [] : [payload(label, text)];

function dataParts({ error, cause, input, output }: StateVisit): HTMLElement[] {
  return [
    ...(error === undefined
      ? []
      : [h('p', { class: 'error' }, h('span', { class: 'label' }, 'Error '), h('strong', {}, error))]),
    ...part('Cause', cause),
    ...part('Input', input),
    ...part('Output', output),
  ];
}

function callParts(visit: StateVisit): HTMLElement[] {
  return [...part('Arguments', visit.arguments), ...part('Result', visit.result)];
}

function variableParts({ assigned, variables }: StateVisit): HTMLElement[] {
  return [...variablesPart('Variables set', assigned), ...variablesPart('Variables before', variables)];
}

function variablesPart(label: string, texts: Readonly<Record<string, string>>): HTMLElement[] {
  if (Object.keys(texts).length === 0) return [];
  const values = Object.entries(texts).map(([name, text]) => [name, JSON.parse(text) as unknown]);
  return [payload(label, JSON.stringify(Object.fromEntries(values)))];
}
