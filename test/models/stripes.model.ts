import type { Model } from './explore';
import { isSame, sorted } from './values';

/** Fixes the shard at which its calls start. */
export type StripedKey = 'a' | 'b';

/** Who calls, and what there is to take. */
export interface StripesScenario {
  /** K: how many shards there are. */
  readonly shards: number;
  /** M. Infinity is none. */
  readonly limit: number;
  /** The calls, each with its key or without. */
  readonly calls: readonly (StripedKey | undefined)[];
  /** Where the calls of a key start. @default - 0 */
  readonly homes?: { readonly [key in StripedKey]?: number };
  /** A shard that has no room for another key for a while. @default - none */
  readonly crowded?: number;
  /** Whether a shard may forget its keys once, when they are old. @default - keys are kept */
  readonly forgets?: boolean;
}

/** A mistake to plant in the protocol. */
export type StripesMistake =
  | 'refuses after all but one have refused'
  | 'steals quota'
  | 'writes the marker after the first refusal'
  | 'lets the marker guard the limit'
  | 'gives the rest of the limit to the last stripes'
  | 'hands out the value a round later'
  | 'goes on after a lost answer'
  | 'starts a key at any shard'
  | 'refuses a key by the marker'
  | 'goes on where there is no room for a key'
  | 'passes a full shard without looking for the key'
  | 'passes a full shard without looking for its floor';

/**
 * What a call does next. One that waits has not begun. A write and its sending are one step: until it arrives, nobody can
 * tell whether it was sent.
 */
interface Call {
  readonly key?: StripedKey | undefined;
  readonly does: 'wait' | 'write' | 'read' | 'mark' | 'add' | 'steal' | 'carry' | 'end' | 'give up';
  readonly shard: number;
  /** By how many shards it was refused. */
  readonly refusals: number;
  /** Whether the answer to a write to this shard was lost, so that it is made once more. */
  readonly inDoubt: boolean;
  /** Whether it was sent after keys were forgotten, so that its key may count again. */
  readonly isYoung: boolean;
}

export interface StripesState {
  /** How many values of its stripe a shard has handed out. */
  readonly used: readonly number[];
  /** What was added to a shard's quota, which only a mistake does. */
  readonly moved: readonly number[];
  readonly isClosed: boolean;
  readonly room: 'there' | 'gone' | 'back';
  /** The shard that has forgotten its keys, and now refuses who was sent before. */
  readonly forgot?: number;
  readonly calls: readonly Call[];
  /** Writes that may still arrive: one without a key once, one with a key any number of times. */
  readonly late: readonly Write[];
  /** The keys that are recorded. */
  readonly records: readonly Recorded[];
  /** What each key has counted last. */
  readonly counted: readonly Counted[];
  /** What was handed out, ascending. */
  readonly values: readonly number[];
  /** The first promise that was broken. */
  readonly broken?: string;
}

type Write = Pick<Call, 'key' | 'shard' | 'isYoung'>;

interface Recorded {
  readonly key: StripedKey;
  readonly shard: number;
  readonly value: number;
}

interface Counted extends Recorded {
  /** Whether keys had been forgotten before: a call that was sent by then must not count again. */
  readonly wasForgotten: boolean;
}

type Step = readonly [step: string, state: StripesState, label: undefined];

/**
 * The protocol of a striped counter. Shard i of K owns the values i + 1, i + 1 + K, i + 1 + 2K, … up to M. A call asks one
 * shard after the other, from any or from its key's on, until one has a value left; when all have refused, it is refused,
 * and marks the counter as closed. Who sees the marker is refused at once; nobody has to see it. A key is recorded by the
 * write that counts. Who has lost an answer ends, or with a key asks the same shard once more.
 *
 * A look that shows a shard full is as good as its refusal, however old it is: nothing in that shard changes any more, but
 * that it forgets keys. Then it refuses the calls with a key that were sent before, and they end there.
 */
