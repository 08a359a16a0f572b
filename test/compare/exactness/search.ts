import fc from 'fast-check';
import type { History, Operation, Reset, Result } from '../../../compare/exactness';
import { limitOfKey, type SimulationOptions, simulatedHistories } from './counter-simulation';

/** More would take the search too long. */
const MOST_OPERATIONS = 7;

const LIMITS = [1, 2, 3, 5];
const limit = fc.constantFrom(...LIMITS);
const counter = fc.integer({ min: 0, max: 6 });

/** A result and the limit of the increment that had it. */
type Ended = Pick<Operation, 'result' | 'max'>;

const refusal: fc.Arbitrary<Ended> = fc
  .record({ max: limit, told: fc.option(counter, { nil: undefined }) })
  .map(({ max, told }) => ({
    max,
    result: { status: 'limit-reached', ...(told === undefined ? {} : { counter: told }) },
  }));

const ended: fc.Arbitrary<Ended> = fc.oneof(
  { weight: 4, arbitrary: increment(fc.integer({ min: 1, max: 6 }).map((value) => incremented(value))) },
  { weight: 2, arbitrary: counter.map((value): Ended => ({ result: { status: 'read', counter: value } })) },
  { weight: 3, arbitrary: increment(fc.constant({ status: 'unknown' })) },
  { weight: 1, arbitrary: increment(fc.constant({ status: 'not-applied' })) },
  { weight: 2, arbitrary: refusal },
);

function increment(result: fc.Arbitrary<Result>): fc.Arbitrary<Ended> {
  return fc
    .record({ result, max: fc.option(limit, { freq: 1, nil: undefined }) })
    .map(({ result, max }) => ({ result, ...(max === undefined ? {} : { max }) }));
}

function incremented(value: number): Result {
  return { status: 'incremented', counter: value };
}

const operation: fc.Arbitrary<Operation> = fc
  .record({ ended, from: fc.integer({ min: 0, max: 20 }), length: fc.integer({ min: 1, max: 12 }) })
  .map(({ ended, from, length }) => {
    return { client: 0, invokedAt: BigInt(from), completedAt: BigInt(from + length), ...ended };
  });

/** A few operations with any results and times: few of them can have happened. */
const invented: fc.Arbitrary<History> = fc.record({
  operations: fc.array(operation, { minLength: 1, maxLength: MOST_OPERATIONS }),
  start: fc.integer({ min: 0, max: 1 }),
});

/** What changes one operation of a history that happened. */
const change: fc.Arbitrary<(operation: Operation) => Operation> = fc.oneof(
  fc.constantFrom(-2, -1, 1, 2).map((by) => (operation: Operation) => moved(operation, by)),
  increment(fc.constantFrom<Result>({ status: 'unknown' }, { status: 'not-applied' })).map(
    (other) =>
      ({ client, invokedAt, completedAt }: Operation) => ({ client, invokedAt, completedAt, ...other }),
  ),
  refusal.map((other) => (operation: Operation) => ({ ...operation, ...other })),
  limit.map((max) => (operation: Operation) => ({ ...operation, max })),
  fc.constant((operation: Operation) => ({ ...operation, completedAt: operation.invokedAt + 1n })),
);

/** The operation with another value; one that has none, with another limit. */
function moved(operation: Operation, by: number): Operation {
  const { result, max } = operation;
  if ('counter' in result && result.counter !== undefined) {
    return { ...operation, result: { ...result, counter: result.counter + by } };
  }
  return max === undefined ? operation : { ...operation, max: Math.max(1, max + by) };
}

/** Keys that few calls share. Their limits are the first ones: a key of a high limit meets none of a small history's. */
const KEYS = 2;

/** Gives some increments keys, and says of some that they are replays; the calls of a key get its one limit. */
function withKeys(history: fc.Arbitrary<History>): fc.Arbitrary<History> {
  const label = fc.record({
    key: fc.option(fc.nat(KEYS - 1), { freq: 4, nil: undefined }),
    replayed: fc.constantFrom(undefined, true, false),
  });
  return fc
    .tuple(history, fc.array(label, { minLength: MOST_OPERATIONS, maxLength: MOST_OPERATIONS }))
    .map(([all, labels]) => ({
      ...all,
      operations: all.operations.map((operation, index) => {
        const { key, replayed } = labels[index] ?? {};
        return key === undefined ? operation : labelled(operation, key, replayed);
      }),
    }));
}

function labelled(operation: Operation, key: number, replayed: boolean | undefined): Operation {
  const { client, invokedAt, completedAt, result } = operation;
  if (result.status === 'read') return operation;
  const told = result.status === 'incremented' && replayed !== undefined ? { replayed } : {};
  const max = limitOfKey(key, LIMITS);
  return {
    client,
    invokedAt,
    completedAt,
    result: { ...result, ...told },
    key: `k${key}`,
    ...(max === undefined ? {} : { max }),
  };
}

