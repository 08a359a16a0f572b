import type { Model } from './explore';
import {
  callersClocks,
  count,
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
  /** When the last key of each generation was remembered, by the true clock, which expiry goes by. */
  readonly touched: number;
  readonly oldTouched: number;
  readonly calls: readonly Call[];
  readonly promised: Promised;
}

/** The states of the protocol in a scenario. */
export function generationsModel(protocol: GenerationsProtocol, scenario: Scenario): Model<State, StepLabel> {
  const { calls, limit, room, copies, last } = scenario;
  const { mistake, turnAfter, patience } = protocol;

  const run = (state: State, index: number, { sent, bucket }: Call, time: number): readonly [State, Told] => {
    const key = calls[index];
    const { promised } = state;
    const isLimit = state.counter >= limit;
    const counter = state.counter + 1;
    const incremented: Told = { status: 'incremented', counter };
    if (key === undefined) {
      if (isLimit) return [state, LIMIT_REACHED];
      return [{ ...state, counter, promised: count(promised, state.now, counter) }, incremented];
    }
    const clock = Math.max(time, state.since ?? 0);
    const known = [...state.young, ...state.old].find((record) => record.key === key);
    const atLimit = (): [State, Told] => [{ ...state, promised: refuse(promised, 'limit', sent, key) }, LIMIT_REACHED];
    if (mistake === 'checks the limit before the key' && isLimit) return atLimit();
    if (known !== undefined) {
      const { value } = known;
      return [
        { ...state, promised: replay(promised, value, key) },
        { status: 'replayed', counter: value },
      ];
    }
    if (bucket < clock - patience && mistake !== 'no fence') return [state, { status: 'late' }];
    if (isLimit) return atLimit();
    const turned = state.since === undefined || clock >= state.since + turnAfter ? turn(state) : state;
    const { young, old } = turned;
    if (young.length + old.length >= room) {
      return [{ ...turned, promised: refuse(promised, 'full', sent, key) }, { status: 'full' }];
    }
    const after: State = {
      ...turned,
      counter,
      young: remember(young, { key, bucket: 0, value: counter }),
      since: turned.since ?? clock,
      touched: state.now,
      promised: count(promised, state.now, counter, key, sent),
    };
    return [after, incremented];
  };

  /** The next generation begins with its first key: until then there is none that is young. */
  const turn = ({ since, ...state }: State): State => {
    if (since === undefined) return state;
    return { ...state, young: [], old: mistake === 'one generation' ? [] : state.young, oldTouched: state.touched };
  };

  function* next(state: State): Generator<[string, State, StepLabel]> {
    if (state.now < last) yield [`bucket ${state.now + 1} begins`, { ...state, now: state.now + 1 }, TIME];
    const { since, ...rest } = state;
    if (since !== undefined && state.now >= state.touched + turnAfter) {
      yield ['the keys expire', { ...rest, young: [], old: [] }, { does: 'forget' }];
    }
    if (state.old.length > 0 && state.now >= state.oldTouched + turnAfter) {
      yield ['the older keys expire', { ...state, old: [] }, { does: 'forget' }];
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
        for (const time of call.copies === 0 ? [] : callersClocks(scenario, key, state.now)) {
          const [ran, told] = run(state, index, call, time);
          const counted = told.status === 'incremented' ? ` and counts to ${told.counter}` : '';
          yield [
            `${name} arrives in the server's bucket ${time}${counted}`,
            put(ran, { ...call, copies: call.copies - 1 }),
            { does: 'call', call: index, clock: time, told },
          ];
        }
      } else if (key === undefined) {
        const [ran, told] = run(state, index, call, state.now);
        yield [`${name} counts if it may`, put(ran, OVER), { does: 'call', call: index, told }];
      } else if (mayBegin(scenario, index, isBegun)) {
        for (const bucket of callersClocks(scenario, key, state.now)) {
          const sent: Call = { stage: 'sent', sent: state.now, bucket, copies };
          const label: StepLabel = { does: 'send', call: index, clock: bucket };
          yield [`${name} is sent in its sender's bucket ${bucket}`, put(state, sent), label];
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
      oldTouched: 0,
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
