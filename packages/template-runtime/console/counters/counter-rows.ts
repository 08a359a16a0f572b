import type { ExecutionIndex } from '../executions/execution-index';
import { comparing, type SortValue } from '../sorting';
import type { CounterPage, CounterRow, CounterSort, SortOrder } from '../shapes';

const SORT_VALUES: Readonly<Record<CounterSort, (row: CounterRow) => SortValue>> = {
  store: ({ store }) => store,
  id: ({ id }) => id,
  value: ({ value }) => value?.value,
  max: ({ max }) => max,
  remaining: ({ remaining }) => remaining,
  executions: ({ executions }) => executions,
  unknown: ({ kinds }) => kinds.unknown ?? 0,
  changed: ({ changedMs }) => changedMs,
};

export interface CounterPageRequest {
  readonly store?: string | undefined;
  /** Text in the id, in any letter case. */
  readonly search: string;
  readonly sort: CounterSort;
  readonly order: SortOrder;
  readonly from: number;
  readonly size: number;
}

/** A page of the counters that the kept executions tell of. */
export function counterPage(
  { counters }: Pick<ExecutionIndex, 'counters'>,
  { store, search, sort, order, from, size }: CounterPageRequest,
): CounterPage {
  const text = search.trim().toLowerCase();
  const all = counters.rows();
  const matching = all
    .filter((row) => (store === undefined || row.store === store) && row.id.toLowerCase().includes(text))
    .sort(comparing(SORT_VALUES[sort], order, (row) => `${row.store} ${row.id}`));
  // A page that has become empty is the last that isn't.
  const before = from < matching.length ? from : Math.max(0, Math.ceil(matching.length / size) - 1) * size;
  return {
    rows: matching.slice(before, before + size),
    total: all.length,
    matching: matching.length,
    before,
    stores: Array.from(new Set(all.map((row) => row.store))).sort(),
  };
}
