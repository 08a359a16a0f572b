import type { ExecutionDetails, VisitPlace } from '../../shapes';
import { read, RefusedError } from '../api';
import { definitionView } from '../execution/definition';
import { h, replaceChildren } from '../elements/element';
import { eventTable } from '../execution/event-table';
import { logsPanel } from '../execution/logs';
import { type PlaceInAddress, placeInAddress } from '../execution/place';
import { stays } from '../execution/stays';
import { summary } from '../execution/summary';
import { readDefinition } from '../graph/model';
import { openGraph } from '../graph/view';
import { startLive } from '../elements/live';
import { payload } from '../elements/payload';
import { statePanel } from '../execution/state-panel';
import { tabs } from '../elements/tabs';
import type { View } from '../view';

const EVERY_MS = 1000;

/** One execution: how it ended, its graph, its states, its events. Updated while it runs. */
export function openExecution(parameters: URLSearchParams): View {
  const arn = parameters.get('arn') ?? '';
  const place = placeInAddress(parameters);
  const element = h('section', { class: 'execution' }, h('h1', {}, 'Execution'));
  let parts: Parts | undefined;
  const live = startLive(EVERY_MS, async (signal) => {
    try {
      const execution = await read<ExecutionDetails>('execution', { arn }, signal);
      if (!parts) {
        parts = makeParts(execution, place, () => live.refresh());
        element.replaceChildren(...parts.elements);
      }
      parts.show(execution);
      return execution.status === 'RUNNING';
    } catch (error) {
      if (!(error instanceof RefusedError && error.status === 404)) throw error;
      element.replaceChildren(h('h1', {}, 'Execution'), h('p', { role: 'status' }, error.message));
      return false;
    }
  });
  return {
    title: 'Execution',
    element,
    close() {
      live.stop();
      parts?.close();
    },
  };
}

interface Parts {
  readonly elements: readonly HTMLElement[];
  show(execution: ExecutionDetails): void;
  close(): void;
}

function makeParts(execution: ExecutionDetails, address: PlaceInAddress, reload: () => void): Parts {
  const { arn, definition, input, startMs } = execution;
  const { first } = address;
  const model = readDefinition(definition);
  const top = summary(execution, reload);
  /** Until somebody chooses a state, the one that tells most is shown, also while the execution goes on. */
  let isFollowing = first.state === undefined;
  let isRunning = true;

  const choose = (state: string, visit?: number): void => {
    graph.choose(state);
    whole.choose(state);
    panel.open(state, visit);
  };
  const pick = ({ state, visit }: { readonly state: string; readonly visit?: number }): void => {
    isFollowing = false;
    choose(state, visit);
  };
  const graph = openGraph(model, {
    onChoose: (state) => pick({ state }),
    hasProgress: true,
    isWhole: first.all !== undefined,
    onWhole: (isWhole) => address.change({ all: isWhole ? '1' : undefined }),
  });
  const panel = statePanel({
    executionArn: arn,
    startMs,
    definitionOf: (state) => model.definitions.get(state),
    onChoose: (state) => pick({ state }),
    tab: first.tab,
    onTab: (tab) => address.change({ tab }),
    onVisit(place, of) {
      const { state, visit } = place;
      if (!(isFollowing && isRunning)) address.change({ state, visit: of > 1 ? String(visit) : undefined });
      rows.choose(place);
      events.mark(place);
    },
  });
  const rows = stays(arn, {
    onChoose: pick,
    onEvents(place) {
      pick(place);
      panel.openEvents();
    },
  });
  const views = tabs(
    'The states',
    [
      { id: 'graph', label: 'Graph', panel: h('div', {}, graph.element) },
      { id: 'timeline', label: 'Timeline', panel: rows.timeline },
      { id: 'table', label: 'Table', panel: rows.table },
    ],
    { chosen: first.view ?? null, onChoose: (view) => address.change({ view }) },
  );
  const beside = h('div', { class: 'beside' }, views.element, panel.element);
  const events = eventTable({
    executionArn: arn,
    onChoose(place: VisitPlace) {
      pick(place);
      beside.scrollIntoView({ block: 'nearest' });
    },
  });
  const result = h('div');
  const logs = logsPanel(arn);
  const whole = definitionView(definition);
  const more = tabs(
    'Of the whole execution',
    [
      { id: 'events', label: 'Events', panel: h('div', {}, events.element) },
      {
        id: 'data',
        label: 'Input and output',
        panel: h('div', { class: 'halves' }, payload('Input of the execution', input), result),
      },
      { id: 'logs', label: 'Logs', panel: logs.element, isLong: true },
      { id: 'definition', label: 'Definition', panel: whole.element, isLong: true },
    ],
    {
      chosen: first.part ?? null,
      onChoose(part) {
        address.change({ part });
        if (part === 'logs') logs.refresh();
        if (part === 'definition') whole.shown();
      },
    },
  );
  let shownEvents = -1;

  return {
    elements: [h('div', { class: 'first-view' }, top.element, beside), more.element],
    show(now) {
      isRunning = now.status === 'RUNNING';
      if (now.events === shownEvents && isRunning) {
        if (views.chosen() !== 'graph') rows.refresh(); // what is under way takes longer
        return;
      }
      const isFirst = shownEvents === -1;
      shownEvents = now.events;
      top.show(now);
      replaceChildren(result, ...resultOf(now));
      graph.show(now);
      more.setCount('events', now.events);
      rows.refresh();
      events.refresh();
      if (!isRunning || more.chosen() === 'logs') logs.refresh();
      if (isFollowing) {
        if (now.focus) choose(now.focus.state, now.focus.visit);
      } else if (isFirst && first.state !== undefined) {
        choose(first.state, first.visit === undefined ? undefined : Number(first.visit));
      } else {
        panel.refresh();
      }
    },
    close() {
      top.close();
      graph.close();
    },
  };
}

function resultOf({ output, error, cause, status }: ExecutionDetails): HTMLElement[] {
  if (output !== undefined) return [payload('Output of the execution', output)];
  if (status === 'RUNNING') return [h('h3', {}, 'Output of the execution'), h('p', {}, 'It is still running.')];
  return [payload('Error of the execution', JSON.stringify({ error, cause }))];
}
