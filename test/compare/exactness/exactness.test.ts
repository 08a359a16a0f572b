import fc from 'fast-check';
import { checkExactness, type History, type Operation, recordHistory, type Rule } from '../../../compare/exactness';
import { type SimulationOptions, simulatedHistories } from './counter-simulation';
import { type Plant, PLANTED, PLANTED_ON_SHARDS, PLANTED_WITH_KEYS, PLANTED_WITH_STEPS } from './planted';
import { hasAnOrder, smallHistories } from './search';

/** How many small histories are compared with the search. `EXACTNESS_RUNS=200000 npx jest exactness` takes new ones. */
const RUNS = process.env['EXACTNESS_RUNS'];
const COMPARISON = RUNS === undefined ? { numRuns: 10_000, seed: 1 } : { numRuns: Number(RUNS) };
const COMPARISON_TIMEOUT_MS = 30_000 + COMPARISON.numRuns * 10;

/** An operation in short: what it returned, and from when to when it ran. */
const operation = (
  result: Operation['result'],
  [invokedAt, completedAt]: readonly [number, number],
  max?: number,
): Operation => ({
  client: invokedAt,
  invokedAt: BigInt(invokedAt),
  completedAt: BigInt(completedAt),
  result,
  ...(max === undefined ? {} : { max }),
});
const incremented = (counter: number, times: readonly [number, number], max?: number): Operation =>
  operation({ status: 'incremented', counter }, times, max);
const read = (counter: number, times: readonly [number, number]): Operation =>
  operation({ status: 'read', counter }, times);
const refused = (times: readonly [number, number], max: number, counter?: number): Operation =>
  operation({ status: 'limit-reached', ...(counter === undefined ? {} : { counter }) }, times, max);
const unknown = (times: readonly [number, number], max?: number): Operation =>
  operation({ status: 'unknown' }, times, max);
const step = (by: number, call: Operation): Operation => ({ ...call, by });
const notApplied = (times: readonly [number, number]): Operation => operation({ status: 'not-applied' }, times);

/** Calls of one key: one that says that it counted, one that says that another did, and one that doesn't tell. */
const withKey = (call: Operation): Operation => ({ ...call, key: 'a' });
const first = (counter: number, times: readonly [number, number], max?: number): Operation =>
  withKey(operation({ status: 'incremented', counter, replayed: false }, times, max));
const replayed = (counter: number, times: readonly [number, number], max?: number): Operation =>
  withKey(operation({ status: 'incremented', counter, replayed: true }, times, max));
const answered = (counter: number, times: readonly [number, number]): Operation => withKey(incremented(counter, times));

/** Rules that a history breaks, and its faulty operations by when they began. */
function brokenBy(operations: readonly Operation[], rest: Omit<History, 'operations'> = {}) {
  const { violations } = checkExactness({ operations, ...rest });
  return violations.map((violation) => [violation.rule, violation.operations.map(({ client }) => client)]);
}

