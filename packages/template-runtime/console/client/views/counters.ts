import {
  COUNTER_SORTS,
  type CounterPage,
  type CounterRow,
  type CounterSort,
  type ReadAnswer,
  type SystemAnswer,
} from '../../shapes';
import { changingRead, RefusedError, send } from '../api';
import { counterKey, counterTable, type ReadResult } from '../counters/counter-table';
import { h, setText } from '../elements/element';
import { countersLink } from '../links';
import { startLive } from '../elements/live';
import { choice, offer, searchField } from '../elements/parts';
import { pager } from '../elements/pager';
import { showProblem } from '../elements/problem';
import { sortingOf } from '../elements/sortable';
import { system } from '../system';
import type { View } from '../view';
import { count } from '../elements/words';

const EVERY_MS = 1000;
const SIZE = 50;
const FIRST = { sort: 'store', order: 'ascending' } as const;

/** The counters that executions tell of, live; each can be read in its store. */
export function openCounters(parameters: URLSearchParams): View {
  const element = h('section', {}, h('h1', {}, 'Counters'));
  let close = (): void => undefined;
  let isClosed = false;
  system()
    .then((offers) => {
      if (isClosed) return;
      const counters = counterList(parameters, offers);
      close = counters.close;
      element.replaceChildren(...counters.elements);
    })
    .catch(showProblem);
  return {
    title: 'Counters',
    element,
    close() {
      isClosed = true;
      close();
    },
  };
}

function counterList(
  parameters: URLSearchParams,
  offers: SystemAnswer,
): { readonly elements: readonly HTMLElement[]; close(): void } {
  let store = parameters.get('store') ?? '';
  let search = parameters.get('search') ?? '';
  let sorting = sortingOf<CounterSort>(parameters, COUNTER_SORTS, FIRST);
  let from = 0;
  const changed = (): void => {
    from = 0;
    const isFirst = sorting.sort === FIRST.sort && sorting.order === FIRST.order;
    history.replaceState(null, '', countersLink({ store, search, ...(isFirst ? {} : sorting) }));
    table.showSorting(sorting);
    live.refresh();
  };
  const announced = h('p', { class: 'result', role: 'status' });
  const reads = counterReads((row, result) => {
    table.showRead(row, result);
    live.refresh();
  }, announced);
  const table = counterTable(
    (chosen) => {
      sorting = chosen;
      changed();
    },
    offers.canRead ? reads : undefined,
  );
  const stores = choice('store', 'Store', [['', 'All']], (value) => {
    store = value;
    changed();
  });
  const searching = searchField('search', 'Search in ids', search, (text) => {
    search = text;
    changed();
  });
  const turning = pager({ what: 'counters', previous: 'Previous', next: 'Next' }, (step) => {
    from = Math.max(0, from + step * SIZE);
    live.refresh();
  });
  const calls = h('pre', { class: 'json', tabindex: 0, role: 'group', 'aria-label': 'Calls of a counter' });
  const ask = changingRead<CounterPage>('counters');
  const live = startLive(EVERY_MS, async (signal) => {
    const page = await ask({ store, search, ...sorting, from, size: SIZE }, signal);
    if (!page) return;
    from = page.before;
    table.show(page.rows);
    const hasNext = page.before + page.rows.length < page.matching;
    turning.show({ ...page, shown: page.rows.length, hasNext });
    offer(stores.select, page.stores, store);
    const [one = { store: '{store}', id: '{id}' }] = page.rows;
    setText(calls, curls(offers, one));
  });
  table.showSorting(sorting);
  const about = offers.canRead
    ? 'What the executions in memory tell of each counter. Read asks its store, by an execution like any other, and shows a value that was changed elsewhere.'
    : 'What the executions in memory tell of each counter.';
  return {
    elements: [
      h('h1', {}, 'Counters'),
      h('p', { class: 'about' }, about),
      h(
        'form',
        { class: 'filters', 'aria-label': 'Filter the counters', submit: (event) => event.preventDefault() },
        searching,
        stores.element,
        table.choice,
      ),
      announced,
      table.element,
      turning.element,
      h('details', { hidden: offers.calls.length === 0 }, h('summary', {}, 'Call a counter yourself'), calls),
    ],
    close() {
      live.stop();
      reads.stop();
    },
  };
}

function curls({ calls }: SystemAnswer, { store, id }: Pick<CounterRow, 'store' | 'id'>): string {
  return calls
    .map(({ method, url, header }) => {
      const target = url.replace('{store}', store).replace('{id}', id);
      return `curl -X ${method} '${target}'${header === undefined ? '' : ` -H '${header}'`}`;
    })
    .join('\n');
}

/**
 * Reads counters on request and, those that are watched, each second.
 *
 * @param announced what a reader of the screen hears: what was asked for, and of the watched ones only what is new
 */
function counterReads(
  onRead: (row: Pick<CounterRow, 'store' | 'id'>, result: ReadResult) => void,
  announced: HTMLElement,
) {
  const watched = new Map<string, number>();
  const lastWords = new Map<string, string>();
  const readOnce = async ({ store, id }: CounterRow, isWatching: boolean): Promise<void> => {
    let words: string;
    try {
      const answer = await send<ReadAnswer>('reads', { store, id });
      words = wordsFor(answer, { store, id });
      onRead({ store, id }, answer);
    } catch (error) {
      const message = error instanceof RefusedError ? error.message : 'The runtime does not answer';
      words = `${store}/${id}: ${message}`;
      onRead({ store, id }, { kind: 'failed', outcome: message });
    }
    const key = counterKey({ store, id });
    if (isWatching && lastWords.get(key) === words) return;
    lastWords.set(key, words);
    setText(announced, words);
  };
  const watch = async (row: CounterRow): Promise<void> => {
    const key = counterKey(row);
    if (!document.hidden) await readOnce(row, true);
    if (watched.has(key))
      watched.set(
        key,
        window.setTimeout(() => void watch(row), EVERY_MS),
      );
  };
  return {
    read: (row: CounterRow) => readOnce(row, false),
    setWatched(row: CounterRow, isWatched: boolean) {
      const key = counterKey(row);
      clearTimeout(watched.get(key));
      watched.delete(key);
      if (!isWatched) return;
      watched.set(key, 0);
      void watch(row);
    },
    stop() {
      for (const timer of watched.values()) clearTimeout(timer);
      watched.clear();
    },
  };
}

function wordsFor({ kind, outcome, row }: ReadAnswer, { store, id }: Pick<CounterRow, 'store' | 'id'>): string {
  const name = `${store}/${id}`;
  if (kind !== 'done' || row?.value === undefined) return `${name} could not be read: ${outcome ?? kind}`;
  const differs = row.told === undefined ? '' : `; executions told ${count(row.told)}`;
  return `${name} is ${count(row.value.value)} in its store${differs}`;
}
