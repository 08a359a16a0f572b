import type { EventPage, EventRow, VisitPlace } from '../../shapes';
import { read } from '../api';
import { h, replaceChildren } from '../elements/element';
import { pager } from '../elements/pager';
import { facts, searchField } from '../elements/parts';
import { payload } from '../elements/payload';
import { showProblem } from '../elements/problem';
import { clock, duration } from '../elements/words';

const SIZE = 100;

export interface EventTable {
  readonly element: HTMLElement;
  refresh(): void;
  /** Shows the events of one stay only. */
  narrow(place: VisitPlace): void;
  /** Marks the events of one stay. */
  mark(place: VisitPlace): void;
}

export interface EventTableOptions {
  readonly executionArn: string;
  /** Whether it is narrowed to one stay: then it has no search and names no state. @default false */
  readonly isOfOneStay?: boolean;
  readonly onChoose?: (place: VisitPlace) => void;
}

/** The events of one execution, a page at a time, with a search. */
export function eventTable({ executionArn, isOfOneStay = false, onChoose }: EventTableOptions): EventTable {
  const columns = isOfOneStay ? ['Id', 'Type', 'Time', 'Details'] : ['Id', 'Type', 'State', 'After', 'Time', 'Details'];
  const body = h('tbody');
  /** Ids of the events whose details are open. */
  const open = new Set<number>();
  let place: VisitPlace | undefined;
  let marked: VisitPlace | undefined;
  let search = '';
  let from = 0;
  let asked = 0;
  let firstMs: number | undefined;

  const load = async (): Promise<void> => {
    if (isOfOneStay && !place) return;
    const question = (asked += 1);
    const page = await read<EventPage>('events', { arn: executionArn, search, from, size: SIZE, ...place });
    if (question !== asked) return; // a later question was asked
    firstMs ??= page.rows[0]?.timestampMs;
    const shown = { firstMs: firstMs ?? 0, open, columns: columns.length, isOfOneStay, onChoose };
    replaceChildren(body, ...page.rows.flatMap((event) => rows(event, shown)));
    pages.show({ ...page, shown: page.rows.length, hasNext: from + page.rows.length < page.matching });
    pages.element.hidden = isOfOneStay && page.matching <= SIZE;
    showMark();
  };
  const showMark = (): void => {
    for (const row of Array.from(body.querySelectorAll<HTMLElement>('tr[data-of]'))) {
      row.classList.toggle('chosen', marked !== undefined && row.dataset['of'] === keyOf(marked));
    }
  };
  const refresh = (): void => void load().catch(showProblem);
  const pages = pager({ what: 'events', previous: 'Earlier', next: 'Later' }, (step) => {
    from = Math.max(0, from + step * SIZE);
    refresh();
  });
  const filters = h(
    'div',
    { class: 'filters' },
    searchField('event-search', 'Search in types, states and details', '', (text) => {
      search = text;
      from = 0;
      refresh();
    }),
  );
  const label = isOfOneStay ? 'Events of the state' : 'Events';
  return {
    element: h(
      'div',
      {},
      !isOfOneStay && filters,
      h(
        'div',
        { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': label },
        h(
          'table',
          { class: 'events' },
          h('caption', { class: 'hidden' }, `${label}, in the order in which they happened`),
          h('thead', {}, h('tr', {}, ...columns.map((name) => h('th', { scope: 'col' }, name)))),
          body,
        ),
      ),
      pages.element,
    ),
    refresh,
    narrow(next) {
      if (place?.state !== next.state || place.visit !== next.visit) from = 0;
      place = next;
      refresh();
    },
    mark(next) {
      marked = next;
      showMark();
    },
  };
}

const keyOf = ({ state, visit }: VisitPlace): string => `${visit} ${state}`;

interface Shown {
  readonly firstMs: number;
  readonly open: Set<number>;
  readonly columns: number;
  readonly isOfOneStay: boolean;
  readonly onChoose: ((place: VisitPlace) => void) | undefined;
}

function rows(event: EventRow, { firstMs, open, columns, isOfOneStay, onChoose }: Shown): HTMLElement[] {
  const { id, type, state, visit = 0, previousEventId, timestampMs, details } = event;
  const more = h('tr', { id: `event-${id}${isOfOneStay ? '-of-stay' : ''}`, class: 'more' });
  const button = h(
    'button',
    { type: 'button', 'aria-controls': more.id, 'aria-label': `Details of event ${id}`, click: () => toggle() },
    'Details',
  );
  const show = (): void => {
    const isOpen = open.has(id);
    button.setAttribute('aria-expanded', String(isOpen));
    more.hidden = !isOpen;
    if (details) more.replaceChildren(h('td', { colspan: columns }, ...detailParts(id, details)));
  };
  const toggle = (): void => {
    if (!open.delete(id)) open.add(id);
    show();
  };
  show();
  const place = state === undefined ? undefined : { state, visit };
  const chooser = place && h('button', { type: 'button', class: 'link', click: () => onChoose?.(place) }, place.state);
  return [
    h(
      'tr',
      place ? { 'data-of': keyOf(place) } : {},
      h('th', { scope: 'row' }, id),
      h('td', {}, type),
      ...(isOfOneStay
        ? []
        : [h('td', {}, chooser), h('td', { class: 'number' }, previousEventId === 0 ? '' : previousEventId)]),
      h('td', { class: 'number', title: clock(timestampMs) }, `+${duration(timestampMs - firstMs)}`),
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
    ...long.map(([name, value]) =>
      payload(`${name} of event ${id}`, typeof value === 'string' ? value : JSON.stringify(value)),
    ),
  ];
}

function isLong(name: string, value: unknown): boolean {
  return typeof value === 'object' || ['input', 'output', 'parameters', 'cause'].includes(name);
}