describe('a history of a correct counter', () => {
  it.each([
    ['nothing', []],
    ['increments one after the other', [incremented(1, [0, 1]), incremented(2, [2, 3])]],
    ['overlapping increments in the other order', [incremented(2, [0, 9]), incremented(1, [1, 8])]],
    ['an unknown increment that was applied', [unknown([0, 1]), incremented(2, [2, 3])]],
    ['an unknown increment that was not', [unknown([0, 1]), incremented(1, [2, 3]), read(1, [4, 5])]],
    ['an unknown increment that is applied late', [unknown([0, 1]), read(0, [2, 3]), read(1, [4, 5])]],
    ['one that was surely not applied', [notApplied([0, 1]), incremented(1, [2, 3])]],
    ['a read during an increment', [incremented(1, [0, 9]), read(0, [1, 2]), read(1, [3, 4])]],
    ['a refusal at the limit', [incremented(1, [0, 1], 1), refused([2, 3], 1, 1)]],
    ['a refusal while the limit is being reached', [incremented(1, [0, 9], 1), refused([1, 2], 1)]],
    ['a refusal that an unknown increment explains', [unknown([0, 1], 1), refused([2, 3], 1)]],
    [
      'a gap that only an unknown with the higher limit can have filled',
      [unknown([0, 1], 1), unknown([0, 1], 3), read(2, [2, 3])],
    ],
    [
      'a counter above the limit of who is refused',
      [incremented(1, [0, 1]), incremented(2, [2, 3]), refused([4, 5], 1, 2)],
    ],
    ['a replay, however late', [first(1, [0, 1]), incremented(2, [2, 3]), replayed(1, [4, 5])]],
    ['a replay at the limit', [first(1, [0, 1], 1), refused([2, 3], 1), replayed(1, [4, 5], 1)]],
    ['a replay of an unknown outcome', [withKey(unknown([0, 1])), incremented(2, [2, 3]), replayed(1, [4, 5])]],
    ['a replay that is answered before its first call', [first(1, [0, 9]), replayed(1, [1, 2])]],
    ['a key that counts after it was not applied', [withKey(notApplied([0, 1])), first(1, [2, 3])]],
    [
      'a key that counts after a refusal at a lower limit',
      [incremented(1, [0, 1]), withKey(refused([2, 3], 1)), first(2, [4, 5])],
    ],
    ['steps, one after the other', [step(4, incremented(4, [0, 1])), step(2, incremented(6, [2, 3]))]],
    ['a refusal of a step at 8 of 10', [step(8, incremented(8, [0, 1], 10)), step(3, refused([2, 3], 10, 8))]],
    [
      'a step for what is left, after a larger one was refused',
      [step(8, incremented(8, [0, 1])), step(3, refused([2, 3], 10)), step(2, incremented(10, [4, 5], 10))],
    ],
    ['a refusal of a step above its limit, at any value', [step(3, refused([0, 1], 2, 0))]],
    ['a gap of an unknown step', [step(3, unknown([0, 1])), step(2, incremented(5, [2, 3]))]],
    [
      'gaps that unknown steps fill in one way only',
      [
        ...[3, 2, 2].map((by) => step(by, unknown([0, 1]))),
        step(1, incremented(5, [2, 3])),
        step(1, incremented(9, [4, 5])),
      ],
    ],
    [
      'a replay, though the repeat has another step',
      [step(3, withKey(unknown([0, 1]))), step(1, replayed(3, [2, 3])), incremented(4, [4, 5])],
    ],
    [
      'a value of a key whose calls leave open which step counted',
      [step(3, withKey(unknown([0, 1]))), step(1, answered(3, [2, 3])), incremented(4, [4, 5])],
    ],
    ['a passed limit, unconditionally', [incremented(1, [0, 1], 1), incremented(2, [2, 3]), refused([4, 5], 1, 2)]],
  ])('may hold %s', (_what, operations) => {
    expect(brokenBy(operations)).toEqual([]);
  });

  it('may begin at any value', () => {
    expect(brokenBy([incremented(8, [0, 1], 8), refused([2, 3], 8)], { start: 7 })).toEqual([]);
  });

  it('may count anew after an expiry, and go on from any earlier value after a failover', () => {
    const before = [incremented(1, [0, 1]), incremented(2, [2, 3]), incremented(3, [4, 5])];

    const expired = brokenBy([...before, incremented(1, [9, 10])], { resets: [{ from: 6n, to: 7n, value: 0 }] });
    const failedOver = brokenBy([...before, incremented(3, [9, 10])], { resets: [{ from: 6n, to: 7n }] });

    expect([expired, failedOver]).toEqual([[], []]);
  });
});

