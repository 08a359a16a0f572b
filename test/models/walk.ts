import type { Key } from './idempotency.model';

/*
 * Walks: what is done to a counter and when, in buckets of a slack, as the models count time. All of a walk follows from its
 * seed.
 */

/** A call as it is made. */
export interface WalkCall {
  /** @default - without a key */
  readonly key?: Key;
  /** When the request was sent, by the true clock and by its sender's. A copy has those of the call that it repeats. */
  readonly sentIn: number;
  readonly sentAt: number;
  /** What the clock reads that the call looks at. */
  readonly clock: number;
}

/** Calls that are made at once. */
export interface Turn {
  /** When, by the true clock. */
  readonly time: number;
  readonly calls: readonly WalkCall[];
}

export interface Walk {
  readonly seed: number;
  /** The counter before. */
  readonly start: number;
  /** What each of its increments adds. */
  readonly step: number;
  /** How often it may be incremented. */
  readonly limit: number;
  /** How many keys it remembers at most. */
  readonly room: number;
  readonly turns: readonly Turn[];
}

export interface WalkOptions {
  /** Whether the only clock is the sender's: an execution takes the time when it starts. @default - a call has its own */
  readonly senderClock?: boolean;
  /** Whether calls are made two at once, too. @default - one after the other */
  readonly atOnce?: boolean;
}

const TURNS = 24;
const KEYS: readonly Key[] = ['a', 'b', 'c'];

/** The buckets between two turns: mostly few, and sometimes nearly as many as a key is kept for. */
const PAUSES = [0, 0, 0, 0, 0, 1, 1, 2, 4, 7, 8, 9];

/** How long a request has been under way when its call is made. */
const DELAYS = [0, 0, 0, 0, 0, 0, 1, 1, 2, 3];

/** From 1, where no counter is, or from where the third increment is the one that forgets. */
const STARTS = [0, 29];

/** Limits that are reached, and one that isn't. */
const LIMITS = [2, 3, 5, 1000, 1000, 1000];

export function makeWalk(seed: number, { senderClock = false, atOnce = false }: WalkOptions): Walk {
  const random = randomOf(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const requests: Pick<WalkCall, 'key' | 'sentIn' | 'sentAt'>[] = [];
  let time = 0;

  const request = (): (typeof requests)[number] => {
    if (random() < 0.15) return { sentIn: time, sentAt: time };
    const recent = requests.slice(-6);
    if (recent.length > 0 && random() < 0.4) return pick(recent);
    const sentIn = Math.max(time - pick(DELAYS), 0);
    const made = { key: pick(KEYS), sentIn, sentAt: sentIn + pick([0, 1]) };
    requests.push(made);
    return made;
  };
  const call = (): WalkCall => {
    const sent = request();
    // A call without a key comes by a clock that is ahead, as in the models.
    const clock = sent.key === undefined ? time + 1 : senderClock ? sent.sentAt : time + pick([0, 1]);
    return { ...sent, clock };
  };

  const [start, limit, room] = [pick(STARTS), pick(LIMITS), pick([1, 2])];
  const turns = Array.from({ length: TURNS }, (): Turn => {
    time += pick(PAUSES);
    const calls = atOnce && random() < 0.25 ? [call(), call()] : [call()];
    return { time, calls };
  });
  return { seed, start, step: seed % 3 === 0 ? 7 : 1, limit, room, turns };
}

/** Numbers from 0 to 1, always the same ones: a linear congruential generator. */
function randomOf(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
