import { measureStoreRestart, restartRow } from '../../../tools/bench/restart';

describe('what a restart takes', () => {
  it('is measured with what was kept and without, by turns, and answers as it has to', async () => {
    const starts = await measureStoreRestart('redis', 1000);

    expect(starts).toHaveLength(7);
    for (const { empty, kept } of starts) expect(Math.min(empty, kept)).toBeGreaterThan(0);
  });

  it('is a row with the median of the differences, not the difference of the medians', () => {
    const row = restartRow('redis', [
      { empty: 100, kept: 400 },
      { empty: 300, kept: 500 },
      { empty: 200, kept: 600 },
    ]);

    expect(row).toEqual(['redis', '200', '500', '300', '200–400']);
  });
});
