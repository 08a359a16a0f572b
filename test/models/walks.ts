import type { KeyedOutcome } from '../../functions/keyed-increment';
import { follow, type Observed, type Protocol } from './follow';
import type { Told } from './idempotency.model';
import { makeWalk, type Turn, type Walk, type WalkCall, type WalkOptions } from './walk';

/** A real counter whose clock is moved. */
export interface WalkedStore {
  /** Puts a value there. */
  put(id: string, value: string): Promise<void>;
  /** The true clock goes on to a bucket. */
  reach(id: string, time: number): Promise<void>;
  call(id: string, call: WalkCall, walk: Walk): Promise<KeyedOutcome>;
  remembered(id: string): Promise<number>;
  close(): Promise<void>;
}

export interface WalksOptions<State> extends WalkOptions {
  readonly protocol: Protocol<State>;
  readonly open: () => Promise<WalkedStore>;
  /** How many walks there are. @default 40 */
  readonly walks?: number;
}

/** What at least one call of the walks has met. */
const MET = [
  'full',
  'incremented',
  'incremented after making room',
  'incremented again, its key forgotten',
  'incremented without a key',
  'late',
  'late at the limit',
  'limit-reached',
  'limit-reached without a key',
  'replayed',
  'replayed at the limit',
  'replayed late',
  'replayed without room',
];

/** The limit of a walk's counter: there is room for all but one of another step. */
export function limitOf({ start, step, limit }: Walk): string {
  return String(start + (limit + 1) * step - 1);
}

/** Does only what its protocol allows, on walks by chance. */
export function describeWalks<State>(name: string, options: WalksOptions<State>): void {
  describe(`${name} with idempotency keys`, () => {
    let store: WalkedStore;

    beforeAll(async () => {
      store = await options.open();
    });

    afterAll(() => store?.close());

    it('does only what its protocol allows, whatever it meets', async () => {
      const met = new Set<string>();

      for (let seed = 1; seed <= (options.walks ?? 40); seed += 1) {
        const walk = makeWalk(seed, options);
        for (const one of await take(walk, store, options.protocol)) met.add(one);
      }

      expect([...met].sort()).toEqual(MET);
    });
  });
}

/**
 * Takes a walk on a real counter of its own.
 *
 * @returns what its calls have met
 * @throws Error telling the walk where the store does what the protocol doesn't allow
 */
async function take<State>(walk: Walk, store: WalkedStore, protocol: Protocol<State>): Promise<Set<string>> {
  const id = `walk-${process.pid}-${Date.now()}-${walk.seed}`;
  const follower = follow(protocol, walk);
  const met = new Set<string>();
  const lines = [
    `walk ${walk.seed}: from ${walk.start}, ${walk.limit} increments by ${walk.step} at most, room for ${walk.room} keys`,
  ];
  const counted = new Set<string>();
  let [increments, remembered] = [0, 0];

  if (walk.start > 0) await store.put(id, String(walk.start));
  for (const turn of walk.turns) {
    await store.reach(id, turn.time);
    const outcomes = await Promise.all(turn.calls.map((call) => store.call(id, call, walk)));
    const observed = { told: outcomes.map((one) => told(one, walk)), remembered: await store.remembered(id) };

    lines.push(...turnLines(turn, observed));
    const allowed = follower.turn(turn, observed);
    if (allowed !== undefined) {
      throw new Error([...lines, 'The protocol allows here:', ...allowed.flatMap((one) => seenLines(one))].join('\n'));
    }
    for (const [index, { status }] of observed.told.entries()) {
      const { key, sentAt } = turn.calls[index] as WalkCall;
      met.add(key === undefined ? `${status} without a key` : status);
      if (status === 'incremented') increments += 1;
      if (key === undefined || turn.calls.length > 1) continue;
      const isLimit = increments >= walk.limit;
      if ((status === 'replayed' || status === 'late') && isLimit) met.add(`${status} at the limit`);
      if (status === 'replayed' && remembered >= walk.room) met.add('replayed without room');
      if (status === 'replayed' && sentAt < turn.time - 1) met.add('replayed late');
      if (status !== 'incremented') continue;
      if (remembered >= walk.room) met.add('incremented after making room');
      if (counted.has(key)) met.add('incremented again, its key forgotten');
      counted.add(key);
    }
    remembered = observed.remembered;
  }
  return met;
}

/**
 * An outcome in the model's terms: its counter starts from nothing and counts steps, and a refused call needn't tell its
 * value.
 */
function told(outcome: KeyedOutcome, { start, step }: Walk): Told {
  const { status } = outcome;
  const isTold = status === 'incremented' || status === 'replayed';
  return isTold ? { status, counter: (outcome.counter - start) / step } : { status };
}

function turnLines({ time, calls }: Turn, { told, remembered }: Observed): string[] {
  const what = calls.map(({ key, sentIn, sentAt, clock }, index) => {
    const sent = key === undefined ? 'no key' : `key ${key}, sent in ${sentIn} at its clock's ${sentAt}`;
    return `${sent}, clock at ${clock}: ${toldText(told[index])}`;
  });
  return [`bucket ${time}: ${what.join(' | at once ')}; remembers ${remembered}`];
}

function seenLines({ told, remembered }: Observed): string[] {
  return [`  ${told.map(toldText).join(' | ')}; remembers ${remembered}`];
}

function toldText(told?: Told): string {
  return `${told?.status} ${told?.counter ?? ''}`.trim();
}
