import type { Model } from './explore';
import {
  callersClocks,
  count,
  incremented,
  isFollowed,
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
 * The protocol of DocumentDB and Momento: a call reads the counter with its keys, then looks at its own clock, and writes
 * both anew if the counter is still what it has read. A copy of a write that comes late compares with a counter that has
 * moved; what comes late before it has read is told by the clock. Pruning is part of the writing.
 */
export interface CompareAndSetProtocol {
  /** How old a key is when it is forgotten, in buckets. */
  readonly forgetAfter: number;
  /** How a call without a key counts: DocumentDB adds, Momento has to keep the keys that it finds. */
  readonly withoutKey: 'adds' | 'compares and sets';
  /** A mistake to plant. @default - none */
  readonly mistake?:
    'looks at the clock before it reads' | 'no fence' | 'compares nothing' | 'drops the keys in a call without one';
}

export const COMPARE_AND_SET_PROTOCOL: CompareAndSetProtocol = { forgetAfter: WINDOW + 5, withoutKey: 'adds' };

interface Call {
  readonly stage: 'not sent' | 'sent' | 'read' | 'writing' | 'told';
  readonly sent: number;
  readonly bucket: number;
  /** What was read. */
  readonly counter?: number;
  readonly records?: readonly Remembered[];
  /** Where the mistake is to look before reading. */
  readonly clock?: number;
  /** Whether the key had counted when the counter was read, and this is a call that has to be told its value. */
  readonly isReplay?: boolean;
}

/** A state, and what has been told on the way there. */
type Step = readonly [state: State, told?: Told];

const OVER: Call = { stage: 'told', sent: 0, bucket: 0 };

interface State {
  readonly now: number;
  readonly counter: number;
  readonly records: readonly Remembered[];
  readonly calls: readonly Call[];
  readonly promised: Promised;
}

/** The states of the protocol in a scenario. */
export function compareAndSetModel(protocol: CompareAndSetProtocol, scenario: Scenario): Model<State, StepLabel> {
  const { calls, limit, room, last } = scenario;
  const { mistake, withoutKey } = protocol;

  const put = (state: State, index: number, call: Call): State => ({
    ...state,
    calls: state.calls.map((other, at) => (at === index ? call : other)),
  });

  const add = (state: State, index: number): State => {
    if (state.counter >= limit) return put(state, index, OVER);
    const counter = state.counter + 1;
    return put({ ...state, counter, promised: count(state.promised, state.now, counter) }, index, OVER);
  };

  const read = (state: State, index: number, call: Call): Step => {
    const key = calls[index];
    const { counter, promised } = state;
    const known = state.records.find((record) => record.key === key);
    if (key !== undefined && known !== undefined) {
      const after = put({ ...state, promised: replay(promised, known.value, key) }, index, OVER);
      return [after, { status: 'replayed', counter: known.value }];
    }
    const isReplay = key !== undefined && call.sent <= (promised.keys[key]?.until ?? -1);
    return [put(state, index, { ...call, stage: 'read', counter, records: state.records, isReplay })];
  };

  /** The look at the clock after reading, and what follows from both. */
  const decide = (state: State, index: number, call: Call, clock: number): Step => {
    const key = calls[index];
    const { counter = 0, records = [], isReplay, ...rest } = call;
    const young = records.filter(({ bucket }) => bucket + protocol.forgetAfter > clock);
    if (key === undefined) {
      if (counter >= limit) return [put(state, index, OVER), LIMIT_REACHED];
      const kept = mistake === 'drops the keys in a call without one' ? [] : young;
      return [put(state, index, { ...rest, stage: 'writing', counter, records: kept })];
    }
    if (call.bucket < clock - 1 && mistake !== 'no fence') return [put(state, index, OVER), { status: 'late' }];
    const why = counter >= limit ? 'limit' : young.length >= room ? 'full' : undefined;
    if (why !== undefined) {
      const promised = isReplay ? refuse(state.promised, why, call.sent, key) : state.promised;
      return [put({ ...state, promised }, index, OVER), why === 'limit' ? LIMIT_REACHED : { status: why }];
    }
    const after = remember(young, { key, bucket: clock, value: counter + 1 });
    return [put(state, index, { ...rest, stage: 'writing', counter, records: after })];
  };

  /** All that a call does before its write, where it is there for the others' sake: it isn't stopped in between. */
  const readAtOnce = (state: State, index: number): Step => {
    const [bucket = 0] = callersClocks(scenario, calls[index], state.now);
    const [reading, told] = read(state, index, { stage: 'sent', sent: state.now, bucket });
    const call = reading.calls[index];
    return call?.stage === 'read' ? decide(reading, index, call, bucket) : [reading, told];
  };

  const arrive = (state: State, index: number, call: Call): State => {
    const { counter: expected = 0, records = [], sent, bucket } = call;
    if (expected !== state.counter && mistake !== 'compares nothing')
      return put(state, index, { stage: 'sent', sent, bucket });
    const counter = expected + 1;
    const promised = count(state.promised, state.now, counter, calls[index], sent);
    return put({ ...state, counter, records, promised }, index, OVER);
  };

  function* send(state: State, index: number, name: string): Generator<[string, State, StepLabel]> {
    for (const bucket of callersClocks(scenario, calls[index], state.now)) {
      const clock = mistake === 'looks at the clock before it reads' ? { clock: bucket } : {};
      // No copies: each would compare with the same counter, which has moved when the first was stored.
      const sent: Call = { stage: 'sent', sent: state.now, bucket, ...clock };
      const label: StepLabel = { does: 'send', call: index, clock: bucket };
      yield [`${name} is sent in its sender's bucket ${bucket}`, put(state, index, sent), label];
    }
  }

  function* next(state: State): Generator<[string, State, StepLabel]> {
    if (state.now < last) yield [`bucket ${state.now + 1} begins`, { ...state, now: state.now + 1 }, TIME];
    for (const [index, call] of state.calls.entries()) {
      const key = calls[index];
      const name = `call ${index + 1} (${key === undefined ? 'no key' : `key ${key}`})`;
      const isBegun = (other: number): boolean => state.calls[other]?.stage !== 'not sent';
      const step = (what: string, [after, told]: Step, clock?: number): [string, State, StepLabel] => [
        `${name} ${what}`,
        after,
        { does: 'call', call: index, told, ...(clock !== undefined && { clock }) },
      ];
      switch (call.stage) {
        case 'not sent':
          if (key === undefined && withoutKey === 'adds') {
            const after = add(state, index);
            yield step('adds', [after, incremented(state, after) ?? LIMIT_REACHED]);
          } else if (!isFollowed(scenario, key)) yield step('reads, and looks at its clock', readAtOnce(state, index));
          else if (mayBegin(scenario, index, isBegun)) yield* send(state, index, name);
          break;
        case 'sent':
          if (isFollowed(scenario, key)) yield step('reads', read(state, index, call));
          else yield step('reads again', readAtOnce(state, index));
          break;
        case 'read':
          for (const clock of call.clock === undefined ? callersClocks(scenario, key, state.now) : [call.clock]) {
            yield step(`looks at its clock: bucket ${clock}`, decide(state, index, call, clock), clock);
          }
          break;
        case 'writing': {
          const after = arrive(state, index, call);
          const told = incremented(state, after);
          yield step(`writes ${told?.counter ?? 'and fails'}`, [after, told]);
          break;
        }
        case 'told':
      }
    }
  }

  return {
    initial: {
      now: 0,
      counter: 0,
      records: [],
      calls: calls.map(() => ({ stage: 'not sent', sent: 0, bucket: 0 })),
      promised: NOTHING_PROMISED,
    },
    next,
    violation: ({ counter, promised, records }) =>
      promised.broken ??
      (counter > limit ? 'counts past the limit' : undefined) ??
      (records.length > room ? `remembers ${records.length} keys in the room of ${room}` : undefined),
  };
}
