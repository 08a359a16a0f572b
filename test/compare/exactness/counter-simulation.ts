import fc from 'fast-check';
import type { History, Operation, Reset, Result } from '../../../compare/exactness';

/** What the simulation does at one instant. */
type Step =
  | { readonly do: 'invoke'; readonly client: number; readonly action: Action }
  | { readonly do: 'apply' | 'complete'; readonly client: number }
  | { readonly do: 'reset'; readonly stage: 'begin' | 'happen' | 'end' };

/** What a client calls, and how the call ends: lost before it reached the counter, answered, or its answer lost. */
interface Action {
  readonly kind: 'increment' | 'read';
  /** The limit of a conditional increment. */
  readonly max: number | undefined;
  /** What an increment adds, where it says so. */
  readonly by: number | undefined;
  readonly key: string | undefined;
  /** Whether a refusal returns the counter, and an increment with a key says whether it is a replay. */
  readonly tells: boolean;
  readonly fate: 'answered' | 'answer-lost' | 'request-lost' | 'refused';
  /** Whether it is sent on twice, so that its key's record may be its own. */
  readonly isRepeated: boolean;
}

interface Call {
  readonly invokedAt: bigint;
  readonly action: Action;
  result: Result | undefined;
}

export interface SimulationOptions {
  /** @default - 5 */
  readonly clients?: number;
  /** Limits of the conditional increments, which are half of all. @default - 12 */
  readonly limits?: readonly number[];
  /** @default - none */
  readonly resets?: boolean;
  /** At most so many instants at which something happens. @default - 150 */
  readonly steps?: number;
  /** How many keys the calls share, each with one of the limits or none. @default - none */
  readonly keys?: number;
  /** What increments add, of which some say nothing and add one. @default - all add one */
  readonly bys?: readonly number[];
  /** Whether the counter is spread over shards: it has one of the limits, or none. @default - it isn't */
  readonly sharded?: boolean;
  /** Whether some calls with a key are sent on twice. @default - none is */
  readonly ownReplays?: boolean;
  /** Whether requests and answers are lost. @default - they are */
  readonly unknown?: boolean;
}

/**
 * Histories that happened: a counter without a fault, clients whose calls overlap in any way, and a network that loses
 * requests and answers. An unknown call may be applied long after its client gave it up.
 */
export function simulatedHistories({
  clients = 5,
  limits = [12],
  resets = false,
  steps = 150,
  keys = 0,
  bys,
  sharded = false,
  ownReplays = false,
  unknown = true,
}: SimulationOptions = {}): fc.Arbitrary<History> {
  const client = fc.integer({ min: 0, max: clients - 1 });
  const fate = unknown
    ? fc.constantFrom<Action['fate']>('answered', 'answered', 'answered', 'answer-lost', 'request-lost', 'refused')
    : fc.constant<Action['fate']>('answered');
  const anyLimit = fc.option(fc.constantFrom(...limits), { freq: 2, nil: undefined });
  const key = keys === 0 ? fc.constant(undefined) : fc.option(fc.nat(keys - 1), { freq: 3, nil: undefined });
  const action = fc
    .record({
      kind: fc.constantFrom<Action['kind']>('increment', 'increment', 'read'),
      max: anyLimit,
      by: bys ? fc.option(fc.constantFrom(...bys), { nil: undefined }) : fc.constant(undefined),
      key,
      tells: fc.boolean(),
      fate,
      isRepeated: ownReplays ? fc.boolean() : fc.constant(false),
    })
    .map(({ key: number, ...rest }): Action => {
      if (number === undefined) return { ...rest, key: undefined };
      return { ...rest, key: `k${number}`, max: limitOfKey(number, limits), by: stepOfKey(number, bys) };
    });
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('invoke' as const), client, action }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('apply' as const, 'complete' as const), client }) },
    ...(resets
      ? [
          {
            weight: 1,
            arbitrary: fc.record({
              do: fc.constant('reset' as const),
              stage: fc.constantFrom('begin' as const, 'happen' as const, 'end' as const),
            }),
          },
        ]
      : []),
  );
  return fc
    .tuple(fc.array(step, { maxLength: steps, size: 'max' }), fc.integer({ min: 0, max: 3 }), fc.boolean(), anyLimit)
    .map(([steps, start, isKnown, ofAll]) => {
      const history = sharded
        ? simulate(withLimit(steps, ofAll), 0, isKnown, ofAll ?? Infinity)
        : simulate(steps, start, isKnown);
      return {
        ...history,
        ...(ownReplays ? { ownReplays } : {}),
        ...(sharded ? { sharded } : {}),
      };
    });
}

