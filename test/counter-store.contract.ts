import { inspect } from 'node:util';
import {
  type CounterStore,
  type IncrementOptions,
  NotAppliedError,
  type Outcome,
  StoreUnavailableError,
} from '../functions/counter-store';

/** What the contract needs of a store, freshly made for each test or shared by all: ids are never used twice. */
export interface CounterStoreUnderTest {
  readonly store: CounterStore;
  /** Writes a counter's value as it stands in the store: decimal digits. */
  put(id: string, value: string): Promise<void>;
  /**
   * Writes one of the foreign values.
   *
   * @default - there are none
   */
  putForeign?(id: string, value: unknown): Promise<void>;
  /**
   * What stands in the store under a counter id, in a form that shows every difference.
   *
   * @default - there are no foreign values
   */
  inspect?(id: string): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * What somebody else may have left under a counter id, as the store's own client writes it: whoever counts or reads it, all
 * have to agree on what it is.
 */
export interface ForeignValues {
  /** Counters, by the value that they have. */
  readonly counters: readonly (readonly [value: unknown, counter: number])[];
  /** Above the largest value: at every limit. An increment may set them back. */
  readonly beyond: readonly unknown[];
  /** No counters: refused unwritten. */
  readonly others: readonly unknown[];
  /**
   * No counters, which the store can't help incrementing: the outcome is unknown.
   *
   * @default - none
   */
  readonly countedAnyway?: readonly unknown[];
}

/** The foreign values that every store can hold that keeps 64 bits, as decimal digits. */
export const INTEGERS = {
  counters: [
    ['-9007199254740991', -9007199254740991],
    ['-3', -3],
    ['-1', -1],
    ['0', 0],
    ['5', 5],
  ],
  beyond: ['9007199254740992', '9223372036854775806', '9223372036854775807'],
  others: ['-9007199254740992', '-9223372036854775808'],
} as const satisfies ForeignValues;

export interface ContractOptions {
  /** Starts or reaches the store. Called once. */
  readonly create: () => Promise<CounterStoreUnderTest>;
  /** @default - none: the store is tested on them elsewhere */
  readonly foreign?: ForeignValues;
}

const CALLERS = 64;

/** The contract of every store. It describes what `CounterStore` promises, whatever is behind it. */
export function describeCounterStore(name: string, { create, foreign }: ContractOptions): void {
  describe(`${name} as a counter store`, () => {
    let underTest: CounterStoreUnderTest;
    let store: CounterStore;
    let lastId = 0;

    const newId = (): string => `contract-${process.pid}-${Date.now()}-${(lastId += 1)}`;

    const callersAtOnce = async <Ended = Outcome>(calls: number, call: () => Promise<Ended>): Promise<Ended[]> => {
      const outcomes = await Promise.all(
        Array.from({ length: CALLERS }, async () => {
          const own: Ended[] = [];
          for (let index = 0; index < calls; index += 1) own.push(await call());
          return own;
        }),
      );
      return outcomes.flat();
    };

    beforeAll(async () => {
      underTest = await create();
      store = underTest.store;
    });

    afterAll(() => underTest?.close());

    it('makes a new counter 1', async () => {
      const [unconditional, conditional] = [newId(), newId()];

      const outcomes = [await store.increment(unconditional), await store.increment(conditional, { max: '10' })];

      expect(outcomes).toEqual([incremented(1), incremented(1)]);
    });

    it('adds one to what is there, each value going to one call', async () => {
      const id = newId();

      const outcomes = await callersAtOnce(10, () => store.increment(id));

      expect(sortedCounters(outcomes)).toEqual(oneTo(CALLERS * 10));
    });

    it('increments exactly up to the limit when many calls arrive at once', async () => {
      const id = newId();

      const outcomes = await callersAtOnce(1, () => persistently(store, id, { max: '20' }));

      expect(sortedCounters(outcomes)).toEqual(oneTo(20));
      expect(outcomes.filter(({ status }) => status === 'limit-reached')).toHaveLength(CALLERS - 20);
    });

    it('counts once under a limit of 1', async () => {
      const id = newId();

      const outcomes = [await store.increment(id, { max: '1' }), await store.increment(id, { max: '1' })];

      expect(outcomes).toEqual([incremented(1), limitReached(1)]);
    });

    it('counts once under a limit of 1 when many first calls arrive at once', async () => {
      const id = newId();

      const outcomes = await callersAtOnce(1, () => persistently(store, id, { max: '1' }));

      expect(sortedCounters(outcomes)).toEqual([1]);
    });

    it('refuses a limit that has been lowered below the value, and leaves the value', async () => {
      const id = newId();
      await underTest.put(id, '7');

      const refusal = await store.increment(id, { max: '3' });
      const next = await store.increment(id);

      expect([refusal, next]).toEqual([limitReached(7), incremented(8)]);
    });

    it('passes a limit unconditionally, and refuses it again conditionally', async () => {
      const id = newId();
      for (let index = 0; index < 2; index += 1) await store.increment(id, { max: '2' });

      const outcomes = [
        await store.increment(id, { max: '2' }),
        await store.increment(id),
        await store.increment(id, { max: '2' }),
        await store.increment(id, { max: '4' }),
      ];

      expect(outcomes).toEqual([limitReached(2), incremented(3), limitReached(3), incremented(4)]);
    });

    it.each([2 ** 31 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER - 1])('counts on exactly from %d', async (start) => {
      const [unconditional, conditional] = [newId(), newId()];
      await underTest.put(unconditional, String(start));
      await underTest.put(conditional, String(start));

      const outcomes = [
        await store.increment(unconditional),
        await store.increment(conditional, { max: String(Number.MAX_SAFE_INTEGER) }),
      ];

      expect(outcomes).toEqual([incremented(start + 1), incremented(start + 1)]);
    });

    it('refuses to pass 2^53-1 in both modes, however often it is asked', async () => {
      const id = newId();
      await underTest.put(id, String(Number.MAX_SAFE_INTEGER));

      const outcomes = [
        await store.increment(id),
        await store.increment(id, { max: String(Number.MAX_SAFE_INTEGER) }),
        await store.increment(id),
      ];

      expect(outcomes).toEqual(Array.from({ length: 3 }, () => limitReached(Number.MAX_SAFE_INTEGER)));
    });

    it('hands out the last value once when many calls arrive at 2^53-2', async () => {
      const id = newId();
      await underTest.put(id, String(Number.MAX_SAFE_INTEGER - 1));

      const outcomes = await callersAtOnce(2, () => store.increment(id));

      expect(sortedCounters(outcomes)).toEqual([Number.MAX_SAFE_INTEGER]);
    });

    it('adds a step of which there is room for all of it, and otherwise nothing', async () => {
      const id = newId();
      const max = '10';

      const outcomes = [
        await store.increment(id, { by: 8, max }),
        await store.increment(id, { by: 3, max }),
        await store.increment(id, { by: 2, max }),
        await store.increment(id, { by: 2, max }),
        await store.increment(id, { max }),
        await store.increment(id, { by: 3 }),
        await store.increment(id),
      ];

      expect(outcomes).toEqual([
        incremented(8),
        refusedAt(8),
        incremented(10),
        refusedAt(10),
        limitReached(10),
        incremented(13),
        incremented(14),
      ]);
      expect(await store.read(id)).toBe(14);
    });

    it('adds a step of one as no step', async () => {
      const id = newId();

      const outcomes = [
        await store.increment(id, { by: 1 }),
        await store.increment(id, { by: 1, max: '2' }),
        await store.increment(id, { by: 1, max: '2' }),
      ];

      expect(outcomes).toEqual([incremented(1), incremented(2), limitReached(2)]);
    });

    it('adds as much as 1,000,000, from the first increment to the last that has room', async () => {
      const [unconditional, conditional] = [newId(), newId()];
      const by = 1_000_000;
      await underTest.put(conditional, String(Number.MAX_SAFE_INTEGER - by));

      const outcomes = [
        await store.increment(unconditional, { by }),
        await store.increment(unconditional, { by }),
        await store.increment(conditional, { by, max: String(Number.MAX_SAFE_INTEGER) }),
      ];

      expect(outcomes).toEqual([incremented(by), incremented(2 * by), incremented(Number.MAX_SAFE_INTEGER)]);
    });

    it('refuses a step above the limit, wherever the counter stands, and makes none', async () => {
      const [absent, below] = [newId(), newId()];
      await underTest.put(below, '-5');

      const outcomes = [
        await store.increment(absent, { by: 4, max: '3' }),
        await store.increment(absent, { by: 4, max: '3' }),
        await store.increment(below, { by: 4, max: '3' }),
        await store.increment(below, { by: 3, max: '3' }),
      ];

      expect(outcomes).toEqual([refusedAt(0), refusedAt(0), refusedAt(-5), incremented(-2)]);
      expect(await store.read(absent)).toBe(0);
      expect(await store.increment(absent, { by: 3, max: '3' })).toEqual(incremented(3));
    });

    it.each([
      ['to a limit', '97'],
      ['without one', undefined],
    ])('gives each number to one call when many call at once with steps of their own, %s', async (_, max) => {
      const id = newId();
      const limit = max === undefined ? {} : { max };
      let calls = 0;

      const stepped = await callersAtOnce(1, async () => {
        const by = [1, 2, 3, 7][calls++ % 4] ?? 1;
        return { by, outcome: await persistently(store, id, { by, ...limit }) };
      });

      const counted = stepped.flatMap(({ by, outcome }) => {
        if (outcome.status === 'incremented') return [{ after: outcome.counter - by, upTo: outcome.counter }];
        const told = by === 1 ? (outcome.counter ?? max) : outcome.counter;
        expect(Number(told) + by).toBeGreaterThan(Number(max));
        return [];
      });
      counted.sort((a, b) => a.upTo - b.upTo);
      expect(counted.map(({ after }) => after)).toEqual([0, ...counted.map(({ upTo }) => upTo)].slice(0, -1));
      const last = counted.at(-1)?.upTo ?? 0;
      expect(await store.read(id)).toBe(last);
      if (max === undefined) return;
      for (let next = last + 1; next <= Number(max); next += 1) {
        expect(await store.increment(id, limit)).toEqual(incremented(next));
      }
      expect(await store.increment(id, limit)).toEqual(limitReached(Number(max)));
    });

    it('adds all of a step or nothing at 2^53-1, with a limit or without', async () => {
      for (const limit of [{}, { max: String(Number.MAX_SAFE_INTEGER) }]) {
        const id = newId();
        await underTest.put(id, String(Number.MAX_SAFE_INTEGER - 4));

        const outcomes = [
          await store.increment(id, { by: 5, ...limit }),
          await store.increment(id, { by: 3, ...limit }),
          await store.increment(id, { by: 1_000_000, ...limit }),
          await store.increment(id, { by: 2, ...limit }),
          await store.increment(id, limit),
          await store.increment(id, { by: 2, ...limit }),
        ];

        const most = Number.MAX_SAFE_INTEGER;
        expect(outcomes).toEqual([
          limitReached(most - 4),
          incremented(most - 1),
          limitReached(most - 1),
          limitReached(most - 1),
          incremented(most),
          limitReached(most),
        ]);
      }
    });

    it('distinguishes ids that look alike', async () => {
      const stem = newId();
      const looks = ['x', 'X', 'x.', 'x-', 'x:', '7', '007', '7.0', '1e2', '100', '1.7', '-7', '0x7', 'null', '@', '~'];
      const ids = looks
        .map((look) => `${stem}${look}`)
        .concat(
          looks.map((look) => `${look}${stem}`),
          stem,
        );

      const outcomes = await Promise.all(ids.map((id) => store.increment(id)));

      expect(outcomes).toEqual(ids.map(() => incremented(1)));
    });

    it('distinguishes ids that are numbers to a lenient parser', async () => {
      // No stem keeps these apart from other runs: what counts is that none has counted for another.
      const ids = ['7', '007', '7.0', '1e2', '100', '1.7', '0x7'];
      const before = new Map<string, number>();
      for (const id of ids) before.set(id, counterOf(await store.increment(id)));

      for (const id of ids) await store.increment(id);

      for (const id of ids) expect(counterOf(await store.increment(id))).toBe(Number(before.get(id)) + 2);
    });

    it('takes an id of 128 characters whole', async () => {
      const stem = newId().padEnd(127, 'x');

      const outcomes = [await store.increment(`${stem}a`), await store.increment(`${stem}b`)];

      expect(outcomes).toEqual([incremented(1), incremented(1)]);
    });

    it('reads 0 where there is no counter, and makes none', async () => {
      const id = newId();

      const values = [await store.read(id), await store.read(id)];

      expect(values).toEqual([0, 0]);
      expect(await store.increment(id, { max: '1' })).toEqual(incremented(1));
    });

    it('reads what was counted last, refusals included', async () => {
      const id = newId();
      const values: number[] = [];

      for (let call = 0; call < 3; call += 1) {
        await store.increment(id, { max: '2' });
        values.push(await store.read(id));
      }

      expect(values).toEqual([1, 2, 2]);
    });

    it.each(['-5', '0', '2147483648', '9007199254740990', '9007199254740991'])('reads %s exactly', async (value) => {
      const id = newId();
      await underTest.put(id, value);

      expect(await store.read(id)).toBe(Number(value));
    });

    it('reads between what was counted before and what was started, while many count', async () => {
      const id = newId();
      let begun = 0;
      let counted = 0;
      const reads: { readonly least: number; readonly value: number; readonly most: number }[] = [];
      const count = async (): Promise<void> => {
        for (let call = 0; call < 5; call += 1) {
          begun += 1;
          await store.increment(id);
          counted += 1;
        }
      };
      const read = async (): Promise<void> => {
        for (let call = 0; call < 5; call += 1) {
          const least = counted;
          const value = await store.read(id);
          reads.push({ least, value, most: begun });
        }
      };

      await Promise.all(Array.from({ length: CALLERS }, (_, index) => (index % 2 === 0 ? count() : read())));

      expect(reads.filter(({ least, value, most }) => value < least || value > most)).toEqual([]);
      expect(await store.read(id)).toBe((CALLERS / 2) * 5);
    });

    const [describeForeign, why] = foreign
      ? [describe, '']
      : [describe.skip, ' (tried where the store is written to directly)'];
    describeForeign(`on what somebody else has written${why}`, () => {
      const values: ForeignValues = foreign ?? INTEGERS;
      const { counters, beyond, others, countedAnyway = [] } = values;
      const largest = String(Number.MAX_SAFE_INTEGER);
      const given = async (value: unknown): Promise<string> => {
        const id = newId();
        await underTest.putForeign?.(id, value);
        return id;
      };
      const shown = (value: unknown): string => `${JSON.stringify(value)} (${inspect(value)})`;
      const cases = (list: readonly unknown[]): [string, unknown][] => list.map((value) => [shown(value), value]);

      it.each(counters.map(([value, counter]) => [shown(value), value, counter] as const))(
        'counts on from %s as it reads it',
        async (_, value, counter) => {
          const id = await given(value);

          const read = await store.read(id);
          const outcomes = [await store.increment(id), await store.increment(id, { max: largest })];

          expect(read).toBe(counter);
          expect(outcomes).toEqual([incremented(counter + 1), incremented(counter + 2)]);
          expect(await store.read(id)).toBe(counter + 2);
          const [plain, limited] = [await given(value), await given(value)];
          const steps = [
            await store.increment(plain, { by: 3 }),
            await store.increment(limited, { by: 3, max: largest }),
          ];
          expect(steps).toEqual([incremented(counter + 3), incremented(counter + 3)]);
        },
      );

      it.each(cases(beyond))('reads %s as the largest value, and refuses to pass it', async (_, value) => {
        for (const options of [
          {},
          { max: largest },
          { max: '10' },
          { by: 3 },
          { by: 3, max: '10' },
          { by: 3, max: '2' },
        ]) {
          const id = await given(value);

          const before = await store.read(id);
          const outcome = await store.increment(id, options);
          const after = await store.read(id);

          expect([before, after]).toEqual([Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]);
          expect(outcome).toEqual(limitReached(Number.MAX_SAFE_INTEGER));
        }
      });

      it.each(cases(others))('calls %s unavailable, read or counted, and leaves it', async (_, value) => {
        const id = await given(value);
        const before = await underTest.inspect?.(id);

        const errors = [
          await errorOf(store.read(id)),
          await errorOf(store.increment(id)),
          await errorOf(store.increment(id, { max: '10' })),
          await errorOf(store.increment(id, { max: '1' })),
          await errorOf(store.increment(id, { by: 3 })),
          await errorOf(store.increment(id, { by: 3, max: '10' })),
          await errorOf(store.increment(id, { by: 3, max: '2' })),
          await errorOf(store.increment(id)),
        ];

        for (const error of errors) expect(error).toBeInstanceOf(StoreUnavailableError);
        expect(await underTest.inspect?.(id)).toEqual(before);
      });

      for (const [title, value] of cases(countedAnyway)) {
        it(`does not read ${title}, and never reports that it has counted`, async () => {
          const errors = [
            await errorOf(store.read(await given(value))),
            await errorOf(store.increment(await given(value))),
            await errorOf(store.increment(await given(value), { max: largest })),
          ];

          expect(errors.map((error) => (error as Error).name)).toEqual([
            'StoreUnavailableError',
            'UnknownOutcomeError',
            'UnknownOutcomeError',
          ]);
        });
      }
    });

    it('changes no other counter, and counts exactly or refuses, for hostile ids', async () => {
      const victim = newId();
      await store.increment(victim);
      const hostile = [
        `${victim}' OR '1'='1`,
        `${victim}'; UPDATE counters SET counter_value = 99; -- `,
        `${victim}\\`,
        `${victim}%`,
        `${victim}\u0000`,
        `${victim}\r\nSET counter:{${victim}} 99\r\n`,
        `${victim}}{`,
        `{"$gt": ""}`,
        `$where`,
        `{% $states.input.id %}`,
        '__proto__',
      ].map((id) => `${id}${newId()}`);

      const results = await Promise.allSettled(hostile.map((id) => store.increment(id)));
      await Promise.allSettled(hostile.map((id) => store.read(id)));
      const next = await store.increment(victim);

      for (const result of results) if (result.status === 'fulfilled') expect(result.value).toEqual(incremented(1));
      expect(next).toEqual(incremented(2));
    });
  });
}

/** Whether an error means that nothing was written. */
export function isNotApplied(error: unknown): boolean {
  return error instanceof NotAppliedError || error instanceof StoreUnavailableError;
}

/** Repeats a call that surely was not applied for a passing reason, as the state machine does. */
async function persistently(store: CounterStore, id: string, options: IncrementOptions): Promise<Outcome> {
  for (let attempt = 1; attempt < 100; attempt += 1) {
    try {
      return await store.increment(id, options);
    } catch (error) {
      if (!(error instanceof NotAppliedError)) throw error;
    }
  }
  return store.increment(id, options);
}

/** What a promise rejects with; the case fails where it doesn't. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  const settled = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!('error' in settled)) throw new Error(`expected a rejection, got ${JSON.stringify(settled.value)}`);
  return settled.error;
}

function incremented(counter: number): Outcome {
  return { status: 'incremented', counter };
}

/** The value is optional: a store returns it if that costs nothing. */
function limitReached(counter: number): unknown {
  return {
    asymmetricMatch: (other: Outcome) =>
      other.status === 'limit-reached' && (other.counter === undefined || other.counter === counter),
    toString: () => `limit reached, at ${counter} if it tells`,
  };
}

/** A refusal of a longer step than one tells the counter: there may be room for a shorter one. */
function refusedAt(counter: number): Outcome {
  return { status: 'limit-reached', counter };
}

function counterOf(outcome: Outcome): number {
  if (outcome.status !== 'incremented') throw new Error('expected an increment, got a refusal');
  return outcome.counter;
}

function sortedCounters(outcomes: readonly Outcome[]): number[] {
  return outcomes
    .flatMap((outcome) => (outcome.status === 'incremented' ? [outcome.counter] : []))
    .sort((a, b) => a - b);
}

function oneTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}
