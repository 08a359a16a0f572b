import type { ExecutionFilter, ExecutionPage, ExecutionRow, MachineRow } from '../../shapes';
import { queryOf, read, RefusedError } from '../api';
import { h, setChildren, setText } from '../element';
import { executionLink, executionsLink } from '../links';
import { startLive } from '../live';
import { badge, choice, optionElements, searchField } from '../parts';
import { pager } from '../pager';
import type { View } from '../view';
import { clock, duration, EXECUTION_WORDS } from '../words';

const EVERY_MS = 1000;
const SIZE = 50;

/** The list of executions: live on its first page, where new ones come in at the top. */
export function openExecutions(parameters: URLSearchParams): View {
  let filter: ExecutionFilter = Object.fromEntries(parameters);
  /** ARNs that the pages up to this one begin with; the first page begins with the latest, whichever it is. */
  let pages: (string | undefined)[] = [undefined];
  let latest: ExecutionPage | undefined;
  let lastText = '';

  const narrow = (change: Record<string, string>): void => {
    filter = { ...filter, ...change };
    pages = [undefined];
    history.replaceState(null, '', executionsLink({ ...filter }));
    live.refresh();
  };
  const all = (text: string): readonly [string, string] => ['', text];
  const machines = choice('machine', 'State machine', [all('All')], (machine) => narrow({ machine }));
  const statuses = Object.entries(EXECUTION_WORDS).map(([status, { text }]) => [status, text] as const);
  const status = choice('status', 'Status', [all('All'), ...statuses], (value) => narrow({ status: value }));
  const outcome = choice('outcome', 'Outcome', [all('All')], (value) => narrow({ outcome: value }));
  const store = choice('store', 'Store', [all('All')], (value) => narrow({ store: value }));
  status.select.value = filter.status ?? '';

  const rows = executionRows();
  const pages_ = pager({ what: 'executions', previous: 'Newer', next: 'Older' }, (step) => {
    if (step === -1) pages.pop();
    else if (latest?.next !== undefined) pages.push(latest.next);
    live.refresh();
  });
  const pause = h('button', { type: 'button', 'aria-pressed': 'false', click: () => setPaused() }, 'Pause');
  const setPaused = (): void => {
    const isPaused = pause.getAttribute('aria-pressed') === 'false';
    pause.setAttribute('aria-pressed', String(isPaused));
    live.setPaused(isPaused);
  };

  const live = startLive(EVERY_MS, async (signal) => {
    const page = await loadPage(filter, pages.at(-1), signal);
    if (!page) {
      pages = [undefined]; // the executions of that page have dropped off
      return live.refresh();
    }
    const text = JSON.stringify(page);
    const hasRunning = page.rows.some((row) => row.status === 'RUNNING');
    if (text === lastText && !hasRunning) return;
    lastText = text;
    latest = page;
    rows.show(page.rows);
    pages_.show({ ...page, shown: page.rows.length, hasNext: page.next !== undefined });
    offer(outcome.select, page.choices.outcome, filter.outcome);
    offer(store.select, page.choices.store, filter.store);
  });
  void read<MachineRow[]>('machines').then((list) => {
    machines.select.replaceChildren(
      ...optionElements([all('All'), ...list.map(({ arn, name }) => [arn, name] as const)]),
    );
    machines.select.value = filter.machine ?? '';
  });

  const fields = [machines, status, outcome, store].map(({ element }) => element);
  return {
    title: 'Executions',
    element: h(
      'section',
      {},
      h('div', { class: 'heading' }, h('h1', {}, 'Executions'), pause),
      h(
        'form',
        { class: 'filters', 'aria-label': 'Filter the executions', submit: (event) => event.preventDefault() },
        searchField('search', 'Search in inputs, outputs and errors', filter.search ?? '', (search) =>
          narrow({ search }),
        ),
        ...fields,
      ),
      rows.element,
      pages_.element,
    ),
    close: () => live.stop(),
  };
}

/** @returns undefined where the page's first execution is no longer kept */
async function loadPage(
  filter: ExecutionFilter,
  from: string | undefined,
  signal: AbortSignal,
): Promise<ExecutionPage | undefined> {
  try {
    return await read<ExecutionPage>('executions', { ...filter, from, size: SIZE }, signal);
  } catch (error) {
    if (error instanceof RefusedError && error.status === 410) return undefined;
    throw error;
  }
}

/** Offers the values that occur, and the chosen one even where it doesn't. */
function offer(select: HTMLSelectElement, values: readonly string[], chosen = ''): void {
  const offered = Array.from(new Set(['', ...values, chosen]));
  const key = queryOf(Object.fromEntries(offered.entries()));
  if (select.dataset['offered'] !== key) {
    select.dataset['offered'] = key;
    select.replaceChildren(...optionElements(offered.map((value) => [value, value === '' ? 'All' : value])));
  }
  select.value = chosen;
}

const COLUMNS = ['Execution', 'State machine', 'Status', 'Outcome', 'Store', 'Counter id', 'Duration', 'Started'];

/** The table; a row stays the same element as long as it is shown. */
function executionRows(): { readonly element: HTMLElement; show(rows: readonly ExecutionRow[]): void } {
  const body = h('tbody');
  const known = new Map<string, TableRow>();
  const empty = h('p', { class: 'empty', hidden: true }, 'No execution matches.');
  return {
    element: h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': 'Executions' },
      h(
        'table',
        {},
        h('caption', { class: 'hidden' }, 'Executions, the latest first'),
        h('thead', {}, h('tr', {}, ...COLUMNS.map((name) => h('th', { scope: 'col' }, name)))),
        body,
      ),
      empty,
    ),
    show(rows) {
      const shown = rows.map((row) => {
        const there = known.get(row.arn) ?? tableRow(row);
        known.set(row.arn, there);
        there.show(row);
        return there.element;
      });
      const arns = new Set(rows.map(({ arn }) => arn));
      for (const arn of known.keys()) if (!arns.has(arn)) known.delete(arn);
      setChildren(body, shown);
      empty.hidden = rows.length > 0;
    },
  };
}

interface TableRow {
  readonly element: HTMLTableRowElement;
  show(row: ExecutionRow): void;
}

function tableRow({ arn, name, machine, store = '–', counterId = '–', startMs }: ExecutionRow): TableRow {
  const status = h('td');
  const outcome = h('td');
  const took = h('td', { class: 'number' });
  let shown: ExecutionRow['status'] | undefined;
  return {
    element: h(
      'tr',
      {},
      h('th', { scope: 'row', class: 'name' }, h('a', { href: executionLink(arn), title: name }, name)),
      h('td', { class: 'machine', title: machine }, machine),
      status,
      outcome,
      h('td', {}, store),
      h('td', { class: 'id', title: counterId }, counterId),
      took,
      h('td', { class: 'number' }, clock(startMs)),
    ),
    show(row) {
      if (row.status !== shown) status.replaceChildren(badge(EXECUTION_WORDS[row.status]));
      shown = row.status;
      setText(outcome, row.outcome ?? '–');
      setText(took, duration(row.durationMs ?? Date.now() - row.startMs));
    },
  };
}
