import { growthRow, parts } from '../../../tools/bench/growth';

describe('the growth of the system', () => {
  it('is measured in parts, of which the last may be smaller', () => {
    expect(parts(120_000, 50_000)).toEqual([50_000, 50_000, 20_000]);
    expect(parts(20_000, 50_000)).toEqual([20_000]);
  });

  it('is a row for each of them', () => {
    const row = growthRow({
      calls: 150_000,
      callsPerSecond: 976.4,
      microsecondsPerCall: 863.6,
      p50Ms: 12.12,
      p99Ms: 73.84,
      residentBytes: 615 * 2 ** 20,
      pollMs: 18.46,
    });

    expect(row).toEqual(['150,000', '976', '864', '12.1', '73.8', '615', '18.5']);
  });
});
