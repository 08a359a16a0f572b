import type { IncrementOptions, Outcome } from '../../functions/counter-store';
import { type KeyedIncrement, type KeyedOutcome, keptSeconds, slackSeconds } from '../../functions/keyed-increment';
import { isNotApplied } from '../counter-store.contract';

/** A store whose increments with a key are tested. */
export interface KeyedCounterUnderTest {
  incrementKeyed(id: string, increment: KeyedIncrement): Promise<KeyedOutcome>;
  /** An increment without a key, as everybody makes it. */
  increment(id: string, options?: IncrementOptions): Promise<Outcome>;
  read(id: string): Promise<number>;
  /** Puts a value there, decimal digits, as whoever made the counter before there were keys. */
  put(id: string, value: string): Promise<void>;
  /** How many keys the counter remembers. */
  remembered(id: string): Promise<number>;
  close(): Promise<void>;
}

export interface KeyedContractOptions {
  /** Starts or reaches the store. Called once. */
  readonly create: () => Promise<KeyedCounterUnderTest>;
  /** Whether the store goes by its own clock, so that the tests can't move it. @default - by the caller's */
  readonly ownClock?: boolean;
  /** How many callers there are at once. @default 32 */
  readonly callers?: number;
}

const WINDOW = 60;
/** Long enough for every key to be forgotten, and for those that come in a later turn to be remembered. */
const LONG = 1000;