function withLimit(steps: readonly Step[], max: number | undefined): Step[] {
  return steps.map((step) => (step.do === 'invoke' ? { ...step, action: { ...step.action, max } } : step));
}

/** Each key's own, as repeats of a call have the call's. */
export function limitOfKey(number: number, limits: readonly number[]): number | undefined {
  return [...limits, undefined][number % (limits.length + 1)];
}

/** Each key's own step likewise. */
export function stepOfKey(number: number, bys: readonly number[] | undefined): number | undefined {
  return bys && [...bys, undefined][number % (bys.length + 1)];
}

/** @param shared the limit of a counter that is spread over shards; undefined for any other */
function simulate(steps: readonly Step[], start: number, isResetKnown: boolean, shared?: number): History {
  const operations: Operation[] = [];
  const resets: Reset[] = [];
  const calls = new Map<number, Call>();
  const late: Call[] = [];
  const values = new Map<string, number>();
  const taken = new Set<number>();
  let counter = start;
  let reset: { from: bigint; value: number | undefined } | undefined;
  let now = 0n;

  const apply = (call: Call): void => {
    const { kind, max = Infinity, by = 1, key = '', tells, isRepeated } = call.action;
    const known = values.get(key);
    const told = (replayed: boolean): { replayed?: boolean } => (tells && key !== '' ? { replayed } : {});
    if (kind === 'read') call.result = { status: 'read', counter };
    else if (known !== undefined) call.result = { status: 'incremented', counter: known, ...told(true) };
    else if (by > max || counter > max - by) call.result = { status: 'limit-reached', ...(tells ? { counter } : {}) };
    else {
      counter += by;
      const value = shared === undefined ? counter : freeValue(taken, shared, Number(now));
      call.result = { status: 'incremented', counter: value, ...told(isRepeated) };
      if (key !== '') values.set(key, value);
    }
  };
  const complete = (client: number, call: Call): void => {
    calls.delete(client);
    const { kind, max, by, key, fate } = call.action;
    if (kind === 'read' && fate !== 'answered') return;
    const result: Result =
      fate === 'refused'
        ? { status: 'not-applied' }
        : fate === 'answered' && call.result
          ? call.result
          : { status: 'unknown' };
    if (result.status === 'unknown' && !call.result && fate === 'answer-lost') late.push(call);
    const calledWith =
      kind === 'increment'
        ? {
            ...(max === undefined ? {} : { max }),
            ...(by === undefined ? {} : { by }),
            ...(key === undefined ? {} : { key }),
          }
        : {};
    operations.push({ client, invokedAt: call.invokedAt, completedAt: now, result, ...calledWith });
  };

  for (const step of steps) {
    now += 10n;
    switch (step.do) {
      case 'invoke':
        if (!calls.has(step.client)) calls.set(step.client, { invokedAt: now, action: step.action, result: undefined });
        break;
      case 'apply': {
        const call = calls.get(step.client) ?? late.pop();
        const reaches = call?.action.fate === 'answered' || call?.action.fate === 'answer-lost';
        if (call && reaches && call.result === undefined) apply(call);
        break;
      }
      case 'complete': {
        const call = calls.get(step.client);
        if (call && (call.action.fate !== 'answered' || call.result)) complete(step.client, call);
        break;
      }
      case 'reset':
        if (step.stage === 'begin') reset ??= { from: now, value: undefined };
        else if (step.stage === 'happen' && reset && reset.value === undefined) {
          counter = isResetKnown ? 0 : Math.floor(counter / 2);
          reset.value = counter;
        } else if (step.stage === 'end' && reset?.value !== undefined) {
          resets.push({ from: reset.from, to: now, ...(isResetKnown ? { value: 0 } : {}) });
          reset = undefined;
        }
    }
  }
  now += 10n;
  if (reset?.value !== undefined) resets.push({ from: reset.from, to: now, ...(isResetKnown ? { value: 0 } : {}) });
  for (const [client, call] of calls) if (call.action.fate !== 'answered' || call.result) complete(client, call);
  operations.push({
    client: -1,
    invokedAt: now + 10n,
    completedAt: now + 20n,
    result: { status: 'read', counter },
  });
  return { operations, resets, start };
}

/** Takes one of the values that are left, of which the next few are in reach where there is no limit. */
function freeValue(taken: Set<number>, limit: number, pick: number): number {
  const highest = Math.min(limit, taken.size + 5);
  const free = Array.from({ length: highest }, (_, index) => index + 1).filter((value) => !taken.has(value));
  const value = free[(pick % 7) % free.length] ?? NaN;
  taken.add(value);
  return value;
}
