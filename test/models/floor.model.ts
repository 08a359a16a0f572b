import type { Model } from './explore';
import {
  callersClocks,
  clocks,
  count,
  incremented,
  type Key,
  LIMIT_REACHED,
  mayBegin,
  NOTHING_PROMISED,
  type Promised,
  refuse,
  type Remembered,
  remember,
  replay,
  type Scenario,
  type StepLabel,
  TIME,
  type Told,
  WINDOW,
} from './idempotency.model';

/**
 * The protocol of DynamoDB and TiDB: one conditional write counts and remembers the key with the bucket of its sender. Only
 * a read tells why it was refused. Pruning is a write of its own; it raises the floor, below which senders are late.
 */
export interface FloorProtocol {
  /** How old a key is when it is forgotten, in buckets. */
  readonly forgetAfter: number;
  /** How far the floor stays behind the clock of who prunes: those whose clock is behind may go on. */
  readonly floorBehind: number;
  /**
   * Whose clock a pruning goes by: that of who prunes, or what it read when the request came in, however long ago.
   *
   * @default - that of who prunes
   */
  readonly prunesBy?: 'the request';
  /** A mistake to plant. @default - none */
  readonly mistake?:
    | 'forgets by number'
    | 'no fence'
    | 'names the bucket of a key, and looks into its neighbours only'
    | 'looks a key up before the write only'
    | 'checks the room before the write only'
    | 'checks the limit before the key'
    | 'tells the limit before lateness'
    | 'lowers the number of keys for each copy of a pruning'
    | 'takes the value from an attempt that was rolled back';
}

export const FLOOR_PROTOCOL: FloorProtocol = { forgetAfter: WINDOW + 4, floorBehind: 1 };

interface Call {
  readonly stage: 'not sent' | 'sent' | 'refused' | 'told';
  readonly sent: number;
  readonly bucket: number;
  /** How often the write may still arrive. */
  readonly copies: number;
  /** What a look at the counter before the write has shown, where the mistake is to take one. */
  readonly seen?: { readonly counter: number; readonly isKnown: boolean; readonly isFull: boolean };
}

/** Nothing of a call matters once it has its answer, and no copy of its write is left. */
const OVER: Call = { stage: 'told', sent: 0, bucket: 0, copies: 0 };

const isOver = ({ stage, copies }: Call): boolean => copies === 0 && (stage === 'told' || stage === 'sent');

interface Pruning {
  readonly copies: number;
  readonly floor: number;
  readonly dead: readonly Remembered[];
}

interface State {
  readonly now: number;
  readonly counter: number;
  readonly records: readonly Remembered[];
  /** The store's own number of records, which the room is checked by. */
  readonly number: number;
  readonly floor: number;
  readonly calls: readonly Call[];
  readonly pruning?: Pruning;
  readonly promised: Promised;
}

type Refusal = 'known' | 'late' | 'limit' | 'full';

const TOLD = { known: 'replayed', late: 'late', limit: 'limit-reached', full: 'full' } as const;