export function stripesModel(scenario: StripesScenario, mistake?: StripesMistake): Model<StripesState, undefined> {
  const { shards, limit, homes = {}, crowded, forgets = false } = scenario;
  const isKeyless = scenario.calls.every((key) => key === undefined);
  const refusalsToEnd = mistake === 'refuses after all but one have refused' ? shards - 1 : shards;
  const rest = limit % shards;

  const quota = ({ moved }: StripesState, shard: number): number => {
    const hasRest =
      mistake === 'gives the rest of the limit to the last stripes' ? shard >= shards - rest : shard < rest;
    return Math.floor(limit / shards) + (hasRest ? 1 : 0) + (moved[shard] ?? 0);
  };
  const isFull = (state: StripesState, shard: number): boolean => (state.used[shard] ?? 0) >= quota(state, shard);
  const hasNoRoom = ({ room }: StripesState, shard: number): boolean => room === 'gone' && shard === crowded;
  const isLate = ({ forgot }: StripesState, { key, shard, isYoung }: Write): boolean =>
    key !== undefined && forgot === shard && !isYoung;
  const recorded = ({ records }: StripesState, { key, shard }: Write): Recorded | undefined =>
    records.find((record) => record.key === key && record.shard === shard);

  /** What an earlier call of the key has counted, if this one must not count again. */
  const promised = ({ counted }: StripesState, { key, isYoung }: Pick<Call, 'key' | 'isYoung'>): Counted | undefined =>
    counted.find((other) => other.key === key && (!isYoung || other.wasForgotten));

  /** The write that counts, if the shard lets it. */
  const count = (
    state: StripesState,
    { key, shard, isYoung }: Write,
  ): { readonly to: StripesState; readonly value: number } => {
    const before = state.used[shard] ?? 0;
    const round = mistake === 'hands out the value a round later' ? before + 1 : before;
    // Without quotas that stay there are no stripes: such a mistake is granted the right values.
    const isStriped = mistake !== 'steals quota' && mistake !== 'lets the marker guard the limit';
    const value = isStriped ? shard + 1 + shards * round : state.values.length + 1;
    const broken =
      state.broken ??
      (value > limit ? `handed out ${value} of ${limit}` : undefined) ??
      (state.values.includes(value) ? `handed out ${value} twice` : undefined) ??
      (promised(state, { key, isYoung }) ? `key ${key} counted twice` : undefined);
    const wasForgotten = state.forgot !== undefined;
    const to: StripesState = {
      ...state,
      used: withAt(state.used, shard, before + 1),
      ...(key !== undefined && {
        records: sorted([...state.records, { key, shard, value }]),
        counted: sorted([...state.counted.filter((other) => other.key !== key), { key, shard, value, wasForgotten }]),
      }),
      values: [...state.values, value].sort((a, b) => a - b),
      ...(broken !== undefined && { broken }),
    };
    return { to, value };
  };
  const isRefused = (state: StripesState, write: Write): boolean =>
    isFull(state, write.shard) ||
    isLate(state, write) ||
    (write.key !== undefined && (recorded(state, write) !== undefined || hasNoRoom(state, write.shard)));

  const put = (state: StripesState, index: number, call: Call): StripesState => {
    const { key, does } = call;
    // Nothing of a call matters once it is over.
    const isOver = does === 'end' || does === 'give up' || does === 'mark';
    const kept = isOver ? { ...WAITING, key, does } : call;
    return { ...state, calls: sorted(withAt(state.calls, index, kept)) };
  };
  const end = (state: StripesState, index: number, call: Call): StripesState =>
    put(state, index, { ...call, does: 'end' });

  /** Tells a call that the limit is reached. */
  const refuse = (state: StripesState, index: number, call: Call, does: 'mark' | 'end'): StripesState => {
    const broken =
      state.broken ??
      (promised(state, call) && `replay of key ${call.key} was refused`) ??
      (state.values.length < limit ? `refused at ${state.values.length} of ${limit}` : undefined);
    return { ...put(state, index, { ...call, does }), ...(broken !== undefined && { broken }) };
  };

  /** After a shard's refusal, which holds for ever: the next shard, or the end. */
  function* goOn(state: StripesState, index: number, call: Call, why: string): Generator<Step> {
    const refusals = call.refusals + 1;
    const isClosed = state.isClosed || mistake === 'writes the marker after the first refusal';
    if (refusals === refusalsToEnd) yield [`${why}, the last one`, refuse(state, index, call, 'mark'), undefined];
    else {
      const does = mistake === 'steals quota' ? 'steal' : 'write';
      const next: Call = { ...call, does, shard: (call.shard + 1) % shards, refusals, inDoubt: false };
      yield [why, put({ ...state, isClosed }, index, next), undefined];
    }
  }

  /** An earlier call of the key has counted. */
  const replay = (state: StripesState, index: number, call: Call, { value }: Recorded): StripesState => {
    const first = state.counted.find(({ key }) => key === call.key)?.value;
    const broken = state.broken ?? (first === value ? undefined : `replay of key ${call.key} got ${value}`);
    return end(broken === undefined ? state : { ...state, broken }, index, call);
  };

  const late = (state: StripesState, index: number, call: Call): StripesState =>
    put(state, index, { ...call, does: call.inDoubt ? 'give up' : 'end' });

  function* look(state: StripesState, index: number, call: Call, name: string): Generator<Step> {
    const { shard } = call;
    if (call.refusals === 0 || !isFull(state, shard)) return;
    const known = mistake === 'passes a full shard without looking for the key' ? undefined : recorded(state, call);
    const passes = mistake === 'passes a full shard without looking for its floor';
    if (known === undefined && isLate(state, call) && !passes) {
      yield [`${name} sees that it is late for shard ${shard}`, late(state, index, call), undefined];
    } else if (known === undefined) yield* goOn(state, index, call, `${name} sees shard ${shard} full`);
    else yield [`${name} sees its key in shard ${shard}: ${known.value}`, replay(state, index, call, known), undefined];
  }

  function* write(state: StripesState, index: number, call: Call, name: string): Generator<Step> {
    const { key, shard } = call;
    if (key === undefined && call.refusals > 0 && state.isClosed) {
      yield [`${name} sees the marker`, refuse(state, index, call, 'end'), undefined];
    }
    // With a key, copies of the write may arrive as long as anybody can tell.
    const sent = key === undefined ? state : withLate(state, { key, shard, isYoung: call.isYoung });
    if (!isRefused(sent, call)) {
      const { to, value } = count(sent, call);
      yield [`${name} counts in shard ${shard}: ${value}`, end(to, index, call), undefined];
    } else if (key === undefined) yield* goOn(sent, index, call, `${name} is refused by shard ${shard}`);
    else yield [`${name} is refused by shard ${shard}`, put(sent, index, { ...call, does: 'read' }), undefined];

    const lost = `${name} has no answer from shard ${shard}`;
    const unanswered = withLate(state, { key, shard, isYoung: call.isYoung });
    if (mistake === 'goes on after a lost answer') {
      const next: Call = { ...call, shard: (shard + 1) % shards, refusals: call.refusals + 1 };
      yield [lost, put(unanswered, index, next.refusals < shards ? next : { ...call, does: 'give up' }), undefined];
    } else if (key === undefined || call.inDoubt) {
      yield [lost, put(unanswered, index, { ...call, does: 'give up' }), undefined];
    } else yield [lost, put(unanswered, index, { ...call, inDoubt: true }), undefined];
  }

  /** With a key, only a read tells why a write was refused; what stood in the way may have gone by then. */
  function* read(state: StripesState, index: number, call: Call, name: string): Generator<Step> {
    const { shard } = call;
    const known = recorded(state, call);
    const passes = mistake === 'passes a full shard without looking for its floor';
    if (mistake === 'refuses a key by the marker' && state.isClosed) {
      yield [`${name} sees the marker`, refuse(state, index, call, 'end'), undefined];
    }
    if (known !== undefined) {
      yield [`${name} finds its key in shard ${shard}: ${known.value}`, replay(state, index, call, known), undefined];
    } else if (isLate(state, call) && !(isFull(state, shard) && passes)) {
      yield [`${name} finds that it is late for shard ${shard}`, late(state, index, call), undefined];
    } else if (isFull(state, shard)) yield* goOn(state, index, call, `${name} finds shard ${shard} full`);
    else if (!hasNoRoom(state, shard)) {
      yield [`${name} may try again`, put(state, index, { ...call, does: 'write' }), undefined];
    } else {
      const crowd = `${name} finds no room for its key in shard ${shard}`;
      if (mistake === 'goes on where there is no room for a key') yield* goOn(state, index, call, crowd);
      else yield [crowd, put(state, index, { ...call, does: call.inDoubt ? 'give up' : 'end' }), undefined];
    }
  }

  function* steal(state: StripesState, index: number, call: Call, name: string): Generator<Step> {
    const { shard } = call;
    if (isFull(state, shard)) yield* goOn(state, index, call, `${name} finds no quota in shard ${shard}`);
    else {
      const home = (shard + shards - call.refusals) % shards;
      const moved = withAt(state.moved, shard, (state.moved[shard] ?? 0) - 1);
      const next: Call = { ...call, does: 'carry', shard: home, refusals: 0 };
      yield [`${name} takes quota from shard ${shard}`, put({ ...state, moved }, index, next), undefined];
    }
  }

  function* stepsOf(state: StripesState, index: number, call: Call): Generator<Step> {
    const { key, does, shard } = call;
    const name = key === undefined ? 'a call' : `a call with key ${key}`;
    if (does === 'write') {
      yield* look(state, index, call, name);
      yield* write(state, index, call, name);
    }
    if (does === 'read') yield* read(state, index, call, name);
    if (does === 'mark') yield [`${name} writes the marker`, end({ ...state, isClosed: true }, index, call), undefined];
    if (does === 'steal') yield* steal(state, index, call, name);
    if (does === 'carry') {
      const moved = withAt(state.moved, shard, (state.moved[shard] ?? 0) + 1);
      const next: Call = { ...call, does: 'write' };
      yield [`${name} puts quota into shard ${shard}`, put({ ...state, moved }, index, next), undefined];
    }
    if (does === 'add') {
      const { to, value } = count(state, call);
      const isClosed = value >= limit;
      yield [`${name} sees no marker and counts: ${value}`, end({ ...to, isClosed }, index, call), undefined];
    }
    for (const home of does === 'wait' ? starts(call) : []) {
      const first = mistake === 'lets the marker guard the limit' ? 'add' : 'write';
      const begun: Call = { ...call, does: first, shard: home, isYoung: state.forgot !== undefined };
      // Where it matters when a call was sent, that is a step of its own.
      if (forgets && key !== undefined) yield [`${name} is sent`, put(state, index, begun), undefined];
      else yield* stepsOf(state, index, begun);
    }
  }
  const starts = ({ key }: Call): readonly number[] =>
    key === undefined || mistake === 'starts a key at any shard' ? [...Array(shards).keys()] : [homes[key] ?? 0];

  function* next(state: StripesState): Generator<Step> {
    for (const [index, call] of state.calls.entries()) {
      if (index === 0 || !isSame(call, state.calls[index - 1])) yield* stepsOf(state, index, call);
    }
    for (const [index, write] of state.late.entries()) {
      const late = write.key === undefined ? state.late.filter((_, at) => at !== index) : state.late;
      const left: StripesState = { ...state, late };
      const name = `a late write ${write.key === undefined ? '' : `with key ${write.key} `}to shard ${write.shard}`;
      if (isRefused(state, write)) yield [`${name} is refused`, left, undefined];
      else yield [`${name} counts`, count(left, write).to, undefined];
    }
    for (const { shard } of forgets && state.forgot === undefined ? state.records : []) {
      const records = state.records.filter((record) => record.shard !== shard);
      yield [`shard ${shard} forgets its keys`, { ...state, forgot: shard, records }, undefined];
    }
    if (crowded === undefined || state.room === 'back') return;
    const room = state.room === 'there' ? 'gone' : 'back';
    yield [
      `shard ${crowded} has ${room === 'gone' ? 'no room' : 'room'} for another key`,
      { ...state, room },
      undefined,
    ];
  }

  return {
    initial: {
      used: Array<number>(shards).fill(0),
      moved: Array<number>(shards).fill(0),
      isClosed: false,
      room: 'there',
      calls: sorted(scenario.calls.map((key) => ({ ...WAITING, key }))),
      late: [],
      records: [],
      counted: [],
      values: [],
    },
    next,
    violation: ({ broken, values, calls }) => {
      const begun = calls.filter(({ does }) => does !== 'wait').length;
      const answered = calls.filter(({ does }) => does === 'end').length;
      const isOver = calls.every(({ does }) => does === 'end' || does === 'give up');
      return (
        broken ??
        (values.length > begun ? `${begun} calls counted ${values.length} times` : undefined) ??
        (isKeyless && isOver && values.length < Math.min(limit, answered)
          ? `ended at ${values.length} of ${limit}`
          : undefined)
      );
    },
  };
}

const WAITING: Call = { key: undefined, does: 'wait', shard: 0, refusals: 0, inDoubt: false, isYoung: false };

function withLate(state: StripesState, write: Write): StripesState {
  if (write.key !== undefined && state.late.some((other) => isSame(other, write))) return state;
  return { ...state, late: sorted([...state.late, write]) };
}

function withAt<Item>(items: readonly Item[], at: number, item: Item): Item[] {
  return items.map((other, index) => (index === at ? item : other));
}
