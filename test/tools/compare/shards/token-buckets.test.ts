import fc from 'fast-check';
import { tokenBuckets } from '../../../../tools/compare/shards/token-buckets';

describe('a bucket of tokens', () => {
  const at = (perSecond: number, size?: number) => {
    const clock = { ms: 0 };
    const buckets = tokenBuckets({ perSecond, now: () => clock.ms, ...(size !== undefined && { size }) });
    const taken = (times: number, key = 'a'): number =>
      Array.from({ length: times }, () => buckets.take(key)).filter(Boolean).length;
    return { clock, taken };
  };

  it('holds what one second gives, at once, and not one more', () => {
    const { taken } = at(20);

    expect([taken(30), taken(30)]).toEqual([20, 0]);
  });

  it('gets its tokens evenly', () => {
    const { clock, taken } = at(20);
    taken(20);

    const every25Ms = Array.from({ length: 8 }, () => {
      clock.ms += 25;
      return taken(5);
    });

    expect(every25Ms).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
  });

  it('keeps no more than one second of what wasn’t used', () => {
    const { clock, taken } = at(20);
    taken(20);

    clock.ms += 300_000;

    expect(taken(100)).toBe(20);
  });

  it('loses nothing by tokens that couldn’t be had', () => {
    const { clock, taken } = at(2);
    taken(2);

    for (clock.ms = 1; clock.ms < 500; clock.ms += 1) expect(taken(1)).toBe(0);

    expect(taken(1)).toBe(1);
  });

  it('is each key’s own', () => {
    const { taken } = at(3);

    expect([taken(5, 'seats#0'), taken(5, 'seats#1'), taken(5, 'seats#0')]).toEqual([3, 3, 0]);
  });

  it('never gives more than its size and the rate allow, whatever the calls', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 1, max: 40 })), { maxLength: 30 }),
        (perSecond, steps) => {
          const { clock, taken } = at(perSecond);
          let given = 0;
          for (const [pauseMs, calls] of steps) {
            clock.ms += pauseMs;
            given += taken(calls);
            expect(given).toBeLessThanOrEqual(perSecond + (clock.ms * perSecond) / 1000 + 1e-9);
          }
        },
      ),
    );
  });
});
