import type { Execution } from '../../step-functions';
import { type ExecutionIndex, indexedNow, rowOf } from './execution-index';
import type { IndexedExecution } from './indexed-execution';
import { comparing, type SortValue } from '../sorting';
import type { ExecutionFilter, ExecutionPage, ExecutionRow, ExecutionSort, OutcomeKind, SortOrder } from '../shapes';

/** More values than this aren't offered to filter by: clients choose what their inputs say. */
const MOST_CHOICES = 50;
/** Searches whose findings are remembered. */
const MOST_SEARCHES = 4;

const SORT_VALUES: Readonly<Record<ExecutionSort, (entry: IndexedExecution) => SortValue>> = {
  started: ({ execution }) => execution.startMs,
  duration: ({ durationMs }) => durationMs,
  name: ({ execution }) => execution.name,
  kind: ({ kind }) => URGENCY.indexOf(kind),
  status: ({ execution }) => execution.status,
  store: ({ store }) => store,
  id: ({ counterId }) => counterId,
  counter: ({ counter }) => counter,
  machine: ({ execution }) => execution.machine.name,
};

/** What one wants to see first when sorting by outcome. */
const URGENCY: readonly OutcomeKind[] = ['unknown', 'failed', 'not-done', 'invalid', 'refused', 'running', 'done'];

export interface ExecutionPageRequest {
  readonly filter: ExecutionFilter;
  readonly sort: ExecutionSort;
  readonly order: SortOrder;
  readonly size: number;
  /** ARN of the execution that the page begins with, so that new ones don't move it. @default - the first */
  readonly from?: string | undefined;
}

export function executionRow(execution: Execution): ExecutionRow {
  return rowOf(indexedNow(execution));
}

/** The pages of the list of executions. */
export class ExecutionPages {
  readonly #searches = new Map<string, WeakMap<Execution, boolean>>();

  constructor(private readonly index: ExecutionIndex) {}

  /** @returns undefined where `from` is no longer kept */
  page({ filter, sort, order, size, from }: ExecutionPageRequest): ExecutionPage | undefined {
    const begin = from === undefined ? undefined : this.index.get(from);
    if (from !== undefined && !begin) return undefined;
    const compare = comparing(SORT_VALUES[sort], order, ({ sequence }) => -sequence);
    const isMatching = this.#matcher(filter);
    const kinds: Partial<Record<OutcomeKind, number>> = {};
    const matching: IndexedExecution[] = [];
    for (const entry of this.index.all()) {
      if (!isMatching(entry)) continue;
      kinds[entry.kind] = (kinds[entry.kind] ?? 0) + 1;
      if (filter.kind === undefined || entry.kind === filter.kind) matching.push(entry);
    }
    matching.reverse().sort(compare);
    const before = begin ? matching.filter((entry) => compare(entry, begin) < 0).length : 0;
    const next = matching[before + size]?.execution.arn;
    return {
      rows: matching.slice(before, before + size).map(rowOf),
      total: this.index.size,
      matching: matching.length,
      before,
      ...(next !== undefined && { next }),
      kinds,
      choices: { outcome: this.index.outcomes.values(MOST_CHOICES), store: this.index.stores.values(MOST_CHOICES) },
    };
  }

  /** All of the filter but the kind. */
  #matcher(filter: ExecutionFilter): (entry: IndexedExecution) => boolean {
    const { machine, status, outcome, store, id, sinceMs = -Infinity, untilMs = Infinity, search = '' } = filter;
    const finds = this.#finder(search.trim().toLowerCase());
    return (entry) =>
      (machine === undefined || entry.execution.machine.arn === machine) &&
      (status === undefined || entry.execution.status === status) &&
      (outcome === undefined || entry.outcome === outcome) &&
      (store === undefined || entry.store === store) &&
      (id === undefined || entry.counterId === id) &&
      entry.execution.startMs >= sinceMs &&
      entry.execution.startMs < untilMs &&
      finds(entry.execution);
  }

  /** @param text in lower case. An execution that has ended is searched once for it. */
  #finder(text: string): (execution: Execution) => boolean {
    if (text === '') return () => true;
    const known = this.#searches.get(text) ?? new WeakMap<Execution, boolean>();
    this.#searches.delete(text);
    this.#searches.set(text, known);
    const [oldest] = this.#searches.keys();
    if (this.#searches.size > MOST_SEARCHES && oldest !== undefined) this.#searches.delete(oldest);
    return (execution) => {
      const remembered = known.get(execution);
      if (remembered !== undefined) return remembered;
      const found = contains(execution, text);
      if (found || execution.status !== 'RUNNING') known.set(execution, found);
      return found;
    };
  }
}

/** @param text in lower case */
function contains({ arn, input, output, error, cause }: Execution, text: string): boolean {
  return [arn, input.text, output?.text, error, cause].some((part) => part?.toLowerCase().includes(text) === true);
}
