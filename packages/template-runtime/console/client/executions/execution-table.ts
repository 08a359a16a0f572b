import type { ExecutionRow, ExecutionSort } from '../../shapes';
import { h, setChildren, setText } from '../elements/element';
import { executionLink } from '../links';
import { badge } from '../elements/parts';
import { cardTable, type Column, sortableHeader, type SortableHeader, type Sorting } from '../elements/sortable';
import { showTime, timeElement } from '../elements/time';
import { count, duration, EXECUTION_WORDS, OUTCOME_WORDS } from '../elements/words';

const COLUMNS: readonly Column<ExecutionSort>[] = [
  { text: 'Execution', key: 'name' },
  { text: 'Outcome', key: 'kind' },
  { text: 'Status', key: 'status' },
  { text: 'Store', key: 'store' },
  { text: 'Counter id', key: 'id' },
  { text: 'Value', key: 'counter', first: 'descending', class: 'number' },
  { text: 'Duration', key: 'duration', first: 'descending', class: 'number' },
  { text: 'Started', key: 'started', first: 'descending' },
  { text: 'State machine', key: 'machine' },
];

export interface ExecutionTable extends Pick<SortableHeader<ExecutionSort>, 'choice'> {
  readonly element: HTMLElement;
  showSorting(sorting: Sorting<ExecutionSort>): void;
  show(rows: readonly ExecutionRow[]): void;
  /** Counts on for those that run. */
  tick(): void;
}

/** The table; a row stays the same element as long as it is shown. */
export function executionTable(onSort: (sorting: Sorting<ExecutionSort>) => void): ExecutionTable {
  const body = h('tbody');
  const known = new Map<string, TableRow>();
  const empty = h('p', { class: 'empty', hidden: true }, 'No execution matches.');
  const header = sortableHeader(COLUMNS, onSort);
  let shown: readonly ExecutionRow[] = [];
  return {
    choice: header.choice,
    element: cardTable('Executions', header, body, empty),
    showSorting: (sorting) => header.show(sorting),
    show(rows) {
      shown = rows;
      const elements = rows.map((row) => {
        const there = known.get(row.arn) ?? tableRow(row);
        known.set(row.arn, there);
        there.show(row);
        return there.element;
      });
      const arns = new Set(rows.map(({ arn }) => arn));
      for (const arn of known.keys()) if (!arns.has(arn)) known.delete(arn);
      setChildren(body, elements);
      empty.hidden = rows.length > 0;
    },
    tick() {
      for (const row of shown) if (row.kind === 'running') known.get(row.arn)?.show(row);
    },
  };
}

interface TableRow {
  readonly element: HTMLTableRowElement;
  show(row: ExecutionRow): void;
}

function tableRow({ arn, name, machine, store = '–', counterId = '–', startMs }: ExecutionRow): TableRow {
  const outcome = h('td', { class: 'outcome' });
  const status = h('td', { class: 'status' });
  const value = h('td', { class: 'number value' });
  const took = h('td', { class: 'number took' });
  const started = timeElement(startMs);
  let shown = '';
  const element = h(
    'tr',
    {},
    h('th', { scope: 'row', class: 'name' }, h('a', { href: executionLink(arn), title: name }, name)),
    outcome,
    status,
    h('td', { class: 'store' }, store),
    h('td', { class: 'id', title: counterId }, counterId),
    value,
    took,
    h('td', { class: 'number started' }, started),
    h('td', { class: 'machine', title: machine }, machine),
  );
  return {
    element,
    show(row) {
      setText(took, duration(row.durationMs ?? Math.max(0, Date.now() - row.startMs)));
      showTime(started, startMs);
      if (row.status === shown) return;
      shown = row.status;
      element.dataset['kind'] = row.kind;
      outcome.replaceChildren(...outcomeParts(row));
      setText(status, EXECUTION_WORDS[row.status].text);
      value.replaceChildren(...valueParts(row));
    },
  };
}

/** What it means, and the machine's own word for it where that is another. */
function outcomeParts({ kind, outcome }: ExecutionRow): (Node | string)[] {
  const words = OUTCOME_WORDS[kind];
  const isSame = outcome?.replaceAll('-', ' ') === words.text.toLowerCase();
  const own = outcome === undefined || isSame ? [] : [' ', h('span', { class: 'word' }, outcome)];
  return [badge(words), ...own];
}

/** The counter's value with its limit, and a step that isn't one. */
function valueParts({ counter, max, remaining, by }: ExecutionRow): Node[] {
  if (counter === undefined && max === undefined) return [h('span', { class: 'quiet' }, '–')];
  const step = by !== undefined && by !== 1 && h('span', { class: 'quiet' }, `+${count(by)} `);
  const limit = max !== undefined && h('span', { class: 'quiet' }, ` / ${count(max)}`);
  const title = remaining === undefined ? undefined : `${count(remaining)} left up to the limit`;
  return [h('span', { title }, step, counter === undefined ? '–' : count(counter), limit)];
}
