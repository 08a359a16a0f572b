import type { StateVisit, VisitPage } from '../shapes';
import { read } from './api';
import { h, replaceChildren } from './element';
import { badge, facts, jsonBox } from './parts';
import { showProblem } from './problem';
import { clock, count, duration, STATE_WORDS } from './words';

export interface StatePanel {
  readonly element: HTMLElement;
  /** Shows the last stay in a state. */
  open(state: string): void;
  /** Reads again what is shown. */
  refresh(): void;
}

/** What went into a state and came out, one stay at a time. */
export function statePanel(executionArn: string, definitionOf: (state: string) => unknown): StatePanel {
  const element = h(
    'section',
    { class: 'state', 'aria-label': 'The chosen state' },
    h('p', {}, 'Choose a state to see what went in and out.'),
  );
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
    const text = JSON.stringify([state, visits, total, index]);
    if (text === shown) return;
    shown = text;
    const [visit] = visits;
    const turn = (by: number, text: string): HTMLElement => {
      const isOver = index + by < 0 || index + by >= total;
      const go = (): void => {
        current = { state, index: index + by };
        reload();
      };
      return h('button', { type: 'button', disabled: isOver, click: go }, text);
    };
    replaceChildren(
      element,
      h('h3', {}, state),
      ...(total > 1
        ? [
            h(
              'nav',
              { class: 'pager', 'aria-label': `Visits of ${state}` },
              h('span', { class: 'where', role: 'status' }, `Visit ${count(index + 1)} of ${count(total)}`),
              turn(-1, 'Earlier'),
              turn(1, 'Later'),
            ),
          ]
        : []),
      ...(visit ? visitParts(visit) : [h('p', {}, 'This state was not entered.')]),
      h(
        'details',
        {},
        h('summary', {}, 'Definition'),
        jsonBox(`Definition of ${state}`, JSON.stringify(definitionOf(state))),
      ),
    );
  };
  const reload = (): void => void load().catch(showProblem);

  return {
    element,
    open(state) {
      current = { state, index: undefined };
      reload();
    },
    refresh: reload,
  };
}

function visitParts(visit: StateVisit): Node[] {
  const { type, status, enteredMs, exitedMs, retries, iteration, error, cause } = visit;
  const payload = (label: string, text: string | undefined): Node[] =>
    text === undefined ? [] : [h('h4', {}, label), jsonBox(label, text)];
  return [
    facts(
      ['Status', badge(STATE_WORDS[status])],
      ['Type', type],
      ['Duration', exitedMs === undefined ? undefined : duration(exitedMs - enteredMs)],
      ['Retries', String(retries)],
      ['Iteration', iteration === undefined ? undefined : String(iteration)],
      ['Entered', clock(enteredMs)],
      ['Error', error],
    ),
    ...payload('Cause', cause),
    ...payload('Input', visit.input),
    ...payload('Arguments', visit.arguments),
    ...payload('Result', visit.result),
    ...payload('Output', visit.output),
    ...variables('Variables set', visit.assigned),
    ...variables('Variables before', visit.variables),
  ];
}

function variables(label: string, texts: Readonly<Record<string, string>>): Node[] {
  if (Object.keys(texts).length === 0) return [];
  const values = Object.entries(texts).map(([name, text]) => [name, JSON.parse(text) as unknown]);
  return [h('h4', {}, label), jsonBox(label, JSON.stringify(Object.fromEntries(values)))];
}
