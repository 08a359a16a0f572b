import fc from 'fast-check';
import type { History, Operation, Reset, Result } from '../../../compare/exactness';
import { limitOfKey, type SimulationOptions, simulatedHistories, stepOfKey } from './counter-simulation';

/** More would take the search too long. */
const MOST_OPERATIONS = 7;

const LIMITS = [1, 2, 3, 5];
/** What increments add, where they have steps; one that says nothing adds one. */
const BYS = [1, 2, 3];
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
    .record({ result, max: fc.option(limit, { freq: 2, nil: undefined }) })
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

/** The same of what an increment adds. */
const changeOfStep = fc.constantFrom(...BYS).map(
  (by) =>
    (operation: Operation): Operation =>
      operation.result.status === 'read' ? operation : { ...operation, by },
);

/** The operation with another value; one that has none, with another limit. */
function moved(operation: Operation, by: number): Operation {
  const { result, max } = operation;
  if ('counter' in result && result.counter !== undefined) {
    return { ...operation, result: { ...result, counter: result.counter + by } };
  }
  return max === undefined ? operation : { ...operation, max: Math.max(1, max + by) };
}

/** Gives increments steps. */
function withSteps(history: fc.Arbitrary<History>): fc.Arbitrary<History> {
  const by = fc.option(fc.constantFrom(...BYS), { nil: undefined });
  return fc
    .tuple(history, fc.array(by, { minLength: MOST_OPERATIONS, maxLength: MOST_OPERATIONS }))
    .map(([all, steps]) => ({
      ...all,
      operations: all.operations.map((operation, index) => {
        const by = steps[index];
        return by === undefined || operation.result.status === 'read' ? operation : { ...operation, by };
      }),
    }));
}

/** Calls of one limit or without any, on a counter that is spread over shards. */
function onShards(history: fc.Arbitrary<History>): fc.Arbitrary<History> {
  return fc.tuple(history, fc.option(limit, { nil: undefined, freq: 5 })).map(([all, max]) => ({
    ...withLimit(all, max),
    sharded: true,
  }));
}

function withLimit(history: History, max: number | undefined): History {
  const operations = history.operations.map((operation): Operation => {
    const rest = Object.fromEntries(
      Object.entries(operation).filter(([name]) => name !== 'max'),
    ) as unknown as Operation;
    return max === undefined || operation.result.status === 'read' ? rest : { ...rest, max };
  });
  return { ...history, operations };
}

/** The limit of all increments on shards. */
function limitOfAll({ operations }: History): number | undefined {
  return operations.find(({ result }) => result.status !== 'read')?.max;
}

/** Keys that few calls share. Their limits are the first ones: a key of a high limit meets none of a small history's. */
const KEYS = 2;

/** Gives some increments keys, and says of some that they are replays; the calls of a key get its one limit. */
function withKeys(history: fc.Arbitrary<History>, bys: readonly number[] | undefined): fc.Arbitrary<History> {
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
        return key === undefined ? operation : labelled(operation, key, { replayed, bys });
      }),
    }));
}

interface Label {
  readonly replayed?: boolean | undefined;
  readonly bys: readonly number[] | undefined;
}

function labelled(operation: Operation, key: number, { replayed, bys }: Label): Operation {
  const { client, invokedAt, completedAt, result } = operation;
  if (result.status === 'read') return operation;
  const told = result.status === 'incremented' && replayed !== undefined ? { replayed } : {};
  const max = limitOfKey(key, LIMITS);
  const by = stepOfKey(key, bys);
  return {
    client,
    invokedAt,
    completedAt,
    result: { ...result, ...told },
    key: `k${key}`,
    ...(max === undefined ? {} : { max }),
    ...(by === undefined ? {} : { by }),
  };
}

/** Calls of a key with that key's limit and step, whatever was changed. */
function withLimitsOfKeys({ operations, ...history }: History, bys: readonly number[] | undefined): History {
  return {
    ...history,
    operations: operations.map((each) =>
      each.key === undefined ? each : labelled(each, Number(each.key.slice(1)), { bys }),
    ),
  };
}

/** What small histories have. */
export interface SmallHistories extends Pick<SimulationOptions, 'resets' | 'ownReplays' | 'sharded'> {
  readonly keys?: boolean;
  /** Whether increments add more than one. */
  readonly steps?: boolean;
}

/**
 * Small histories of which many have an order, and many don't by a hair: what happened on a counter, as it was or with one
 * operation changed, and what never happened. Their increments have one of several limits each, or none; on shards, all the
 * same.
 */
export function smallHistories({
  resets = false,
  keys = false,
  steps = false,
  ownReplays = false,
  sharded = false,
}: SmallHistories = {}): fc.Arbitrary<History> {
  const bys = steps ? BYS : undefined;
  const calls = { clients: 4, limits: LIMITS, resets, steps: 30, sharded, ...(bys ? { bys } : {}) };
  const happened = simulatedHistories({ ...calls, ...(keys ? { keys: KEYS, ownReplays } : {}) }).filter(
    ({ operations, resets: { length = 0 } = [] }) => operations.length + length <= MOST_OPERATIONS,
  );
  const anyChange = steps ? fc.oneof({ weight: 4, arbitrary: change }, changeOfStep) : change;
  const changed = fc.tuple(happened, fc.nat(), anyChange).map(([history, pick, apply]) => {
    const chosen = pick % history.operations.length;
    const operations = history.operations.map((each, index) => (index === chosen ? apply(each) : each));
    const whole = keys ? withLimitsOfKeys({ ...history, operations }, bys) : { ...history, operations };
    return sharded ? withLimit(whole, limitOfAll(history)) : whole;
  });
  let anything = steps ? withSteps(invented) : invented;
  if (keys) anything = withKeys(anything, bys).map((history) => ({ ...history, ownReplays }));
  if (sharded) anything = onShards(anything);
  return fc.oneof(anything, happened, changed, changed);
}