describe('the checker', () => {
  it.each<[string, readonly Operation[], Rule, readonly number[]]>([
    ['a value returned twice', [incremented(1, [0, 5]), incremented(1, [1, 6])], 'distinct', [0, 1]],
    ['a value that goes down', [incremented(2, [0, 1]), incremented(1, [2, 3])], 'order', [0, 2]],
    ['a value at the start', [incremented(0, [0, 1])], 'order', [0]],
    ['an increment counted twice', [incremented(1, [0, 1]), incremented(3, [2, 3])], 'gap', [2]],
    ['one not applied that was', [notApplied([0, 1]), incremented(2, [2, 3])], 'gap', [2]],
    ['a gap filled before its unknown began', [incremented(2, [0, 1]), unknown([2, 3])], 'gap', [0]],
    ['two gaps and one unknown', [unknown([0, 1]), incremented(3, [2, 3])], 'gap', [2]],
    ['a value past the limit', [incremented(1, [0, 1], 1), incremented(2, [2, 3], 1)], 'limit', [2]],
    ['more accepted than the limit', [incremented(1, [0, 5], 1), incremented(1, [1, 6], 1)], 'limit', [1]],
    ['a refusal before the limit', [incremented(1, [0, 1], 2), refused([2, 3], 2)], 'refusal', [2]],
    [
      'a refusal that returns a value below the limit',
      [incremented(1, [0, 1], 5), unknown([0, 9], 5), refused([2, 3], 5, 2)],
      'refusal',
      [2],
    ],
    [
      'a refusal that only unknowns with a lower limit explain',
      [unknown([0, 1], 1), unknown([0, 1], 1), refused([2, 3], 2)],
      'refusal',
      [2],
    ],
    [
      'a refusal of an unlimited increment',
      [incremented(1, [0, 1]), operation({ status: 'limit-reached' }, [2, 3])],
      'refusal',
      [2],
    ],
    ['a gap above the limit of its unknown', [unknown([0, 1], 2), incremented(3, [2, 3], 3)], 'gap', [2]],
    [
      'two gaps, and unknowns that can fill the lower one alone',
      [unknown([0, 1], 1), unknown([0, 1], 1), incremented(3, [2, 3])],
      'gap',
      [2],
    ],
    ['a refusal that a later value disproves', [refused([0, 1], 1), incremented(1, [2, 3], 1)], 'refusal', [2, 0]],
    ['a lost increment', [incremented(1, [0, 1]), read(0, [2, 3])], 'read', [0, 2]],
    ['a read that saw too much', [incremented(1, [0, 1]), read(2, [2, 3])], 'read', [2]],
    ['a value that was read before', [read(1, [0, 1]), incremented(1, [2, 3])], 'order', [0, 2]],
    ['a stale read', [unknown([0, 1]), read(1, [2, 3]), read(0, [4, 5])], 'read', [2, 4]],
    ['a key with two values', [first(1, [0, 1]), answered(2, [2, 3])], 'replay', [0, 2]],
    ['two calls at once that say they counted', [first(1, [0, 5]), first(1, [1, 6])], 'replay', [0, 1]],
    ['a call that says it counted after its key had', [answered(1, [0, 1]), first(1, [2, 3])], 'replay', [0]],
    ['a replay of what nobody called', [replayed(1, [0, 1])], 'replay', [0]],
    ['a replay before the call that counted', [replayed(1, [0, 1]), first(1, [2, 3])], 'replay', [0]],
    [
      'a replay of a key that was only refused',
      [incremented(1, [0, 1]), withKey(refused([2, 3], 1)), replayed(1, [4, 5], 1)],
      'replay',
      [4],
    ],
    ['a refusal of a key that had counted', [first(1, [0, 1], 1), withKey(refused([2, 3], 1))], 'replay', [0, 2]],
    [
      'a gap that only an unknown outcome settled elsewhere could fill',
      [withKey(unknown([0, 1])), replayed(1, [2, 3]), incremented(3, [4, 5])],
      'gap',
      [4],
    ],
    [
      'a gap and two unknown outcomes of one key',
      [withKey(unknown([0, 1])), withKey(unknown([2, 3])), incremented(3, [4, 5])],
      'gap',
      [4],
    ],
    [
      'a gap that an unknown outcome whose repeat met the limit can’t fill',
      [incremented(1, [0, 1]), withKey(unknown([0, 1], 1)), withKey(refused([2, 3], 1)), incremented(3, [4, 5])],
      'gap',
      [4],
    ],
    [
      'values that two steps share',
      [step(4, incremented(4, [0, 5])), step(2, incremented(5, [1, 6]))],
      'distinct',
      [0, 1],
    ],
    ['a step above its limit', [step(3, incremented(3, [0, 1], 2))], 'limit', [0]],
    [
      'a refusal of a step at 8 of 10 that it has room for',
      [step(8, incremented(8, [0, 1])), step(2, refused([2, 3], 10))],
      'refusal',
      [2],
    ],
    [
      'a refusal that tells a value with room for its step',
      [step(8, incremented(8, [0, 1])), unknown([0, 1]), step(2, refused([2, 3], 10, 8))],
      'refusal',
      [2],
    ],
    ['a gap below an unknown step', [step(3, unknown([0, 1])), incremented(3, [2, 3])], 'gap', [2]],
    [
      'gaps that unknown steps can fill one by one, not all',
      [step(3, unknown([0, 1])), step(1, unknown([0, 1])), incremented(4, [2, 3]), incremented(8, [4, 5])],
      'gap',
      [4],
    ],
    ['a read of a part of a step', [step(4, incremented(4, [0, 5])), read(2, [1, 6])], 'read', [0, 1]],
    ['lost steps', [step(4, incremented(4, [0, 1])), read(3, [2, 3])], 'read', [0, 2]],
    ['a value that was read before its key was first called', [read(1, [0, 1]), first(1, [2, 3])], 'order', [0, 2]],
  ])('finds %s, and names it', (_what, operations, rule, clients) => {
    expect(brokenBy(operations)).toContainEqual([rule, clients]);
  });

  it('names the values that two steps share', () => {
    const { violations } = checkExactness({
      operations: [step(4, incremented(4, [0, 5], 9)), step(3, incremented(6, [1, 6], 9))],
    });

    expect(violations[0]?.message).toBe(
      "4 was taken twice, by client 0's increment by 4 below 9 (0.000 to 0.000 ms): incremented 4 " +
        "and by client 1's increment by 3 below 9 (0.000 to 0.000 ms): incremented 6",
    );
  });

  it.each<[string, readonly Operation[]]>([
    ['values in any order, with gaps', [incremented(7, [0, 1]), incremented(2, [2, 3]), read(2, [4, 5])]],
    ['a refusal once all are taken', [incremented(2, [0, 1], 2), incremented(1, [2, 3], 2), refused([4, 5], 2, 2)]],
    ['a refusal that an unknown explains', [incremented(2, [0, 1], 2), unknown([2, 3], 2), refused([4, 5], 2)]],
    ['a read of an unknown', [unknown([0, 1]), incremented(5, [2, 3]), read(2, [4, 5])]],
  ])('lets shards have %s', (_what, operations) => {
    expect(brokenBy(operations, { sharded: true })).toEqual([]);
  });

  it.each<[string, readonly Operation[], Rule, readonly number[]]>([
    ['a value twice', [incremented(2, [0, 1]), incremented(2, [2, 3])], 'distinct', [0, 2]],
    ['a value above the limit', [incremented(3, [0, 1], 2)], 'limit', [0]],
    ['two limits', [incremented(1, [0, 1], 2), incremented(2, [2, 3], 3)], 'limit', [0, 2]],
    ['a refusal while one is left', [incremented(2, [0, 1], 2), refused([2, 3], 2)], 'refusal', [2]],
    [
      'a refusal that only a later call explains',
      [incremented(2, [0, 1], 2), refused([2, 3], 2), incremented(1, [4, 5], 2)],
      'refusal',
      [2],
    ],
    [
      'a refusal before the value that an unknown left',
      [unknown([0, 1], 2), incremented(2, [0, 1], 2), refused([2, 3], 2), incremented(1, [4, 5], 2)],
      'refusal',
      [2],
    ],
    ['a sum that misses one', [incremented(9, [0, 1]), incremented(4, [2, 3]), read(1, [4, 5])], 'read', [4]],
    ['a sum of too many', [incremented(9, [0, 1]), read(2, [2, 3])], 'read', [2]],
    [
      'a sum that stays the same over an increment',
      [unknown([0, 1]), read(1, [2, 3]), incremented(9, [4, 5]), read(1, [6, 7])],
      'read',
      [6],
    ],
  ])('finds that shards had %s', (_what, operations, rule, clients) => {
    expect(brokenBy(operations, { sharded: true })).toContainEqual([rule, clients]);
  });

  it('has no say in shards with resets or steps', () => {
    const sharded = { sharded: true } as const;

    expect(() => checkExactness({ ...sharded, operations: [], resets: [{ from: 2n, to: 3n }] })).toThrow('no resets');
    expect(() => checkExactness({ ...sharded, operations: [step(2, incremented(2, [0, 1]))] })).toThrow('no steps');
  });

  it('lets unknown increments carry a counter no further than their own limits', () => {
    const below = (max: number): Operation[] => [
      ...[1, 2, 3].map((value) => incremented(value, [0, 9], 3)),
      ...Array.from({ length: 29 }, () => unknown([0, 9], max)),
      read(32, [10, 11]),
    ];

    expect(brokenBy(below(3))).toEqual([['read', [10]]]);
    expect(brokenBy(below(32))).toEqual([]);
  });

  it('finds what a reset does not excuse', () => {
    const expiry = { resets: [{ from: 6n, to: 7n, value: 0 }] };
    const before = [incremented(1, [0, 1]), incremented(2, [2, 3])];

    expect(brokenBy([...before, incremented(2, [4, 5])], expiry)).toContainEqual(['distinct', [2, 4]]);
    expect(brokenBy([...before, incremented(3, [8, 9])], expiry)).toContainEqual(['gap', [8]]);
    const failover = { resets: [{ from: 6n, to: 7n }] };
    expect(brokenBy([...before, incremented(4, [8, 9])], failover)).toContainEqual(['gap', [8]]);
    expect(brokenBy([...before, unknown([4, 5], 2), incremented(4, [8, 9])], failover)).toContainEqual(['gap', [8]]);
  });

  it('gives operations that run into a reset one side each', () => {
    const expiry = { resets: [{ from: 4n, to: 6n, value: 0 }] };

    expect(brokenBy([incremented(1, [0, 8]), incremented(1, [1, 9])], expiry)).toEqual([]);
    expect(brokenBy([incremented(1, [0, 8]), incremented(1, [1, 9]), incremented(1, [2, 10])], expiry)).toContainEqual([
      'distinct',
      [1, 2],
    ]);
  });

  it('describes the operations, counts them, and counts on where it shows no more', () => {
    const operations = Array.from({ length: 30 }, (_, index) => incremented(1, [index, 100]));

    const verdict = checkExactness({ operations: [...operations, refused([101, 102], 1, 1), read(1, [101, 102])] });

    expect(verdict.counts).toEqual({ attempted: 31, counted: 30, refused: 1, notApplied: 0, unknown: 0, reads: 1 });
    expect(verdict.broken).toEqual({ distinct: 29, read: 1 });
    expect(verdict.violations.filter(({ rule }) => rule === 'distinct')).toHaveLength(10);
    expect(verdict.violations[0]?.message).toBe(
      "1 was returned twice, to client 0's increment (0.000 to 0.000 ms): incremented 1 and to client 1's increment (0.000 to 0.000 ms): incremented 1",
    );
  });

  it.each([
    {},
    { resets: true },
    { clients: 16 },
    { clients: 2, resets: true },
    { keys: 6 },
    { keys: 6, ownReplays: true, clients: 16 },
    { bys: [1, 2, 3] },
    { bys: [1, 2, 3], resets: true, clients: 16 },
    { bys: [3], resets: true },
    { bys: [2, 5], keys: 6, ownReplays: true },
    { sharded: true },
    { sharded: true, keys: 6, clients: 16 },
  ])('accepts whatever happens on a correct counter: %j', (options) => {
    fc.assert(
      fc.property(simulatedHistories(options), (history) => {
        expect(checkExactness(history).violations).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it.each(Object.entries(PLANTED))('rejects a history with %s', (_what, plant) => {
    expectRejected(plant);
  });

  it.each(Object.entries(PLANTED_WITH_KEYS))('rejects a history with %s', (_what, plant) => {
    expectRejected(plant, { keys: 6, limits: [2, 4, 12] });
  });

  it.each([...Object.entries(PLANTED), ...Object.entries(PLANTED_WITH_STEPS)])(
    'rejects a history of steps with %s',
    (_what, plant) => {
      expectRejected(plant, { bys: [2, 3, 5], limits: [4, 12, 30] });
    },
  );

  it.each(Object.entries(PLANTED_ON_SHARDS))('rejects a history of shards with %s', (_what, plant) => {
    expectRejected(plant, { sharded: true, limits: [6, 12] });
  });

  it('accepts what has an order though the limits of a key differ', () => {
    const histories = smallHistories().map((history) => ({
      ...history,
      operations: history.operations.map((each, index) => (index % 3 === 0 ? each : { ...each, key: `k${index % 2}` })),
    }));
    fc.assert(
      fc.property(histories, (history) => {
        fc.pre(hasAnOrder(history));
        expect(checkExactness(history).violations).toEqual([]);
      }),
      { numRuns: 2000, seed: 1, maxSkipsPerRun: 1000 },
    );
  });

  it('rejects no order of steps because their places are many', () => {
    // Steps of 41 sizes, every other of unknown outcome, and limits that tell all apart.
    let value = 0;
    const operations = Array.from({ length: 400 }, (_, index): Operation => {
      const by = 60 + ((index * 37) % 41);
      value += by;
      return step(by, index % 2 === 0 ? unknown([0, 1], 100_000 + index) : incremented(value, [index + 2, index + 3]));
    });

    expect(brokenBy(operations)).toEqual([]);
  });

  it('finds a gap that no unknown step fills, among any number', () => {
    const unknowns = Array.from({ length: 300 }, (_, index) =>
      step(6 + 2 * (index % 40), unknown([0, 1], 1e6 + index)),
    );

    expect(brokenBy([...unknowns, incremented(6, [2, 3]), incremented(10, [4, 5])])).toEqual([
      ['gap', [2]],
      ['gap', [4]],
    ]);
  });

  it('has no say in what a reset leaves of the keys', () => {
    const keyed = { ...incremented(1, [0, 1]), key: 'a' };

    expect(() => checkExactness({ operations: [keyed], resets: [{ from: 2n, to: 3n }] })).toThrow(
      'must have no resets',
    );
  });

  it('decides on 100,000 operations, which would take minutes if it compared each with each', () => {
    const operations = Array.from({ length: 100_000 }, (_, index) =>
      index % 10 === 9
        ? unknown([index, index + 40], index + 1 + (index % 13))
        : incremented(index + 1, [index, index + 40 + (index % 7)]),
    );

    const verdict = checkExactness({ operations });

    expect(verdict.isExact).toBe(true);
  });

  it.each([
    {},
    { keys: true },
    { keys: true, ownReplays: true },
    { steps: true },
    { steps: true, keys: true },
    { steps: true, keys: true, ownReplays: true },
    { sharded: true },
    { sharded: true, keys: true },
    { sharded: true, keys: true, ownReplays: true },
  ])(
    'decides as a search over all orders does: %j',
    (kind) => {
      const decisions = { exact: 0, not: 0 };
      fc.assert(
        fc.property(smallHistories(kind), (history) => {
          const isExact = hasAnOrder(history);
          decisions[isExact ? 'exact' : 'not'] += 1;
          expect(checkExactness(history).isExact).toBe(isExact);
        }),
        COMPARISON,
      );
      if (RUNS !== undefined) console.log(`decided alike: ${JSON.stringify(decisions)}`);
      expect(decisions.exact + decisions.not).toBe(COMPARISON.numRuns);
      expect(Math.min(decisions.exact, decisions.not)).toBeGreaterThan(COMPARISON.numRuns / 10);
    },
    COMPARISON_TIMEOUT_MS,
  );

  it.each([{}, { steps: true }])(
    'accepts what has an order over a reset: %j',
    (kind) => {
      fc.assert(
        fc.property(smallHistories({ ...kind, resets: true }), (history) => {
          fc.pre(hasAnOrder(history));
          expect(checkExactness(history).violations).toEqual([]);
        }),
        COMPARISON,
      );
    },
    COMPARISON_TIMEOUT_MS,
  );
});

/** Wherever the violation can be planted, no correct counter can have the history. */
function expectRejected(plant: Plant, kind: SimulationOptions = {}): void {
  let applied = 0;
  fc.assert(
    fc.property(simulatedHistories({ unknown: false, ...kind }), fc.nat(), (history, pick) => {
      const planted = plant(history, pick);
      if (!planted) return;
      applied += 1;
      expect(checkExactness(planted).isExact).toBe(false);
    }),
    { numRuns: 300 },
  );
  expect(applied).toBeGreaterThan(75);
}

describe('the recorder', () => {
  it('notes when a call began and ended, and what it returned', async () => {
    let time = 0n;
    const recorder = recordHistory({ start: 4, now: () => (time += 1n) });

    await recorder.increment(3, () => Promise.resolve({ status: 'incremented', counter: 5 }), {
      max: 9,
      by: 1,
      key: 'a',
    });
    await recorder.reset(() => Promise.resolve(), 0);
    await recorder.read(7, () => Promise.resolve(0));

    expect(recorder.history()).toEqual({
      start: 4,
      resets: [{ from: 3n, to: 4n, value: 0 }],
      operations: [
        {
          client: 3,
          invokedAt: 1n,
          completedAt: 2n,
          max: 9,
          by: 1,
          key: 'a',
          result: { status: 'incremented', counter: 5 },
        },
        { client: 7, invokedAt: 5n, completedAt: 6n, result: { status: 'read', counter: 0 } },
      ],
    });
  });

  it('says that a counter is spread over shards, where it is', () => {
    expect(recordHistory({ sharded: true }).history()).toMatchObject({ sharded: true });
    expect(recordHistory().history()).not.toHaveProperty('sharded');
  });

  it('calls an increment unknown that rejects or still runs, and leaves a read out that rejects', async () => {
    const recorder = recordHistory();
    void recorder.increment(1, () => new Promise(() => undefined));

    const calls = [
      recorder.increment(2, () => Promise.reject(new Error('lost'))),
      recorder.read(3, () => Promise.reject(new Error('lost'))),
    ];
    const settled = await Promise.allSettled(calls);

    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(recorder.history().operations.map(({ client, result }) => [client, result.status])).toEqual([
      [2, 'unknown'],
      [1, 'unknown'],
    ]);
  });
});
