import type { Model } from './explore';
import {
  callersClocks,
  count,
  mayBegin,
  NOTHING_PROMISED,
  type Promised,
  refuse,
  type Remembered,
  remember,
  replay,
  type Scenario,
  WINDOW,
} from './idempotency.model';

/**
 * The protocol of Redis: one script does all, by the server's own clock, which may go back when another server takes over.
 * Keys go into the younger of two generations. When it is old enough it becomes the older one, which is forgotten; a counter
 * that has seen no new key for as long forgets both.
 */
export interface GenerationsProtocol {
  /** How old the younger generation is when it becomes the older one, in buckets. */
  readonly turnAfter: number;
  /** How far a sender may be behind the server's clock. */
  readonly patience: number;
  /** A mistake to plant. @default - none */
  readonly mistake?: 'no fence' | 'one generation' | 'checks the limit before the key';
}

export const GENERATIONS_PROTOCOL: GenerationsProtocol = { turnAfter: WINDOW + 3, patience: 1 };

interface Call {
  readonly stage: 'not sent' | 'sent';
  readonly sent: number;
  readonly bucket: number;
  readonly copies: number;
}

const OVER: Call = { stage: 'sent', sent: 0, bucket: 0, copies: 0 };

interface State {
  readonly now: number;
  readonly counter: number;
  readonly young: readonly Remembered[];
  readonly old: readonly Remembered[];
  /** When the younger generation began, by the server's clock. @default - there is none */
  readonly since?: number;
  /** When the last key was remembered, by the true clock, which expiry goes by. */
  readonly touched: number;
  readonly calls: readonly Call[];
  readonly promised: Promised;
}

/** The states of the protocol in a scenario. */
export function generationsModel(protocol: GenerationsProtocol, scenario: Scenario): Model<State> {
  const { calls, limit, room, copies, last } = scenario;
  const { mistake, turnAfter, patience } = protocol;

  const run = (state: State, index: number, { sent, bucket }: Call, time: number): State => {
    const key = calls[index];
    const isLimit = state.counter >= limit;
    const counter = state.counter + 1;
    if (key === undefined) {
      return isLimit ? state : { ...state, counter, promised: count(state.promised, state.now, counter) };
    }
    const clock = Math.max(time, state.since ?? 0);
    const known = [...state.young, ...state.old].find((record) => record.key === key);
    if (mistake === 'checks the limit before the key' && isLimit) {
      return { ...state, promised: refuse(state.promised, 'limit', sent, key) };
    }
    if (known !== undefined) return { ...state, promised: replay(state.promised, known.value, key) };
    if (bucket < clock - patience && mistake !== 'no fence') return state;
    if (isLimit) return { ...state, promised: refuse(state.promised, 'limit', sent, key) };
    const isDue = state.since === undefined || clock >= state.since + turnAfter;
    const old = !isDue ? state.old : mistake === 'one generation' ? [] : state.young;
    const young = isDue ? [] : state.young;
    const since = isDue ? clock : state.since;
    if (young.length + old.length >= room) {
      return { ...state, young, old, since, promised: refuse(state.promised, 'full', sent, key) };
    }
    return {
      ...state,
      counter,
      young: remember(young, { key, bucket: 0, value: counter }),
      old,
      since,
      touched: state.now,
      promised: count(state.promised, state.now, counter, key, sent),
    };
  };

  function* next(state: State): Generator<[string, State]> {
    if (state.now < last) yield [`bucket ${state.now + 1} begins`, { ...state, now: state.now + 1 }];
    if (state.since !== undefined && state.now >= state.touched + turnAfter) {
      const { now, counter, touched, promised } = state;
      yield ['the keys expire', { now, counter, young: [], old: [], touched, calls: state.calls, promised }];
    }
    for (const [index, call] of state.calls.entries()) {
      const key = calls[index];
      const name = `call ${index + 1} (${key === undefined ? 'no key' : `key ${key}`})`;
      const isBegun = (other: number): boolean => state.calls[other]?.stage !== 'not sent';
      const put = (to: State, changed: Call): State => ({
        ...to,
        calls: to.calls.map((other, at) => (at !== index ? other : changed.copies === 0 ? OVER : changed)),
      });
      if (call.stage === 'sent') {
        for (const time of call.copies === 0 ? [] : callersClocks(key, state.now)) {
          const after = put(run(state, index, call, time), { ...call, copies: call.copies - 1 });
          const counted = after.counter > state.counter ? ` and counts to ${after.counter}` : '';
          yield [`${name} arrives in the server's bucket ${time}${counted}`, after];
        }
      } else if (key === undefined) {
        yield [`${name} counts if it may`, put(run(state, index, call, state.now), OVER)];
      } else if (mayBegin(scenario, index, isBegun)) {
        for (const bucket of callersClocks(key, state.now)) {
          const sent: Call = { stage: 'sent', sent: state.now, bucket, copies };
          yield [`${name} is sent in its sender's bucket ${bucket}`, put(state, sent)];
        }
      }
    }
  }

  return {
    initial: {
      now: 0,
      counter: 0,
      young: [],
      old: [],
      touched: 0,
      calls: calls.map(() => ({ stage: 'not sent', sent: 0, bucket: 0, copies: 0 })),
      promised: NOTHING_PROMISED,
    },
    next,
    violation: ({ counter, promised, young, old }) =>
      promised.broken ??
      (counter > limit ? 'counts past the limit' : undefined) ??
      (young.length + old.length > room ? 'remembers more keys than there is room for' : undefined),
  };
}