/** The counter while an order is tried, and all values that it had since it was known. */
interface State {
  /** On shards, how many values are taken. */
  readonly counter: number;
  readonly past: readonly number[];
  /** The value that each key counted with. */
  readonly values: Readonly<Record<string, number>>;
  /** The values that are taken, on shards. */
  readonly taken: readonly number[];
}

/** What an order has: operations, and resets, each at one instant of its time. */
type Event = Operation | Reset;

/**
 * Whether the operations have an order that explains every result, each before those that began after it had completed:
 * linearizability by its definition, trying all orders. An operation of unknown outcome may be left out.
 */
export function hasAnOrder(history: History): boolean {
  const { operations, resets = [], start = 0, sharded } = history;
  const applied = operations.filter(({ result }) => result.status !== 'not-applied');
  const isTold = toldBy(operations);
  const states =
    sharded === true ? valuesOf(start, Math.min(HIGHEST_ON_SHARDS, limitOfAll(history) ?? Infinity)) : [[]];
  return states.some((taken) => {
    return hasRest(
      [...applied, ...resets],
      { counter: start, past: [start], values: {}, taken },
      { ...history, isTold },
    );
  });
}

/** Values that are told are no higher. Where there is no limit, more of them than there are operations remain. */
const HIGHEST_ON_SHARDS = 9 + MOST_OPERATIONS;

/** Which values so many may be. */
function valuesOf(count: number, below: number): number[][] {
  if (count === 0) return [[]];
  return valuesUpTo(below).flatMap((highest) => valuesOf(count - 1, highest - 1).map((others) => [...others, highest]));
}

interface Kind extends Pick<History, 'ownReplays' | 'sharded'> {
  readonly isTold: (value: number) => boolean;
}

/** Whether some increment returned a value. */
function toldBy(operations: readonly Operation[]): (value: number) => boolean {
  const told = new Set(operations.map(({ result }) => (result.status === 'incremented' ? result.counter : undefined)));
  return (value) => told.has(value);
}

function hasRest(rest: readonly Event[], state: State, kind: Kind): boolean {
  if (rest.every(isUnknown)) return true;
  return rest.some((next) => {
    const isFirst = rest.every((other) => isUnknown(other) || other === next || endOf(other) >= beginOf(next));
    if (!isFirst) return false;
    const others = rest.filter((other) => other !== next);
    return statesAfter(next, state, kind).some((after) => hasRest(others, after, kind));
  });
}

/** The states that an event may leave behind; none where an operation can't have had its result. */
function statesAfter(event: Event, state: State, { ownReplays = false, sharded, isTold }: Kind): State[] {
  const { past, values } = state;
  if (!('result' in event)) {
    if (event.value !== undefined) return [{ ...state, counter: event.value, past: [event.value] }];
    return past.map((value) => ({ ...state, counter: value }));
  }
  const { key, result } = event;
  const known = key === undefined ? undefined : values[key];
  if (known !== undefined) return isReplayOf(known, result) ? [state] : [];
  if (key !== undefined && result.status === 'incremented' && result.replayed === true && !ownReplays) return [];
  const counted = sharded === true ? countOnShard(event, state, isTold) : count(event, state);
  if (counted === undefined) return isSeen(event, state, sharded) ? [state] : [];
  return counted.map(({ value, ...after }) => ({
    ...after,
    past: [...new Set([...past, after.counter])],
    values: key === undefined ? values : { ...values, [key]: value },
  }));
}

/** Whether a call whose key has counted can have had its result. */
function isReplayOf(value: number, result: Result): boolean {
  if (result.status === 'unknown') return true;
  return result.status === 'incremented' && result.counter === value && result.replayed !== false;
}

/** What an increment leaves that counts, and the value that it returns. */
type Counted = Pick<State, 'counter' | 'taken'> & { readonly value: number };

/** What may be after an operation that counts; undefined for one that doesn't. */
function count({ result, max = Infinity, by = 1 }: Operation, { counter, taken }: State): Counted[] | undefined {
  if (result.status !== 'incremented' && result.status !== 'unknown') return undefined;
  const value = counter + by;
  const counts = by <= max && value <= max && (result.status === 'unknown' || result.counter === value);
  return counts ? [{ counter: value, taken, value }] : [];
}

/** The same on shards, where an increment takes any value that is left. Those that nobody tells are alike. */
function countOnShard(
  { result, max = HIGHEST_ON_SHARDS }: Operation,
  { taken }: State,
  isTold: Kind['isTold'],
): Counted[] | undefined {
  if (result.status !== 'incremented' && result.status !== 'unknown') return undefined;
  const left = valuesUpTo(max).filter((value) => !taken.includes(value));
  const alike = left.find((value) => !isTold(value));
  return left
    .filter((value) => (result.status === 'unknown' ? isTold(value) || value === alike : result.counter === value))
    .map((value) => ({ counter: taken.length + 1, taken: [...taken, value], value }));
}

/** Whether an operation that doesn't count can have had its result. */
function isSeen({ result, max = Infinity, by = 1 }: Operation, { counter, taken }: State, sharded = false): boolean {
  switch (result.status) {
    case 'read':
      return result.counter === counter;
    case 'limit-reached': {
      const isMet = sharded
        ? max !== Infinity && valuesUpTo(max).every((value) => taken.includes(value))
        : by > max || counter > max - by;
      return isMet && (result.counter ?? counter) === counter;
    }
    default:
      return false;
  }
}

function valuesUpTo(highest: number): number[] {
  return Array.from({ length: highest }, (_, index) => index + 1);
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
