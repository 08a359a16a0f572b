import type { Model } from './explore';
import type { Scenario, StepLabel, Told } from './idempotency.model';
import type { Turn, Walk, WalkCall } from './walk';
import { distinct, isSame } from './values';

/** A protocol as walks are compared with it. */
export interface Protocol<State> {
  readonly model: (scenario: Scenario) => Model<State, StepLabel>;
  /** How many keys a state remembers. */
  readonly remembered: (state: State) => number;
  /** Whether nothing is under way that a turn waits for to end. @default - it is, once its calls have ended */
  readonly isSettled?: (state: State) => boolean;
}

/** What is seen of the real counter at the end of a turn. */
export interface Observed {
  /** How each call ended; a counter is told as the number of increments. */
  readonly told: readonly Told[];
  readonly remembered: number;
}

/** Follows a walk in the model. */
export interface Follower {
  /** @returns what the protocol allows, if it isn't what was seen; undefined where it is */
  turn(turn: Turn, observed: Observed): readonly Observed[] | undefined;
}

interface Place<State> {
  readonly state: State;
  /** What the calls of the turn have been told so far. */
  readonly told: readonly (Told | undefined)[];
}

/**
 * All states that the model may be in after what has been seen of a real counter. What can't be seen, such as a pruning, has
 * happened in some of them.
 */
export function follow<State>({ model, remembered, isSettled = () => true }: Protocol<State>, walk: Walk): Follower {
  const calls = walk.turns.flatMap((turn) => turn.calls);
  // A model begins the calls of a key in their order.
  const inOrder = calls.map((_, index) => index).sort((a, b) => sentIn(calls, a) - sentIn(calls, b) || a - b);
  const placeOf = (call: WalkCall): number => inOrder.indexOf(calls.indexOf(call));
  const { initial, next } = model({
    calls: inOrder.map((index) => calls[index]?.key),
    limit: walk.limit,
    room: walk.room,
    copies: 1, // a late copy is a call of its own, sent at the same time
    last: Infinity,
    followed: ['a', 'b', 'c'],
  });
  let now = 0;
  let states: readonly State[] = [initial];

  const step = (isTaken: (label: StepLabel) => boolean): void => {
    states = distinct(
      states.flatMap((state) => [...next(state)].flatMap(([, to, label]) => (isTaken(label) ? [to] : []))),
    );
  };
  const sendAll = (): void => {
    for (const [index, at] of inOrder.entries()) {
      const { key, sentIn: when, sentAt } = calls[at] as WalkCall;
      if (key === undefined || when !== now) continue;
      step(({ does, call, clock }) => does === 'send' && call === index && clock === sentAt);
    }
  };

  /** Where the calls of a turn may end: the steps of each in its order, those of different calls in any. */
  const ends = (turn: Turn): Place<State>[] => {
    const places = turn.calls.map(placeOf);
    const isOfTurn = ({ does, call, clock }: StepLabel): boolean =>
      (does === 'forget' || does === 'call') &&
      turn.calls.some(
        (one, at) => (call === undefined || call === places[at]) && (clock === undefined || clock === one.clock),
      );
    let frontier = states.map((state): Place<State> => ({ state, told: places.map(() => undefined) }));
    const all = new Map<string, Place<State>>();
    while (frontier.length > 0) {
      const found = frontier.filter((place) => !all.has(JSON.stringify(place)));
      for (const place of found) all.set(JSON.stringify(place), place);
      frontier = found.flatMap(({ state, told: before }) =>
        [...next(state)].flatMap(([, to, label]) => {
          if (!isOfTurn(label)) return [];
          const told = before.map((one, at) => (places[at] === label.call ? (label.told ?? one) : one));
          return [{ state: to, told }];
        }),
      );
    }
    return [...all.values()].filter(({ state, told }) => isSettled(state) && told.every((one) => one !== undefined));
  };

  sendAll();
  return {
    turn: (turn, observed) => {
      while (now < turn.time) {
        now += 1;
        step(({ does }) => does === 'time');
        sendAll();
      }
      const allowed = ends(turn).map(({ state, told }) => ({ state, seen: { told, remembered: remembered(state) } }));
      states = distinct(allowed.filter(({ seen }) => isSame(seen, observed)).map(({ state }) => state));
      return states.length > 0 ? undefined : distinct(allowed.map(({ seen }) => seen as Observed));
    },
  };
}

const sentIn = (calls: readonly WalkCall[], index: number): number => calls[index]?.sentIn ?? 0;
