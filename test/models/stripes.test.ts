import { explore, type Exploration } from './explore';
import { stripeSettingsModel, type StripeSettings, type StripeSettingsMistake } from './stripe-settings.model';
import { stripeSumModel, type SumScenario } from './stripe-sum.model';
import { stripesModel, type StripedKey, type StripesMistake, type StripesScenario } from './stripes.model';

// A busy machine visits a few thousand states a second.
jest.setTimeout(120_000);

const without = (calls: number): undefined[] => Array<undefined>(calls).fill(undefined);

const KEYLESS: StripesScenario = { shards: 3, limit: 4, calls: without(7) };
const SMALL: StripesScenario = { shards: 2, limit: 2, calls: without(3) };

/** A key, a repetition of its call, and others that fill the counter. */
const keyed = (...others: (StripedKey | undefined)[]): StripesScenario => ({
  shards: 2,
  limit: 2,
  calls: ['a', 'a', ...others],
});

/** A key whose shard has no room for it when it first comes. */
const CROWDED: StripesScenario = { shards: 2, limit: 4, calls: ['a', 'a'], crowded: 0 };

const byStripes = (scenario: StripesScenario, mistake?: StripesMistake): Exploration =>
  explore(stripesModel(scenario, mistake));

const TWO: StripeSettings = { shards: 2, limit: 4 };
const THREE: StripeSettings = { shards: 3, limit: 4 };
const LOW: StripeSettings = { shards: 2, limit: 2 };
const HIGH: StripeSettings = { shards: 2, limit: 3 };

const OTHER_SHARDS = [TWO, TWO, TWO, THREE, THREE];
const OTHER_LIMIT = [LOW, LOW, LOW, HIGH, HIGH];

const bySettings = (calls: readonly StripeSettings[], mistake?: StripeSettingsMistake): Exploration =>
  explore(stripeSettingsModel(calls, mistake));

const SUM: SumScenario = { shards: 3, increments: 4, order: 'one after another', reads: 'strong' };

const bySum = (change: Partial<SumScenario> = {}): Exploration => explore(stripeSumModel({ ...SUM, ...change }));

describe('a striped counter', () => {
  it.each<[string, () => Exploration, number]>([
    ['hands out each value once, all of them, and refuses none before', () => byStripes(KEYLESS), 12_963],
    ['may have more shards than values', () => byStripes({ ...KEYLESS, limit: 2, calls: without(5) }), 2911],
    ['may have no limit', () => byStripes({ ...KEYLESS, limit: Infinity, calls: without(6) }), 3300],
    ['counts a key once', () => byStripes(keyed('b', undefined)), 6546],
    ['counts a key once, however often it is called', () => byStripes(keyed('a', undefined)), 952],
    [
      'counts a key once, at whatever shard it starts',
      () => byStripes({ ...keyed('b', undefined, undefined), shards: 3, limit: 3, homes: { b: 1 } }),
      64_172,
    ],
    [
      'counts a key once where there is no room for it for a while',
      () => byStripes({ ...keyed('b', undefined), limit: 3, crowded: 0 }),
      17_507,
    ],
    [
      'counts a key once in its time, and refuses the calls of that time later',
      () => byStripes({ ...keyed('b', undefined), limit: 3, forgets: true }),
      38_797,
    ],
    ['keeps its number of shards', () => bySettings(OTHER_SHARDS), 20_024],
    ['keeps its limit', () => bySettings(OTHER_LIMIT), 12_082],
    ['is read linearizably, one shard after the other', () => bySum(), 728],
    ['is read linearizably, in any order', () => bySum({ order: 'any' }), 1834],
  ])('%s', (_, visit, states) => {
    const found = visit();

    expect(found.counterexample).toBeUndefined();
    expect(found.states).toBe(states);
  });

  it.each<[string, () => Exploration, string, number]>([
    [
      'a call ends after all shards but one',
      () => byStripes(KEYLESS, 'refuses after all but one have refused'),
      'refused at 2 of 4',
      4,
    ],
    ['a shard takes quota from another', () => byStripes(SMALL, 'steals quota'), 'refused at 1 of 2', 5],
    [
      'the marker is written before all are full',
      () => byStripes(KEYLESS, 'writes the marker after the first refusal'),
      'refused at 1 of 4',
      3,
    ],
    [
      'who sees no marker counts unconditionally',
      () => byStripes(SMALL, 'lets the marker guard the limit'),
      'handed out 3 of 2',
      3,
    ],
    [
      'the last stripes have the rest of the limit',
      () => byStripes(KEYLESS, 'gives the rest of the limit to the last stripes'),
      'handed out 6 of 4',
      2,
    ],
    [
      'the value is one stripe off',
      () => byStripes(KEYLESS, 'hands out the value a round later'),
      'handed out 5 of 4',
      1,
    ],
    [
      'a call without a key goes on after a lost answer',
      () => byStripes(KEYLESS, 'goes on after a lost answer'),
      '1 calls counted 2 times',
      3,
    ],
    [
      'a call with a key goes on after a lost answer',
      () => byStripes(CROWDED, 'goes on after a lost answer'),
      'key a counted twice',
      3,
    ],
    ['a key starts at any shard', () => byStripes(keyed(), 'starts a key at any shard'), 'key a counted twice', 2],
    [
      'the marker is looked at before the key',
      () => byStripes(keyed(...without(2)), 'refuses a key by the marker'),
      'replay of key a was refused',
      7,
    ],
    [
      'a key goes on where there is no room for it',
      () => byStripes(CROWDED, 'goes on where there is no room for a key'),
      'key a counted twice',
      6,
    ],
    [
      'a full shard is passed without a look for the key',
      () => byStripes(keyed(undefined), 'passes a full shard without looking for the key'),
      'replay of key a was refused',
      6,
    ],
    [
      'a full shard is passed without a look for its floor',
      () =>
        byStripes(
          { ...keyed(undefined), limit: 3, forgets: true },
          'passes a full shard without looking for its floor',
        ),
      'key a counted twice',
      8,
    ],
    [
      'each shard pins K and M by itself',
      () => bySettings(OTHER_SHARDS, 'pins each shard by itself'),
      'handed out 3 twice',
      5,
    ],
    [
      'K and M are pinned without a condition',
      () => bySettings(OTHER_SHARDS, 'pins without a condition'),
      'handed out 3 twice',
      7,
    ],
    ['K changes', () => bySettings([...OTHER_SHARDS, THREE], 'does not check K'), 'handed out 3 twice', 7],
    ['M changes', () => bySettings(OTHER_LIMIT, 'does not check M'), 'handed out 3 of 2', 4],
    ['shards are read eventually consistent', () => bySum({ reads: 'eventual' }), 'read 0, but it was 1', 5],
    ['the counter is decremented', () => bySum({ decrements: 1 }), 'read 2, but it was 0, then 1', 7],
  ])('breaks a promise where %s', (_, visit, violation, steps) => {
    const { counterexample } = visit();

    expect(counterexample?.violation).toBe(violation);
    expect(counterexample?.steps).toHaveLength(steps);
  });

  it('refuses early where quota is on its way from one shard to another', () => {
    const { counterexample } = byStripes(SMALL, 'steals quota');

    expect(counterexample?.steps).toEqual([
      'a call counts in shard 0: 1',
      'a call is refused by shard 0',
      'a call takes quota from shard 1',
      'a call is refused by shard 0',
      'a call finds no quota in shard 1, the last one',
    ]);
  });
});
