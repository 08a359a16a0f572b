import type { CounterRow, CounterSort, OutcomeKind } from '../../shapes';
import { h, replaceChildren, setChildren, setText, svg } from '../elements/element';
import { icon } from '../elements/icons';
import { KINDS } from '../executions/kind-totals';
import { executionLink, executionsLink } from '../links';
import { badge } from '../elements/parts';
import { cardTable, type Column, sortableHeader, type SortableHeader, type Sorting } from '../elements/sortable';
import { showTime, timeElement } from '../elements/time';
import { count, OUTCOME_WORDS } from '../elements/words';

const COLUMNS: readonly Column<CounterSort>[] = [
  { text: 'Counter id', key: 'id' },
  { text: 'Store', key: 'store' },
  { text: 'Value', key: 'value', first: 'descending', class: 'number' },
  { text: 'Limit', key: 'max', first: 'descending' },
  { text: 'Left', key: 'remaining', class: 'number' },
  { text: 'Outcomes', key: 'unknown', first: 'descending' },
  { text: 'Last change', key: 'changed', first: 'descending' },
  { text: 'In its store', class: 'actions' },
];

/** How a read of it ended. */
export interface ReadResult {
  readonly kind: OutcomeKind;
  readonly outcome?: string | undefined;
  readonly executionArn?: string | undefined;
}

/** What is asked of one counter; absent where counters can't be read. */
export interface CounterActions {
  read(row: CounterRow): Promise<void>;
  /** Reads it each second, or no longer. */
  setWatched(row: CounterRow, isWatched: boolean): void;
}

export interface CounterTable extends Pick<SortableHeader<CounterSort>, 'choice'> {
  readonly element: HTMLElement;
  showSorting(sorting: Sorting<CounterSort>): void;
  show(rows: readonly CounterRow[]): void;
  showRead(row: Pick<CounterRow, 'store' | 'id'>, result: ReadResult): void;
}

export const counterKey = ({ store, id }: Pick<CounterRow, 'store' | 'id'>): string => JSON.stringify([store, id]);

/** The counters; a row stays the same element as long as it is shown. */
export function counterTable(
  onSort: (sorting: Sorting<CounterSort>) => void,
  actions: CounterActions | undefined,
): CounterTable {
  const body = h('tbody');
  const known = new Map<string, TableRow>();
  const empty = h('p', { class: 'empty', hidden: true }, 'No execution in memory tells of such a counter.');
  const header = sortableHeader(actions ? COLUMNS : COLUMNS.slice(0, -1), onSort);
  return {
    choice: header.choice,
    element: cardTable('Counters', header, body, empty),
    showSorting: (sorting) => header.show(sorting),
    show(rows) {
      const keys = new Set(rows.map(counterKey));
      for (const [key, row] of known) {
        if (keys.has(key)) continue;
        row.leave();
        known.delete(key);
      }
      const elements = rows.map((row) => {
        const key = counterKey(row);
        const there = known.get(key) ?? tableRow(row, actions);
        known.set(key, there);
        there.show(row);
        return there.element;
      });
      setChildren(body, elements);
      empty.hidden = rows.length > 0;
    },
    showRead: (row, result) => known.get(counterKey(row))?.showRead(result),
  };
}

interface TableRow {
  readonly element: HTMLTableRowElement;
  show(row: CounterRow): void;
  showRead(result: ReadResult): void;
  /** It is no longer shown. */
  leave(): void;
}

