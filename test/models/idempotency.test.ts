import { compareAndSetModel, COMPARE_AND_SET_PROTOCOL } from './compare-and-set.model';
import { explore, type Exploration, type Model } from './explore';
import { floorModel, FLOOR_PROTOCOL, type FloorProtocol } from './floor.model';
import { generationsModel, GENERATIONS_PROTOCOL, type GenerationsProtocol } from './generations.model';
import { CROWDED, MIXED, type Scenario } from './idempotency.model';

/** Compare-and-set keeps keys for a bucket longer, so that there is a bucket more to see it forget. */
const longer = (scenario: Scenario): Scenario => ({ ...scenario, last: scenario.last + 1 });

const addsBeside = { ...COMPARE_AND_SET_PROTOCOL, withoutKey: 'adds' } as const;
const keepsKeys = { ...COMPARE_AND_SET_PROTOCOL, withoutKey: 'compares and sets' } as const;

describe('idempotency keys, in every state that the protocols can reach,', () => {
  it.each<[string, Model<unknown>, number]>([
    ['with a floor, calls without a key beside', floorModel(FLOOR_PROTOCOL, MIXED) as Model<unknown>, 0],
    ['with a floor, no room', floorModel(FLOOR_PROTOCOL, CROWDED) as Model<unknown>, 0],
    ['by compare-and-set, no room', compareAndSetModel(addsBeside, longer(CROWDED)) as Model<unknown>, 0],
    ['by compare-and-set, adding beside', compareAndSetModel(addsBeside, longer(MIXED)) as Model<unknown>, 0],
    ['by compare-and-set all', compareAndSetModel(keepsKeys, longer(MIXED)) as Model<unknown>, 0],
    ['in generations, calls without a key beside', generationsModel(GENERATIONS_PROTOCOL, MIXED) as Model<unknown>, 0],
    ['in generations, no room', generationsModel(GENERATIONS_PROTOCOL, CROWDED) as Model<unknown>, 0],
  ])('keep every promise %s', (_, model, states) => {
    const found = explore(model);
    process.stderr.write(`${_} ${found.states}\n`);

    expect(found).toEqual({ states, depth: expect.any(Number) as number });
  });
});
