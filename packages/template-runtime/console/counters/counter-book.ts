import type { IndexedExecution } from '../executions/indexed-execution';
import type { CounterRow, CounterValue, OutcomeKind } from '../shapes';

/** What the executions of a counter have told of it. */
interface Counter {
  readonly store: string;
  readonly id: string;
  readonly kinds: Map<OutcomeKind, number>;
  executions: number;
  running: number;
  incrementing: number;
  max?: number;
  value?: CounterValue;
  /** When it was first seen to be another. */
  changedMs?: number;
  /** What executions had told when a read found another value. */
  told?: number;
  /** The latest values, the oldest first. */
  trend: number[];
  /** Made when it is asked for, and anew after a change. */
  row?: CounterRow | undefined;
}

const MOST_IN_TREND = 32;

/** Outcomes whose `counter` is what the counter held at that time; a replayed one gives an earlier value. */
const TELLING = new Set(['incremented', 'read', 'limit-reached']);

/**
 * The counters of the kept executions: their values, limits and outcomes. An execution is folded in when it starts and
 * when it ends, and out when it drops off; a counter is forgotten with its last execution.
 */
export class CounterBook {
  readonly #counters = new Map<string, Counter>();

  started(entry: IndexedExecution): void {
    const counter = this.#counterOf(entry);
    if (!counter) return;
    counter.executions += 1;
    counter.running += 1;
    if (entry.isIncrement) counter.incrementing += 1;
  }

  ended(entry: IndexedExecution): void {
    const counter = this.#counterOf(entry);
    if (!counter) return;
    counter.running -= 1;
    if (entry.isIncrement) counter.incrementing -= 1;
    count(counter, entry.kind, 1);
    if (entry.max !== undefined) counter.max = entry.max;
    tell(counter, entry);
  }

  dropped(entry: IndexedExecution): void {
    const counter = this.#counterOf(entry);
    if (!counter) return;
    count(counter, entry.kind, -1);
    counter.executions -= 1;
    if (counter.executions === 0) this.#counters.delete(keyOf(counter));
  }

  /** Counters that only invalid requests name are none: a client may name any. */
  rows(): CounterRow[] {
    return Array.from(this.#counters.values()).filter(isReal).map(rowOf);
  }

  get(store: string, id: string): CounterRow | undefined {
    const counter = this.#counters.get(keyOf({ store, id }));
    return counter && isReal(counter) ? rowOf(counter) : undefined;
  }

  /** For a change. */
  #counterOf({ store, counterId: id }: IndexedExecution): Counter | undefined {
    if (store === undefined || id === undefined) return undefined;
    const key = keyOf({ store, id });
    let counter = this.#counters.get(key);
    if (!counter) {
      counter = { store, id, kinds: new Map(), executions: 0, running: 0, incrementing: 0, trend: [] };
      this.#counters.set(key, counter);
    }
    counter.row = undefined;
    return counter;
  }
}

/** A store's name may be anything that a client sends: its length tells it from the id. */
const keyOf = ({ store, id }: { readonly store: string; readonly id: string }): string =>
  `${store.length} ${store}${id}`;
const isReal = ({ kinds, executions }: Counter): boolean => (kinds.get('invalid') ?? 0) < executions;

function count(counter: Counter, kind: OutcomeKind, change: 1 | -1): void {
  const next = (counter.kinds.get(kind) ?? 0) + change;
  if (next > 0) counter.kinds.set(kind, next);
  else counter.kinds.delete(kind);
}

/**
 * Takes over the value that an execution tells. Of two that overlapped the larger is the later one, for a counter only
 * grows; one that began after the other had ended is later whatever it says.
 */
function tell(counter: Counter, { outcome = '', counter: value, execution }: IndexedExecution): void {
  const { startMs, stopMs = startMs, arn } = execution;
  if (value === undefined || !TELLING.has(outcome)) return;
  const known = counter.value;
  const isLater = known === undefined || startMs > known.atMs;
  if (!isLater && value <= known.value) return;
  const isRead = outcome === 'read';
  if (!isRead) delete counter.told;
  else if (isLater && known && differs(counter, known.value, value)) counter.told ??= known.value;
  counter.value = { value, atMs: stopMs, arn, isRead };
  if (known?.value === value) return;
  counter.changedMs = stopMs;
  counter.trend.push(value);
  if (counter.trend.length > MOST_IN_TREND) counter.trend.shift();
}

/** Increments under way may have counted what a read finds more; less is never theirs. */
function differs({ incrementing }: Counter, known: number, read: number): boolean {
  return read < known || (read > known && incrementing === 0);
}

const rowOf = (counter: Counter): CounterRow => (counter.row ??= makeRow(counter));

function makeRow({ store, id, kinds, executions, running, changedMs, max, value, told, trend }: Counter): CounterRow {
  const remaining = max === undefined || value === undefined ? undefined : Math.max(0, max - value.value);
  return {
    ...{ store, id, executions, trend: trend.slice() },
    kinds: { ...Object.fromEntries(kinds), ...(running > 0 && { running }) },
    ...(max !== undefined && { max }),
    ...(value && { value }),
    ...(remaining !== undefined && { remaining }),
    ...(changedMs !== undefined && { changedMs }),
    ...(told !== undefined && { told }),
  };
}