/** Calls of a key with that key's limit, whatever was changed. */
function withLimitsOfKeys({ operations, ...history }: History): History {
  return {
    ...history,
    operations: operations.map((each) =>
      each.key === undefined ? each : labelled(each, Number(each.key.slice(1)), undefined),
    ),
  };
}

/**
 * Small histories of which many have an order, and many don't by a hair: what happened on a counter, as it was or with one
 * operation changed, and what never happened. Their increments have one of several limits each, or none.
 */
export function smallHistories({
  resets = false,
  keys = false,
  ownReplays = false,
}: Pick<SimulationOptions, 'resets' | 'ownReplays'> & { readonly keys?: boolean } = {}): fc.Arbitrary<History> {
  const calls = { clients: 4, limits: LIMITS, resets, steps: 30, ...(keys ? { keys: KEYS, ownReplays } : {}) };
  const happened = simulatedHistories(calls).filter(
    ({ operations, resets: { length = 0 } = [] }) => operations.length + length <= MOST_OPERATIONS,
  );
  const changed = fc.tuple(happened, fc.nat(), change).map(([history, pick, apply]) => {
    const chosen = pick % history.operations.length;
    return { ...history, operations: history.operations.map((each, index) => (index === chosen ? apply(each) : each)) };
  });
  if (!keys) return fc.oneof(invented, happened, changed, changed);
  const labelledAnyhow = withKeys(invented).map((history) => ({ ...history, ownReplays }));
  return fc.oneof(labelledAnyhow, happened, changed.map(withLimitsOfKeys), changed.map(withLimitsOfKeys));
}

/** The counter while an order is tried, and all values that it had since it was known. */
interface State {
  readonly counter: number;
  readonly past: readonly number[];
  /** The value that each key counted with. */
  readonly values: Readonly<Record<string, number>>;
}

/** What an order has: operations, and resets, each at one instant of its time. */
type Event = Operation | Reset;

/**
 * Whether the operations have an order that explains every result, each before those that began after it had completed:
 * linearizability by its definition, trying all orders. An operation of unknown outcome may be left out.
 */
export function hasAnOrder({ operations, resets = [], start = 0, ownReplays = false }: History): boolean {
  const applied = operations.filter(({ result }) => result.status !== 'not-applied');
  return hasRest([...applied, ...resets], { counter: start, past: [start], values: {} }, ownReplays);
}

function hasRest(rest: readonly Event[], state: State, ownReplays: boolean): boolean {
  if (rest.every(isUnknown)) return true;
  return rest.some((next) => {
    const isFirst = rest.every((other) => isUnknown(other) || other === next || endOf(other) >= beginOf(next));
    if (!isFirst) return false;
    const others = rest.filter((other) => other !== next);
    return statesAfter(next, state, ownReplays).some((after) => hasRest(others, after, ownReplays));
  });
}

/** The states that an event may leave behind; none where an operation can't have had its result. */
function statesAfter(event: Event, state: State, ownReplays: boolean): State[] {
  const { counter, past, values } = state;
  if (!('result' in event)) {
    if (event.value !== undefined) return [{ counter: event.value, past: [event.value], values }];
    return past.map((value) => ({ counter: value, past, values }));
  }
  const { key, result } = event;
  const known = key === undefined ? undefined : values[key];
  if (known !== undefined) return isReplayOf(known, result) ? [state] : [];
  if (key !== undefined && result.status === 'incremented' && result.replayed === true && !ownReplays) return [];
  const after = step(event, counter);
  if (after === undefined) return [];
  if (after === counter) return [state];
  return [
    {
      counter: after,
      past: [...new Set([...past, after])],
      values: key === undefined ? values : { ...values, [key]: after },
    },
  ];
}

/** Whether a call whose key has counted can have had its result. */
function isReplayOf(value: number, result: Result): boolean {
  if (result.status === 'unknown') return true;
  return result.status === 'incremented' && result.counter === value && result.replayed !== false;
}

/** The counter after an operation, or undefined where it can't have had its result. */
function step({ result, max = Number.MAX_SAFE_INTEGER }: Operation, counter: number): number | undefined {
  switch (result.status) {
    case 'incremented':
      return counter < max && result.counter === counter + 1 ? counter + 1 : undefined;
    case 'read':
      return result.counter === counter ? counter : undefined;
    case 'limit-reached':
      return counter >= max && (result.counter ?? counter) === counter ? counter : undefined;
    case 'not-applied':
      return counter;
    case 'unknown':
      return counter < max ? counter + 1 : undefined;
  }
}

function isUnknown(event: Event): boolean {
  return 'result' in event && event.result.status === 'unknown';
}

function beginOf(event: Event): bigint {
  return 'result' in event ? event.invokedAt : event.from;
}

function endOf(event: Event): bigint {
  return 'result' in event ? event.completedAt : event.to;
}
