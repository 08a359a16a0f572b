import type { StayPage, StaySort, VisitPlace } from '../../shapes';
import { read } from '../api';
import { h, replaceChildren } from '../elements/element';
import { pager } from '../elements/pager';
import { showProblem } from '../elements/problem';
import { type Column, sortableHeader, type Sorting } from '../elements/sortable';
import { type StaysEvents, tableRow } from './table';
import { timelineRows } from './timeline';

const SIZE = 100;
const COLUMNS: readonly Column<StaySort>[] = [
  { text: 'Name', key: 'state' },
  { text: 'Type', key: 'type' },
  { text: 'Status', key: 'status' },
  { text: 'Resource', key: 'resource' },
  { text: 'Started after', key: 'entered' },
  { text: 'Duration', key: 'duration' },
  { text: 'Retries', key: 'retries' },
  { text: 'Events' },
];

export interface Stays {
  readonly timeline: HTMLElement;
  readonly table: HTMLElement;
  refresh(): void;
  choose(place: VisitPlace): void;
}

/** The stays of an execution twice: as bars over time, and as a table to sort. */
export function stays(arn: string, { onChoose, onEvents }: StaysEvents): Stays {
  const axis = h('div');
  const bars = h('ol', { class: 'stays', 'aria-label': 'Timeline of the states' });
  const body = h('tbody');
  let chosen: VisitPlace | undefined;
  const timeline = pageOf(arn, (page) => {
    const shown = timelineRows(page, onChoose);
    axis.replaceChildren(shown.axis);
    replaceChildren(bars, ...shown.rows);
    mark();
  });
  let sorting: Sorting<StaySort> = { sort: 'entered', order: 'ascending' };
  const table = pageOf(
    arn,
    (page) => {
      replaceChildren(body, ...page.rows.map((row) => tableRow(row, page, { onChoose, onEvents })));
      mark();
    },
    () => ({ ...sorting }),
  );
  const mark = (): void => {
    for (const root of [bars, body]) {
      for (const element of Array.from(root.querySelectorAll<HTMLElement>('[data-visit]'))) {
        const { state, visit } = element.dataset;
        const isChosen = state === chosen?.state && Number(visit) === chosen?.visit;
        if (element instanceof HTMLButtonElement) element.setAttribute('aria-pressed', String(isChosen));
        element.closest('tr')?.classList.toggle('chosen', isChosen);
      }
    }
  };

  const header = sortableHeader(COLUMNS, (next) => {
    sorting = next;
    header.show(sorting);
    table.first();
  });
  header.show(sorting);

  return {
    timeline: h('div', { class: 'timeline' }, axis, bars, timeline.pages),
    table: h(
      'div',
      {},
      h(
        'div',
        { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'Table of the states' },
        h(
          'table',
          { class: 'stay-table' },
          h('caption', { class: 'hidden' }, 'The states that were entered'),
          h('thead', {}, header.row),
          body,
        ),
      ),
      table.pages,
    ),
    refresh() {
      timeline.refresh();
      table.refresh();
    },
    choose(place) {
      chosen = place;
      mark();
    },
  };
}

/** A page of stays that can be turned. */
function pageOf(
  arn: string,
  show: (page: StayPage) => void,
  sorting: () => Readonly<Record<string, string>> = () => ({}),
) {
  let from = 0;
  let asked = 0;
  const load = async (): Promise<void> => {
    const question = (asked += 1);
    const page = await read<StayPage>('stays', { arn, from, size: SIZE, ...sorting() });
    if (question !== asked) return; // a later question was asked
    show(page);
    const { rows, total } = page;
    pages.show({ before: from, shown: rows.length, matching: total, total, hasNext: from + rows.length < total });
    pages.element.hidden = total <= SIZE;
  };
  const refresh = (): void => void load().catch(showProblem);
  const pages = pager({ what: 'states', previous: 'Earlier', next: 'Later' }, (step) => {
    from = Math.max(0, from + step * SIZE);
    refresh();
  });
  return {
    pages: pages.element,
    refresh,
    /** Goes back to the first page. */
    first() {
      from = 0;
      refresh();
    },
  };
}
