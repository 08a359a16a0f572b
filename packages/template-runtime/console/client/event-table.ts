import type { EventPage, EventRow } from '../shapes';
import { read } from './api';
import { h, replaceChildren } from './element';
import { pager } from './pager';
import { facts, jsonBox, searchField } from './parts';
import { showProblem } from './problem';
import { duration } from './words';

const SIZE = 100;
const COLUMNS = ['Id', 'Type', 'State', 'After', 'Time', 'Details'];

export interface EventTable {
  readonly element: HTMLElement;
  refresh(): void;
}

/** The events of one execution, a page at a time, with a search. */
export function eventTable(executionArn: string): EventTable {
  const body = h('tbody');
  /** Ids of the events whose details are open. */
  const open = new Set<number>();
  let search = '';
  let from = 0;
  let asked = 0;
  let firstMs: number | undefined;

  const load = async (): Promise<void> => {
    const question = (asked += 1);
    const page = await read<EventPage>('events', { arn: executionArn, search, from, size: SIZE });
    if (question !== asked) return; // a later question was asked
    firstMs ??= page.rows[0]?.timestampMs;
    replaceChildren(body, ...page.rows.flatMap((event) => rows(event, firstMs ?? event.timestampMs, open)));
    pages.show({ ...page, shown: page.rows.length, hasNext: from + page.rows.length < page.matching });
  };
  const refresh = (): void => void load().catch(showProblem);
  const pages = pager({ what: 'events', previous: 'Earlier', next: 'Later' }, (step) => {
    from = Math.max(0, from + step * SIZE);
    refresh();
  });
  return {
    element: h(
      'div',
      {},
      h(
        'div',
        { class: 'filters' },
        searchField('event-search', 'Search in types, states and details', '', (text) => {
          search = text;
          from = 0;
          refresh();
        }),
      ),
      h(
        'div',
        { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'Events' },
        h(
          'table',
          { class: 'events' },
          h('caption', { class: 'hidden' }, 'Events, in the order in which they happened'),
          h('thead', {}, h('tr', {}, ...COLUMNS.map((name) => h('th', { scope: 'col' }, name)))),
          body,
        ),
      ),
      pages.element,
    ),
    refresh,
  };
}

function rows(event: EventRow, firstMs: number, open: Set<number>): HTMLElement[] {
  const { id, type, state, previousEventId, timestampMs, details } = event;
  const more = h('tr', { id: `event-${id}`, class: 'more' });
  const button = h(
    'button',
    { type: 'button', 'aria-controls': `event-${id}`, 'aria-label': `Details of event ${id}`, click: () => toggle() },
    'Details',
  );
  const show = (): void => {
    const isOpen = open.has(id);
    button.setAttribute('aria-expanded', String(isOpen));
    more.hidden = !isOpen;
    if (isOpen && details) {
      more.replaceChildren(h('td', { colspan: COLUMNS.length }, ...detailParts(id, details)));
    }
  };
  const toggle = (): void => {
    if (!open.delete(id)) open.add(id);
    show();
  };
  show();
  return [
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, id),
      h('td', {}, type),
      h('td', {}, state ?? ''),
      h('td', { class: 'number' }, previousEventId === 0 ? '' : previousEventId),
      h('td', { class: 'number' }, `+${duration(timestampMs - firstMs)}`),
      h('td', {}, details !== undefined && button),
    ),
    more,
  ];
}

/** Payloads as boxes, the rest as pairs. */
function detailParts(id: number, details: Readonly<Record<string, unknown>>): Node[] {
  const shown = Object.entries(details).filter(([name]) => !name.endsWith('Details'));
  const short = shown
    .filter(([name, value]) => !isLong(name, value))
    .map(([name, value]) => [name, String(value)] as const);
  const long = shown.filter(([name, value]) => isLong(name, value));
  return [
    ...(short.length === 0 ? [] : [facts(...short)]),
    ...long.flatMap(([name, value]) => [
      h('p', { class: 'label' }, name),
      jsonBox(`${name} of event ${id}`, typeof value === 'string' ? value : JSON.stringify(value)),
    ]),
  ];
}

function isLong(name: string, value: unknown): boolean {
  return typeof value === 'object' || ['input', 'output', 'parameters', 'cause'].includes(name);
}