function tableRow(first: CounterRow, actions: CounterActions | undefined): TableRow {
  const { store, id } = first;
  const value = h('td', { class: 'number value' });
  const limit = h('td', { class: 'limit' });
  const left = h('td', { class: 'number left' });
  const outcomes = h('td', { class: 'kinds' });
  const changedAt = timeElement();
  const changed = h('td', { class: 'number changed' });
  const problem = h('span', { class: 'problem-note' });
  const watch = h(
    'button',
    { type: 'button', 'aria-pressed': 'false', 'aria-label': `Watch ${store}/${id}`, click: () => toggleWatch() },
    'Watch',
  );
  const read = h(
    'button',
    { type: 'button', 'aria-label': `Read ${store}/${id}`, click: () => void actions?.read(first) },
    'Read',
  );
  const toggleWatch = (): void => {
    const isWatched = watch.getAttribute('aria-pressed') === 'false';
    watch.setAttribute('aria-pressed', String(isWatched));
    actions?.setWatched(first, isWatched);
  };
  const link = h('a', { href: executionsLink({ store, id }), title: `Executions of ${store}/${id}` }, id);
  const element = h(
    'tr',
    {},
    h('th', { scope: 'row', class: 'name id' }, link),
    h('td', { class: 'store' }, store),
    value,
    limit,
    left,
    outcomes,
    changed,
    actions && h('td', { class: 'actions' }, read, ' ', watch, ' ', problem),
  );
  let shown = '';
  return {
    element,
    show(row) {
      if (row.changedMs !== undefined) {
        showTime(changedAt, row.changedMs);
        if (changed.firstChild !== changedAt) changed.replaceChildren(changedAt);
      }
      const text = JSON.stringify(row);
      if (text === shown) return;
      shown = text;
      element.dataset['kind'] = row.kinds.unknown === undefined ? '' : 'unknown';
      replaceChildren(value, ...valueParts(row));
      limit.replaceChildren(...limitParts(row));
      left.classList.toggle('none', row.remaining === undefined);
      setText(left, row.remaining === undefined ? '–' : count(row.remaining));
      replaceChildren(outcomes, ...kindLinks(row));
    },
    showRead({ kind, outcome = '', executionArn }) {
      if (kind === 'done') return problem.replaceChildren();
      const words = OUTCOME_WORDS[kind];
      const sign = badge({ ...words, text: 'Not read' });
      const reason = h('span', {}, ' ', outcome);
      replaceChildren(problem, sign, executionArn === undefined ? reason : reasonLink(executionArn, outcome));
    },
    leave() {
      if (watch.getAttribute('aria-pressed') === 'true') toggleWatch();
    },
  };
}

const reasonLink = (arn: string, outcome: string): HTMLElement => h('a', { href: executionLink(arn) }, outcome);

function valueParts({ value, told, trend, kinds }: CounterRow): Node[] {
  if (!value) return [h('span', { class: 'quiet' }, 'not told')];
  const from = value.isRead ? 'Read from the store' : 'Told by an execution';
  const parts: Node[] = [
    sparkline(trend),
    h('a', { href: executionLink(value.arn), class: 'big', title: `${from}; open it` }, count(value.value)),
  ];
  if (told === undefined) return parts;
  const unknown = kinds.unknown ?? 0;
  const why = unknown > 0 ? `; ${count(unknown)} unknown may explain it` : '';
  return [
    ...parts,
    h('span', { class: 'differs refused' }, icon('exclamation'), `Differs: executions told ${count(told)}${why}`),
  ];
}

function limitParts({ max, value }: CounterRow): Node[] {
  if (max === undefined) return [h('span', { class: 'quiet' }, 'none told')];
  const text = h('span', {}, count(max));
  if (!value) return [text];
  return [
    h('meter', { min: 0, max, value: Math.min(value.value, max), 'aria-label': `${value.value} of ${max}` }),
    text,
  ];
}

/** The number of each kind, which leads to those executions. */
function kindLinks({ store, id, kinds }: CounterRow): Node[] {
  return KINDS.flatMap((kind) => {
    const some = kinds[kind];
    if (some === undefined) return [];
    const { icon: sign, text, look } = OUTCOME_WORDS[kind];
    const name = `${count(some)} ${text}: executions of ${store}/${id}`;
    const href = executionsLink({ store, id, kind });
    return [h('a', { href, class: `badge ${look}`, 'aria-label': name, title: name }, icon(sign), count(some))];
  });
}

const SPARK = { width: 64, height: 18 } as const;

/** The latest values as a line. */
function sparkline(trend: readonly number[]): SVGElement {
  const { width, height } = SPARK;
  const [least, most] = [Math.min(...trend), Math.max(...trend)];
  const points = trend.map((value, index) => {
    const x = 2 + (index / Math.max(1, trend.length - 1)) * (width - 4);
    const y = height - 3 - ((value - least) / Math.max(1, most - least)) * (height - 6);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return svg(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, class: 'spark', 'aria-hidden': 'true' },
    trend.length > 1 && svg('path', { d: `M${points.join('L')}` }),
  );
}
