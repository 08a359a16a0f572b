import { compareAndSetModel, COMPARE_AND_SET_PROTOCOL, type CompareAndSetProtocol } from './compare-and-set.model';
import { explore, type Exploration } from './explore';
import { floorModel, FLOOR_PROTOCOL, type FloorProtocol } from './floor.model';
import { generationsModel, GENERATIONS_PROTOCOL, type GenerationsProtocol } from './generations.model';
import { BETWEEN, CROWDED, MIXED, type Scenario } from './idempotency.model';

// A busy machine visits a few thousand states a second.
jest.setTimeout(120_000);

const byFloor = (scenario: Scenario, change: Partial<FloorProtocol> = {}): Exploration =>
  explore(floorModel({ ...FLOOR_PROTOCOL, ...change }, scenario));

const inGenerations = (scenario: Scenario, change: Partial<GenerationsProtocol> = {}): Exploration =>
  explore(generationsModel({ ...GENERATIONS_PROTOCOL, ...change }, scenario));

/** There is a bucket more, so that a pruning's clock can be old. */
const byOldClocks = (scenario: Scenario): [Scenario, Partial<FloorProtocol>] => [
  { ...scenario, last: scenario.last + 1 },
  { prunesBy: 'the request' },
];

/** Keys are kept for a bucket longer than by the others, so that there is a bucket more to see one forgotten. */
const byCompareAndSet = (scenario: Scenario, change: Partial<CompareAndSetProtocol> = {}): Exploration =>
  explore(compareAndSetModel({ ...COMPARE_AND_SET_PROTOCOL, ...change }, { ...scenario, last: scenario.last + 1 }));

const KEEPING = { withoutKey: 'compares and sets' } as const;

describe('idempotency keys', () => {
  it.each<[string, () => Exploration, number]>([
    ['with a floor, among calls without a key', () => byFloor(MIXED), 20_180],
    ['with a floor, when there is no room', () => byFloor(CROWDED), 16_963],
    ['with a floor by old clocks, among calls without a key', () => byFloor(...byOldClocks(MIXED)), 43_441],
    ['with a floor by old clocks, when there is no room', () => byFloor(...byOldClocks(CROWDED)), 41_653],
    ['in generations, among calls without a key', () => inGenerations(MIXED), 8891],
    ['in generations, when there is no room', () => inGenerations(CROWDED), 5344],
    ['in generations, between others', () => inGenerations(BETWEEN), 74_224],
    ['by compare-and-set, among calls that add', () => byCompareAndSet(MIXED), 28_778],
    ['by compare-and-set, among calls that keep the keys', () => byCompareAndSet(MIXED, KEEPING), 83_980],
    ['by compare-and-set, when there is no room', () => byCompareAndSet(CROWDED), 107_328],
  ])('keep every promise in every state: %s', (_, visit, states) => {
    const found = visit();

    expect(found.counterexample).toBeUndefined();
    expect(found.states).toBe(states);
  });

  const twice = 'key a counted twice';
  const refused = (reason: string): string => `replay of key a was refused: ${reason}`;

  it.each<[string, () => Exploration, string, number]>([
    ['a key is forgotten a bucket early', () => byFloor(MIXED, { forgetAfter: 4 }), twice, 9],
    ['the floor is a bucket short', () => byFloor(MIXED, { floorBehind: 2 }), twice, 10],
    ['there is no fence', () => byFloor(MIXED, { mistake: 'no fence' }), twice, 9],
    [
      'keys are forgotten by their number',
      () => byFloor(CROWDED, { mistake: 'forgets by number' }),
      refused('limit'),
      7,
    ],
    [
      'a key is looked for in the neighbouring buckets',
      () => byFloor(MIXED, { mistake: 'names the bucket of a key, and looks into its neighbours only' }),
      twice,
      5,
    ],
    [
      'a key is looked up before the write only',
      () => byFloor(MIXED, { mistake: 'looks a key up before the write only' }),
      twice,
      3,
    ],
    [
      'the room is checked before the write only',
      () => byFloor(CROWDED, { mistake: 'checks the room before the write only' }),
      'remembers 2 keys in the room of 1',
      4,
    ],
    [
      'the limit is checked before the key',
      () => byFloor(MIXED, { mistake: 'checks the limit before the key' }),
      refused('limit'),
      5,
    ],
    [
      'a late call is told of the limit',
      () => byFloor(MIXED, { mistake: 'tells the limit before lateness' }),
      refused('limit'),
      11,
    ],
    [
      'a copy of a pruning lowers the number of keys again',
      () => byFloor(MIXED, { mistake: 'lowers the number of keys for each copy of a pruning' }),
      'takes 0 keys for -1',
      9,
    ],
    [
      "a replay is answered with a rolled back attempt's value",
      () => byFloor(MIXED, { mistake: 'takes the value from an attempt that was rolled back' }),
      'replay of key a got 2 instead of 1',
      4,
    ],
    ['a generation turns a bucket early', () => inGenerations(MIXED, { turnAfter: 3 }), twice, 8],
    ['generations have no fence', () => inGenerations(MIXED, { mistake: 'no fence' }), twice, 8],
    ['there is one generation', () => inGenerations(BETWEEN, { mistake: 'one generation' }), twice, 12],
    [
      'the script checks the limit before the key',
      () => inGenerations(MIXED, { mistake: 'checks the limit before the key' }),
      refused('limit'),
      4,
    ],
    [
      'nothing is compared',
      () => byCompareAndSet(MIXED, { mistake: 'compares nothing' }),
      'counted to 1 by 2 increments',
      5,
    ],
    [
      'keys that are compared and set are forgotten a bucket early',
      () => byCompareAndSet(MIXED, { ...KEEPING, forgetAfter: 5 }),
      refused('limit'),
      13,
    ],
    [
      'the clock is looked at before reading',
      () => byCompareAndSet(MIXED, { ...KEEPING, mistake: 'looks at the clock before it reads' }),
      refused('limit'),
      14,
    ],
    [
      'a call that reads late is not refused',
      () => byCompareAndSet(MIXED, { ...KEEPING, mistake: 'no fence' }),
      refused('limit'),
      14,
    ],
    [
      'a call without a key drops the keys',
      () => byCompareAndSet(MIXED, { ...KEEPING, mistake: 'drops the keys in a call without one' }),
      refused('limit'),
      9,
    ],
  ])('break a promise where %s', (_, visit, violation, steps) => {
    const { counterexample } = visit();

    expect(counterexample?.violation).toBe(violation);
    expect(counterexample?.steps).toHaveLength(steps);
  });

  it('count twice by a copy of a write whose key has been forgotten, where there is no fence', () => {
    const { counterexample } = byFloor(MIXED, { mistake: 'no fence' });

    expect(counterexample?.steps).toEqual([
      "call 1 (key a) is sent in its sender's bucket 0",
      'bucket 1 begins',
      'bucket 2 begins',
      'bucket 3 begins',
      'bucket 4 begins',
      'call 1 (key a) arrives and counts to 1',
      "a pruning is sent in its sender's bucket 5",
      'the pruning arrives',
      'call 1 (key a) arrives and counts to 2',
    ]);
  });
});