/** The states of the protocol in a scenario. */
export function floorModel(protocol: FloorProtocol, scenario: Scenario): Model<State, StepLabel> {
  const { calls, limit, room, copies, last } = scenario;
  const { mistake } = protocol;

  const put = (state: State, index: number, call: Call): State => ({
    ...state,
    calls: state.calls.map((other, at) => (at === index ? (isOver(call) ? OVER : call) : other)),
  });

  const isKnown = ({ records }: State, key: Key | undefined, bucket: number): boolean =>
    records.some(
      (record) =>
        record.key === key &&
        (mistake !== 'names the bucket of a key, and looks into its neighbours only' ||
          Math.abs(record.bucket - bucket) <= 1),
    );

  /** Why a call with a key is refused, in the order in which it is told. */
  const refusal = (state: State, key: Key, bucket: number): Refusal | undefined => {
    if (mistake === 'checks the limit before the key' && state.counter >= limit) return 'limit';
    if (isKnown(state, key, bucket)) return 'known';
    if (mistake === 'tells the limit before lateness' && state.counter >= limit) return 'limit';
    if (bucket < state.floor && mistake !== 'no fence') return 'late';
    if (state.counter >= limit) return 'limit';
    return state.number >= room ? 'full' : undefined;
  };

  const isApplied = (state: State, key: Key, { bucket, seen }: Call): boolean => {
    const why = refusal(state, key, bucket);
    switch (mistake) {
      case 'looks a key up before the write only':
        return why === undefined || (why === 'known' && seen?.isKnown === false);
      case 'checks the room before the write only':
        return why === undefined || (why === 'full' && seen?.isFull === false);
      case 'forgets by number':
        return why === undefined || why === 'full';
      default:
        return why === undefined;
    }
  };

  const apply = (state: State, index: number, { sent, bucket }: Call): State => {
    const key = calls[index];
    const counter = state.counter + 1;
    const counted = { ...state, counter, promised: count(state.promised, state.now, counter, key, sent) };
    if (key === undefined) return counted;
    const isCrowded = mistake === 'forgets by number' && state.number >= room;
    const kept = isCrowded ? state.records.slice(1) : state.records;
    const records = remember(kept, { key, bucket, value: counter });
    return { ...counted, records, number: state.number - (state.records.length - kept.length) + 1 };
  };

  const arrive = (state: State, index: number, call: Call): State => {
    const key = calls[index];
    if (key === undefined) return put(state.counter < limit ? apply(state, index, call) : state, index, OVER);
    const rest: Call = { ...call, copies: call.copies - 1 };
    if (isApplied(state, key, call)) return put(apply(state, index, call), index, rest);
    if (mistake === 'takes the value from an attempt that was rolled back' && isKnown(state, key, call.bucket)) {
      const promised = replay(state.promised, (call.seen?.counter ?? 0) + 1, key);
      return put({ ...state, promised }, index, { ...rest, stage: 'told' });
    }
    return put(state, index, { ...rest, stage: call.stage === 'sent' ? 'refused' : call.stage });
  };

  /** The read after a refusal, at any later time. */
  const tell = (state: State, index: number, key: Key, call: Call): State => {
    const why = refusal(state, key, call.bucket);
    // What stood in the way has gone: the same write once more.
    if (why === undefined) return put(state, index, { ...call, stage: 'sent', copies: Math.max(call.copies, 1) });
    const told = put(state, index, { ...call, stage: 'told' });
    if (why === 'late') return told;
    if (why !== 'known') return { ...told, promised: refuse(state.promised, why, call.sent, key) };
    const value = state.records.find((record) => record.key === key)?.value ?? 0;
    return { ...told, promised: replay(state.promised, value, key) };
  };

  const prune = (state: State, { floor, dead, copies }: Pruning): State => {
    const rest = withoutPruning(state);
    const left: State = copies === 1 ? rest : { ...rest, pruning: { floor, dead, copies: copies - 1 } };
    const gone = state.records.filter((record) => dead.some((other) => isSame(other, record)));
    const isWhole = gone.length === dead.length && floor > state.floor;
    if (!isWhole && mistake !== 'lowers the number of keys for each copy of a pruning') return left;
    const records = state.records.filter((record) => !gone.includes(record));
    return { ...left, records, number: state.number - dead.length, floor };
  };

  /** What the read after a refusal tells. @default - nothing stands in the way any more */
  const answer = (state: State, key: Key, { bucket }: Call): Told | undefined => {
    const why = refusal(state, key, bucket);
    const known = why === 'known' ? state.records.find((record) => record.key === key) : undefined;
    return why && { status: TOLD[why], ...(known && { counter: known.value }) };
  };

  /** What who prunes may take for the time. */
  const pruningClocks = (now: number): readonly number[] =>
    protocol.prunesBy === 'the request' ? Array.from({ length: now + 2 }, (_, bucket) => bucket) : clocks(now);

  function* next(state: State): Generator<[string, State, StepLabel]> {
    if (state.now < last) yield [`bucket ${state.now + 1} begins`, { ...state, now: state.now + 1 }, TIME];
    for (const [index, call] of state.calls.entries()) {
      const key = calls[index];
      const name = `call ${index + 1} (${key === undefined ? 'no key' : `key ${key}`})`;
      const isBegun = (other: number): boolean => state.calls[other]?.stage !== 'not sent';
      if (call.stage !== 'not sent') {
        if (call.copies > 0) {
          const after = arrive(state, index, call);
          const told = incremented(state, after);
          yield [
            `${name} arrives and ${told ? `counts to ${told.counter}` : 'is refused'}`,
            after,
            { does: 'call', call: index, told },
          ];
        }
        if (call.stage === 'refused' && key !== undefined) {
          const told = answer(state, key, call);
          yield [`${name} reads why`, tell(state, index, key, call), { does: 'call', call: index, told }];
        }
      } else if (key === undefined) {
        const after = arrive(state, index, call);
        const told = incremented(state, after) ?? LIMIT_REACHED;
        yield [`${name} counts if it may`, after, { does: 'call', call: index, told }];
      } else if (mayBegin(scenario, index, isBegun)) {
        for (const bucket of callersClocks(scenario, key, state.now)) {
          const sent: Call = { stage: 'sent', sent: state.now, bucket, copies };
          const { counter, number } = state;
          const seen = { counter, isKnown: isKnown(state, key, bucket), isFull: number >= room };
          yield [
            `${name} is sent in its sender's bucket ${bucket}`,
            put(state, index, mistake === undefined ? sent : { ...sent, seen }),
            { does: 'send', call: index, clock: bucket },
          ];
        }
      }
    }
    for (const clock of state.pruning === undefined ? pruningClocks(state.now) : []) {
      const dead = state.records.filter(({ bucket }) => bucket + protocol.forgetAfter <= clock);
      if (dead.length === 0) continue;
      const pruning = { copies: 2, floor: clock - protocol.floorBehind, dead };
      yield [`a pruning is sent in its sender's bucket ${clock}`, { ...state, pruning }, { does: 'forget', clock }];
    }
    if (state.pruning) {
      yield ['the pruning arrives', prune(state, state.pruning), { does: 'forget' }];
    }
  }

  return {
    initial: {
      now: 0,
      counter: 0,
      records: [],
      number: 0,
      floor: 0,
      calls: calls.map(() => ({ stage: 'not sent', sent: 0, bucket: 0, copies: 0 })),
      promised: NOTHING_PROMISED,
    },
    next,
    violation: ({ counter, promised, records, number }) =>
      promised.broken ??
      (counter > limit ? 'counts past the limit' : undefined) ??
      (records.length > room ? `remembers ${records.length} keys in the room of ${room}` : undefined) ??
      (number === records.length ? undefined : `takes ${records.length} keys for ${number}`),
  };
}

function isSame(one: Remembered, other: Remembered): boolean {
  return one.key === other.key && one.bucket === other.bucket && one.value === other.value;
}

function withoutPruning({ now, counter, records, number, floor, calls, promised }: State): State {
  return { now, counter, records, number, floor, calls, promised };
}
