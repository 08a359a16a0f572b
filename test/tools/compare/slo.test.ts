import { searchRate } from '../../../tools/compare/slo';

/** A store that holds every rate up to one. */
const holdingUpTo = (highest: number) => {
  const tried: number[] = [];
  const probe = (ratePerSecond: number) => {
    tried.push(ratePerSecond);
    return Promise.resolve({ ratePerSecond, latencyMs: ratePerSecond, held: ratePerSecond <= highest });
  };
  return { tried, probe };
};
const never = new AbortController().signal;

describe('the search for the highest rate', () => {
  it.each([1, 3, 25, 99, 100, 101, 333, 1000, 7777])(
    'ends within a tenth below the highest that holds: %d',
    async (n) => {
      const { probe } = holdingUpTo(n);

      const { ratePerSecond, failedAtRate = NaN } = await searchRate(probe, 100_000, never);

      expect(ratePerSecond).toBeLessThanOrEqual(n);
      expect(failedAtRate).toBeGreaterThan(n);
      expect(failedAtRate - ratePerSecond).toBeLessThanOrEqual(Math.max(1, ratePerSecond * 0.1));
    },
  );

  it('finds 0 where no rate holds', async () => {
    expect(await searchRate(holdingUpTo(0).probe, 100_000, never)).toMatchObject({ ratePerSecond: 0, failedAtRate: 1 });
  });

  it('ends at the ceiling, and says that nothing failed', async () => {
    const { probe, tried } = holdingUpTo(Infinity);

    const found = await searchRate(probe, 430, never);

    expect(found).toEqual({ ratePerSecond: 430, probes: expect.anything() as unknown });
    expect(tried).toEqual([100, 200, 400, 430]);
  });

  it('tries once more what fails, so that one pause of the machine decides nothing', async () => {
    const { probe } = holdingUpTo(1000);
    let pauses = 1;
    const paused = async (rate: number) => {
      const made = await probe(rate);
      return rate === 200 && pauses-- > 0 ? { ...made, held: false } : made;
    };

    const { ratePerSecond } = await searchRate(paused, 100_000, never);

    expect(ratePerSecond).toBeGreaterThan(900);
  });

  it('is cut short with what held until then', async () => {
    const ending = new AbortController();
    const { probe } = holdingUpTo(Infinity);

    const found = await searchRate(
      (rate) => {
        if (rate === 400) ending.abort();
        return probe(rate);
      },
      100_000,
      ending.signal,
    );

    expect(found.ratePerSecond).toBe(200);
    expect(found.probes).toHaveLength(2);
  });
});
