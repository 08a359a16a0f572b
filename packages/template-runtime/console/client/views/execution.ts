import type { ExecutionDetails, StateSummary } from '../../shapes';
import { read, RefusedError } from '../api';
import { h, replaceChildren } from '../element';
import { eventTable } from '../event-table';
import { readDefinition } from '../graph/model';
import { openGraph } from '../graph/view';
import { machineLink } from '../links';
import { startLive } from '../live';
import { badge, facts, jsonBox } from '../parts';
import { statePanel } from '../state-panel';
import type { View } from '../view';
import { counted, duration, EXECUTION_WORDS, moment, STATE_WORDS } from '../words';

const EVERY_MS = 1000;

/** One execution: how it ended, its graph, its states, its events. Updated while it runs. */
export function openExecution(parameters: URLSearchParams): View {
  const arn = parameters.get('arn') ?? '';
  const element = h('section', {}, h('h1', {}, 'Execution'));
  let parts: Parts | undefined;
  const live = startLive(EVERY_MS, async (signal) => {
    try {
      const execution = await read<ExecutionDetails>('execution', { arn }, signal);
      if (!parts) {
        parts = makeParts(execution);
        element.replaceChildren(parts.element);
      }
      parts.show(execution);
      return execution.status === 'RUNNING';
    } catch (error) {
      if (!(error instanceof RefusedError && error.status === 404)) throw error;
      element.replaceChildren(h('h1', {}, 'Execution'), h('p', { role: 'status' }, error.message));
      return false;
    }
  });
  return { title: 'Execution', element, close: () => live.stop() };
}

interface Parts {
  readonly element: HTMLElement;
  show(execution: ExecutionDetails): void;
}

function makeParts({ arn, name, machine, machineArn, definition, input }: ExecutionDetails): Parts {
  const model = readDefinition(definition);
  const summary = h('div');
  const result = h('div');
  const entered = h('ol', { class: 'entered' });
  const panel = statePanel(arn, (state) => model.definitions.get(state));
  let chosen: string | undefined;
  const choose = (state: string): void => {
    chosen = state;
    graph.choose(state);
    for (const button of Array.from(entered.querySelectorAll('button'))) {
      button.setAttribute('aria-pressed', String(button.dataset['state'] === state));
    }
    panel.open(state);
  };
  const graph = openGraph(model, { onChoose: choose, hasProgress: true });
  const events = eventTable(arn);
  let shownEvents = -1;

  return {
    element: h(
      'div',
      {},
      h('h1', {}, 'Execution ', h('span', { class: 'id' }, name)),
      summary,
      h('p', {}, h('a', { href: machineLink(machineArn, arn) }, `New execution of ${machine} with this input`)),
      h('h2', {}, 'Graph'),
      h('div', { class: 'beside' }, graph.element, h('div', {}, panel.element)),
      h('h2', {}, 'States in the order in which they were entered'),
      entered,
      h('h2', {}, 'Input and output'),
      h('div', { class: 'halves' }, h('div', {}, h('h3', {}, 'Input'), jsonBox('Input', input)), result),
      h('h2', {}, 'Events'),
      events.element,
      h('h2', {}, 'Definition'),
      h('details', {}, h('summary', {}, 'Show the definition'), jsonBox('Definition', definition)),
    ),
    show(execution) {
      if (execution.events === shownEvents && execution.status === 'RUNNING') return;
      const isFirst = shownEvents === -1;
      shownEvents = execution.events;
      replaceChildren(summary, summaryOf(execution));
      replaceChildren(result, ...resultOf(execution));
      graph.show(execution);
      replaceChildren(entered, ...execution.states.map((state) => h('li', {}, stateButton(state, choose, chosen))));
      events.refresh();
      if (!isFirst) panel.refresh();
    },
  };
}

function summaryOf(execution: ExecutionDetails): HTMLElement {
  const { arn, status, outcome, store, counterId, machine, machineArn, startMs, stopMs, durationMs } = execution;
  return facts(
    ['Status', badge(EXECUTION_WORDS[status])],
    ['Outcome', outcome],
    ['Store', store],
    ['Counter id', counterId],
    ['Duration', durationMs === undefined ? undefined : duration(durationMs)],
    ['Started', moment(startMs)],
    ['Ended', stopMs === undefined ? undefined : moment(stopMs)],
    ['State machine', h('a', { href: machineLink(machineArn) }, machine)],
    ['ARN', h('code', {}, arn)],
  );
}

function resultOf({ output, error, cause, status }: ExecutionDetails): HTMLElement[] {
  if (output !== undefined) return [h('h3', {}, 'Output'), jsonBox('Output', output)];
  if (status === 'RUNNING') return [h('h3', {}, 'Output'), h('p', {}, 'It is still running.')];
  return [
    h('h3', {}, 'Error'),
    facts(['Error', error ?? 'none given']),
    ...(cause === undefined ? [] : [jsonBox('Cause', cause)]),
  ];
}

function stateButton(
  { name, status, visits, retries }: StateSummary,
  onChoose: (state: string) => void,
  chosen: string | undefined,
): HTMLElement {
  const times = [
    ...(visits > 1 ? [counted(visits, 'visit')] : []),
    ...(retries > 0 ? [retries === 1 ? '1 retry' : `${retries} retries`] : []),
  ].join(', ');
  return h(
    'button',
    { type: 'button', 'data-state': name, 'aria-pressed': String(name === chosen), click: () => onChoose(name) },
    badge(STATE_WORDS[status]),
    h('span', {}, ` ${name}`),
    times !== '' && h('span', { class: 'about' }, ` (${times})`),
  );
}
