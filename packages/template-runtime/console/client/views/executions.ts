import { EXECUTION_SORTS, type ExecutionPage, type ExecutionSort, type MachineRow } from '../../shapes';
import { changingRead, read, RefusedError } from '../api';
import { h, setText } from '../elements/element';
import { executionTable } from '../executions/execution-table';
import { icon } from '../elements/icons';
import { kindTotals } from '../executions/kind-totals';
import { executionsLink } from '../links';
import { startLive } from '../elements/live';
import { choice, offer, optionElements, searchField } from '../elements/parts';
import { pager } from '../elements/pager';
import { sortingOf } from '../elements/sortable';
import { rangeParameters, timeRangeFields } from '../executions/time-range';
import type { View } from '../view';
import { EXECUTION_WORDS } from '../elements/words';

const EVERY_MS = 1000;
const SIZE = 50;
const FIRST = { sort: 'started', order: 'descending' } as const;

/** Fields of the address that narrow the list. */
const NARROWING = ['search', 'machine', 'status', 'kind', 'outcome', 'store', 'id', 'last', 'since', 'until'] as const;
type Narrowing = Partial<Record<(typeof NARROWING)[number], string>>;

/** The list of executions: live on its first page, where new ones come in at the top. */
export function openExecutions(parameters: URLSearchParams): View {
  let filter: Narrowing = {};
  for (const name of NARROWING) filter[name] = parameters.get(name) ?? '';
  let sorting = sortingOf<ExecutionSort>(parameters, EXECUTION_SORTS, FIRST);
  /** ARNs that the pages up to this one begin with; the first page begins with the first, whichever it is. */
  let pages: (string | undefined)[] = [undefined];
  let latest: ExecutionPage | undefined;

  const changed = (): void => {
    pages = [undefined];
    const isFirst = sorting.sort === FIRST.sort && sorting.order === FIRST.order;
    history.replaceState(null, '', executionsLink({ ...filter, ...(isFirst ? {} : sorting) }));
    showFields();
    live.refresh();
  };
  const narrow = (change: Narrowing): void => {
    filter = { ...filter, ...change };
    changed();
  };
  const all = (text: string): readonly [string, string] => ['', text];
  const statuses = Object.entries(EXECUTION_WORDS).map(([status, { text }]) => [status, text] as const);
  const search = searchField('search', 'Search in inputs, outputs and errors', filter.search ?? '', (text) =>
    narrow({ search: text }),
  );
  const store = choice('store', 'Store', [all('All')], (value) => narrow({ store: value }));
  const outcome = choice('outcome', 'Outcome’s own word', [all('All')], (value) => narrow({ outcome: value }));
  const status = choice('status', 'Status', [all('All'), ...statuses], (value) => narrow({ status: value }));
  const machines = choice('machine', 'State machine', [all('All')], (machine) => narrow({ machine }));
  const range = timeRangeFields((times) => narrow(times));
  const counter = h('button', { type: 'button', class: 'chip', click: () => narrow({ id: '' }) });
  const clear = h('button', { type: 'button', click: () => clearAll() }, 'Clear filters');
  /** Where they would fill the screen, the fields wait to be asked for. */
  const more = h('button', { type: 'button', class: 'more-filters', 'aria-expanded': 'false', click: () => unfold() });
  const unfold = (): void => {
    const isOpen = form.classList.toggle('open');
    more.setAttribute('aria-expanded', String(isOpen));
  };
  const totals = kindTotals((kind) => narrow({ kind }));
  const clearAll = (): void => {
    filter = {};
    const input = search.querySelector('input');
    if (input) {
      input.value = '';
      input.focus(); // the button is about to go
    }
    changed();
  };
  const showFields = (): void => {
    status.select.value = filter.status ?? '';
    machines.select.value = filter.machine ?? '';
    range.show(filter);
    table.showSorting(sorting);
    counter.hidden = (filter.id ?? '') === '';
    counter.replaceChildren(`Counter id ${filter.id ?? ''}`, icon('cross'), h('span', { class: 'hidden' }, 'Remove'));
    const narrowed = Object.values(filter).filter((value) => value !== '').length;
    setText(more, narrowed === 0 ? 'Filters' : `Filters: ${narrowed} set`);
    clear.hidden = Object.values(filter).every((value) => value === '');
    totals.show(latest?.kinds ?? {}, filter.kind);
  };

  const table = executionTable((chosen) => {
    sorting = chosen;
    changed();
  });
  const turning = pager({ what: 'executions', previous: 'Previous', next: 'Next' }, (step) => {
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

  const ask = changingRead<ExecutionPage>('executions');
  const live = startLive(EVERY_MS, async (signal) => {
    const { last, since, until, ...rest } = filter;
    const times = rangeParameters({ last, since, until });
    try {
      const page = await ask({ ...rest, ...times, ...sorting, from: pages.at(-1), size: SIZE }, signal);
      if (page) show(page);
      else table.tick();
    } catch (error) {
      if (!(error instanceof RefusedError && error.status === 410)) throw error;
      pages = [undefined]; // the executions of that page have dropped off
      live.refresh();
    }
  });
  const show = (page: ExecutionPage): void => {
    latest = page;
    table.show(page.rows);
    turning.show({ ...page, shown: page.rows.length, hasNext: page.next !== undefined });
    totals.show(page.kinds, filter.kind);
    offer(outcome.select, page.choices.outcome, filter.outcome);
    offer(store.select, page.choices.store, filter.store);
  };
  void read<MachineRow[]>('machines').then((list) => {
    machines.select.replaceChildren(
      ...optionElements([all('All'), ...list.map(({ arn, name }) => [arn, name] as const)]),
    );
    machines.select.value = filter.machine ?? '';
  });
  const form = h(
    'form',
    { class: 'filters foldable', 'aria-label': 'Filter the executions', submit: (event) => event.preventDefault() },
    search,
    more,
    store.element,
    ...range.elements,
    outcome.element,
    status.element,
    machines.element,
    table.choice,
    counter,
    clear,
  );
  showFields();

  return {
    title: 'Executions',
    element: h(
      'section',
      {},
      h('div', { class: 'heading' }, h('h1', {}, 'Executions'), pause),
      totals.element,
      form,
      table.element,
      turning.element,
    ),
    close: () => live.stop(),
  };
}
