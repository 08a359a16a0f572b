import { keptSeconds, keyHash, slackSeconds } from '../../functions/keyed-increment';

describe('an idempotency key', () => {
  it.each([
    [60, 15, 135],
    [61, 15, 141],
    [120, 30, 270],
    [300, 75, 675],
  ])('with a window of %d s has a slack of %d s, and is kept for %d s', (window, slack, kept) => {
    expect([slackSeconds(window), keptSeconds(window)]).toEqual([slack, kept]);
  });

  it('is kept for the window and five times what two clocks may differ by', () => {
    const windows = Array.from({ length: 1000 }, (_, more) => 60 + more);

    expect(windows.filter((window) => keptSeconds(window) < window + 5 * slackSeconds(window))).toEqual([]);
  });

  it('is stored as the first 64 bits of its SHA-256', () => {
    // https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values, SHA-256 of "abc"
    expect(keyHash('abc')).toBe('ba7816bf8f01cfea');
  });
});