/** What every store owes to a call with an idempotency key. */
export function describeKeyedCounter(name: string, options: KeyedContractOptions): void {
  const { create, ownClock = false, callers = 32 } = options;

  describe(`${name} with idempotency keys`, () => {
    let store: KeyedCounterUnderTest;
    let lastId = 0;

    const newId = (): string => `keyed-${process.pid}-${Date.now()}-${(lastId += 1)}`;
    const start = Math.floor(Date.now() / 1000);

    /** A call that is made `after` seconds from now. */
    const call = (
      id: string,
      key: string,
      given: Partial<KeyedIncrement> & { after?: number } = {},
    ): Promise<KeyedOutcome> => {
      const { after = 0, ...rest } = given;
      const time = ownClock ? Math.floor(Date.now() / 1000) : start + after;
      return persistently(() =>
        store.incrementKeyed(id, { key, sentAt: time, now: () => time, windowSeconds: WINDOW, cap: 100, ...rest }),
      );
    };

    beforeAll(async () => {
      store = await create();
    });

    afterAll(() => store?.close());

    it('counts a key once, and answers every repetition with the first value', async () => {
      const id = newId();

      const outcomes = [await call(id, 'a'), await call(id, 'a'), await call(id, 'b'), await call(id, 'a')];

      expect(outcomes).toEqual([counted(1), replayed(1), counted(2), replayed(1)]);
      expect(await store.read(id)).toBe(2);
    });

    it('tells the keys of different counters apart, and keys that differ in case', async () => {
      const [one, other] = [newId(), newId()];

      const outcomes = [await call(one, 'k'), await call(other, 'k'), await call(one, 'K')];

      expect(outcomes).toEqual([counted(1), counted(1), counted(2)]);
    });

    it('counts calls without a key beside it, each once, before and after', async () => {
      const id = newId();

      const outcomes = [
        await store.increment(id),
        await call(id, 'a'),
        await persistently(() => store.increment(id)),
        await persistently(() => store.increment(id, { max: '10' })),
        await call(id, 'a'),
        await call(id, 'b'),
      ];

      expect(outcomes.map(withoutConflicts)).toEqual([
        counted(1),
        counted(2),
        counted(3),
        counted(4),
        replayed(2),
        counted(5),
      ]);
      expect(await store.read(id)).toBe(5);
    });

    it('answers a repetition at the limit, and leaves the key of a refused call unused', async () => {
      const id = newId();

      const outcomes = [
        await call(id, 'a', { max: '2' }),
        await call(id, 'b', { max: '2' }),
        await call(id, 'c', { max: '2' }),
        await call(id, 'a', { max: '2' }),
        await call(id, 'b', { max: '1' }),
        await call(id, 'c', { max: '3' }),
        await call(id, 'c', { max: '3' }),
      ];

      expect(outcomes.map(withoutCounterAtLimit)).toEqual([
        counted(1),
        counted(2),
        { status: 'limit-reached' },
        replayed(1),
        replayed(2),
        counted(3),
        replayed(3),
      ]);
    });

    it('adds a step once, whatever step and limit its repetitions ask for', async () => {
      const id = newId();

      const outcomes = [
        await call(id, 'a', { by: 3 }),
        await call(id, 'a', { by: 3 }),
        await call(id, 'a', { by: 5 }),
        await call(id, 'a'),
        await call(id, 'b', { max: '4' }),
        await call(id, 'a', { by: 9, max: '1' }),
        await call(id, 'b', { by: 1_000_000 }),
        await call(id, 'c', { by: 1_000_000 }),
      ];

      expect(outcomes).toEqual([
        counted(3),
        replayed(3),
        replayed(3),
        replayed(3),
        counted(4),
        replayed(3),
        replayed(4),
        counted(1_000_004),
      ]);
      expect(await store.read(id)).toBe(1_000_004);
    });

    it('refuses a step that there is no room for, telling the counter, and leaves its key unused', async () => {
      const id = newId();
      const max = '10';

      const outcomes = [
        await call(id, 'a', { by: 8, max }),
        await call(id, 'b', { by: 3, max }),
        await call(id, 'b', { by: 2, max }),
        await call(id, 'c', { by: 2, max }),
        await call(id, 'b', { by: 3, max }),
      ];

      expect(outcomes).toEqual([counted(8), refusedAt(8), counted(10), refusedAt(10), replayed(10)]);
      expect(await store.remembered(id)).toBe(2);
    });

    it('refuses a step above the limit, wherever the counter stands, and makes none', async () => {
      const [absent, below] = [newId(), newId()];
      await store.put(below, '-5');

      const outcomes = [
        await call(absent, 'a', { by: 4, max: '3' }),
        await call(below, 'a', { by: 4, max: '3' }),
        await call(absent, 'a', { by: 3, max: '3' }),
        await call(below, 'a', { by: 3, max: '3' }),
      ];

      expect(outcomes).toEqual([refusedAt(0), refusedAt(-5), counted(3), counted(-2)]);
      expect([await store.read(absent), await store.read(below)]).toEqual([3, -2]);
    });

    it('adds all of a step or nothing at 2^53-1', async () => {
      const id = newId();
      const most = Number.MAX_SAFE_INTEGER;
      await store.put(id, String(most - 4));

      const outcomes = [
        await call(id, 'a', { by: 3 }),
        await call(id, 'b', { by: 2 }),
        await call(id, 'b'),
        await call(id, 'a', { by: 2 }),
      ];

      expect(outcomes.map(withoutCounterAtLimit)).toEqual([
        counted(most - 1),
        { status: 'limit-reached' },
        counted(most),
        replayed(most - 1),
      ]);
    });

    it.each(['-9007199254740991', '-1', '0', '41', '9007199254740989'])('replays exactly from %s', async (value) => {
      const id = newId();
      await store.put(id, value);
      const next = Number(value) + 1;

      const outcomes = [await call(id, 'a'), await call(id, 'b'), await call(id, 'a'), await call(id, 'b')];

      expect(outcomes).toEqual([counted(next), counted(next + 1), replayed(next), replayed(next + 1)]);
    });

    it('refuses to pass 2^53-1', async () => {
      const id = newId();
      await store.put(id, String(Number.MAX_SAFE_INTEGER));

      expect((await call(id, 'a')).status).toBe('limit-reached');
      expect(await store.remembered(id)).toBe(0);
    });

    it('refuses a new key where there is room for no more, and still answers those that it remembers', async () => {
      const id = newId();

      const outcomes = [
        await call(id, 'a', { cap: 2 }),
        await call(id, 'b', { cap: 2 }),
        await call(id, 'c', { cap: 2 }),
        await call(id, 'b', { cap: 2 }),
        await call(id, 'c', { cap: 3 }),
      ];

      expect(outcomes).toEqual([counted(1), counted(2), { status: 'full' }, replayed(2), counted(3)]);
    });

    it('refuses what was sent long ago, and leaves its key unused', async () => {
      const id = newId();
      await call(id, 'a', { after: LONG });
      await forgetAll(id);

      const outcomes = [
        await call(id, 'b', { after: 2 * LONG, sentAt: start - LONG }),
        await call(id, 'b', { after: 2 * LONG }),
      ];

      expect(outcomes.map(({ status }) => status)).toEqual(['late', 'incremented']);
    });

    /** Lets a counter with room for one key forget it, where the clock can be moved. */
    const forgetAll = async (id: string): Promise<void> => {
      if (!ownClock) await call(id, 'another', { after: 2 * LONG, cap: 1 });
    };

    const itAtMovedClock = (what: string, test: () => Promise<void>): void =>
      ownClock ? it.skip(`${what} (not seen here: the server's own clock can't be moved)`, test) : it(what, test);

    itAtMovedClock('makes room by forgetting what is old enough, and only that', async () => {
      const id = newId();

      const outcomes = [
        await call(id, 'a', { cap: 2 }),
        await call(id, 'b', { cap: 2, after: WINDOW }),
        await call(id, 'c', { cap: 2, after: WINDOW }),
        await call(id, 'c', { cap: 2, after: 2.5 * WINDOW }),
        await call(id, 'b', { cap: 2, after: 2.5 * WINDOW }),
        await call(id, 'd', { cap: 2, after: 2.5 * WINDOW }),
      ];

      expect(outcomes).toEqual([
        counted(1),
        counted(2),
        { status: 'full' },
        counted(3),
        replayed(2),
        { status: 'full' },
      ]);
      expect(await store.remembered(id)).toBe(2);
    });

    itAtMovedClock('forgets old keys as it goes, not only when there is no room', async () => {
      const id = newId();
      for (let own = 1; own <= 31; own += 1) await call(id, `old-${own}`);

      const outcome = await call(id, 'young', { after: LONG });

      expect(outcome).toEqual(counted(32));
      expect(await store.remembered(id)).toBe(1);
      expect(await store.read(id)).toBe(32);
    });

    itAtMovedClock('refuses a call whose key has been forgotten since it was sent', async () => {
      const id = newId();
      await call(id, 'a', { cap: 1 });
      await call(id, 'b', { cap: 1, after: LONG });

      const copy = await call(id, 'a', { cap: 1, sentAt: start + WINDOW, after: LONG });

      expect(copy).toEqual({ status: 'late' });
      expect(await store.read(id)).toBe(2);
    });

    itAtMovedClock('keeps a key for the window and five times the slack, to the second', async () => {
      const id = newId();
      const kept = keptSeconds(WINDOW);

      const outcomes = [
        await call(id, 'a', { cap: 1 }),
        await call(id, 'b', { cap: 1, after: kept - 1 }),
        await call(id, 'b', { cap: 1, after: kept }),
      ];

      expect(outcomes).toEqual([counted(1), { status: 'full' }, counted(2)]);
    });

    itAtMovedClock('draws the line of what is late a slack before the clock of who has forgotten', async () => {
      const id = newId();
      const line = start + LONG - slackSeconds(WINDOW);
      await call(id, 'a', { cap: 1 });
      await call(id, 'b', { cap: 1, after: LONG });

      const outcomes = [
        await call(id, 'c', { after: LONG, sentAt: line - 1 }),
        await call(id, 'd', { after: LONG, sentAt: line }),
      ];

      expect(outcomes).toEqual([{ status: 'late' }, counted(3)]);
    });

    it('counts each key once, and answers alike, when many call at once and repeat each other', async () => {
      const id = newId();
      const values = new Map<string, Set<number>>();
      const unkeyed: number[] = [];
      const caller = async (own: number): Promise<void> => {
        for (let turn = 0; turn < 9; turn += 1) {
          if (turn % 3 === 2) {
            const outcome = await persistently(() => store.increment(id));
            if (outcome.status === 'incremented') unkeyed.push(outcome.counter);
            continue;
          }
          // A third repeats what a neighbour sends at the same time.
          const key = `${own - (own % 3 === 2 ? 1 : 0)}-${turn}`;
          const outcome = await call(id, key, { cap: 1000 });
          if (outcome.status !== 'incremented' && outcome.status !== 'replayed') throw new Error(outcome.status);
          values.set(key, (values.get(key) ?? new Set()).add(outcome.counter));
        }
      };

      await Promise.all(Array.from({ length: callers }, (_, own) => caller(own)));

      const first = [...values.values()].map((all) => [...all]);
      expect(first.filter((all) => all.length !== 1)).toEqual([]);
      const all = [...first.flat(), ...unkeyed].sort((a, b) => a - b);
      expect(all).toEqual(Array.from({ length: all.length }, (_, index) => index + 1));
      expect(await store.read(id)).toBe(all.length);
      expect(await store.remembered(id)).toBe(values.size);
    });

    it("adds each key's step once when many call at once, and repeat each other with other steps", async () => {
      const id = newId();
      const values = new Map<string, Set<number>>();
      const counted: { readonly after: number; readonly upTo: number }[] = [];
      const caller = async (own: number): Promise<void> => {
        for (let turn = 0; turn < 4; turn += 1) {
          const by = 1 + ((own + turn) % 5);
          const key = `${own - (own % 2)}-${turn}`;
          const outcome =
            turn === 3 ? await persistently(() => store.increment(id, { by })) : await call(id, key, { by, cap: 1000 });
          if (outcome.status !== 'incremented' && outcome.status !== 'replayed') throw new Error(outcome.status);
          if (outcome.status === 'incremented') counted.push({ after: outcome.counter - by, upTo: outcome.counter });
          if (turn < 3) values.set(key, (values.get(key) ?? new Set()).add(outcome.counter));
        }
      };

      await Promise.all(Array.from({ length: callers }, (_, own) => caller(own)));

      expect([...values.values()].filter((all) => all.size !== 1)).toEqual([]);
      counted.sort((a, b) => a.upTo - b.upTo);
      expect(counted.map(({ after }) => after)).toEqual([0, ...counted.map(({ upTo }) => upTo)].slice(0, -1));
      expect(await store.read(id)).toBe(counted.at(-1)?.upTo);
      expect(counted).toHaveLength(values.size + callers);
    });

    it('counts exactly to the limit with keys and without, and remembers no more', async () => {
      const id = newId();
      const max = '20';

      const outcomes = await Promise.all(
        Array.from({ length: callers }, (_, own) =>
          own % 4 === 3 ? persistently(() => store.increment(id, { max })) : call(id, `k${own % 8}`, { max }),
        ),
      );
      for (let own = 0; own < 20; own += 1) await call(id, `more-${own}`, { max });

      const keyed = outcomes.filter((_, own) => own % 4 !== 3);
      expect(keyed.every(({ status }) => status === 'incremented' || status === 'replayed')).toBe(true);
      expect(await store.read(id)).toBe(20);
      expect(new Set(keyed.map((outcome) => 'counter' in outcome && outcome.counter)).size).toBe(6);
    });
  });
}

/** Repeats a call that surely was not applied, as the state machine and its clients do. */
export async function persistently<Result>(send: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; attempt < 50; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      if (!isNotApplied(error)) throw error;
    }
  }
  return send();
}

function counted(counter: number): unknown {
  return expect.objectContaining({ status: 'incremented', counter });
}

function replayed(counter: number): KeyedOutcome {
  return { status: 'replayed', counter };
}

/** A refusal of a longer step than one tells the counter: there may be room for a shorter one. */
function refusedAt(counter: number): KeyedOutcome {
  return { status: 'limit-reached', counter };
}

function withoutConflicts(outcome: KeyedOutcome): unknown {
  return 'counter' in outcome ? { status: outcome.status, counter: outcome.counter } : outcome;
}

function withoutCounterAtLimit(outcome: KeyedOutcome): unknown {
  return outcome.status === 'limit-reached' ? { status: outcome.status } : outcome;
}
