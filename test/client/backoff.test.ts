import { backoffMs, retryAfterMs } from '../../client/src/backoff';

describe('the pause before the next attempt', () => {
  it('is anywhere from 1 ms to a ceiling that doubles, and stays at 5 s', () => {
    const ceilings = [1, 2, 3, 4, 5, 6, 7, 8, 100, 10_000].map((attempts) => backoffMs(attempts, 1 - Number.EPSILON));

    expect(ceilings).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000, 5000]);
    expect([1, 5, 100].map((attempts) => backoffMs(attempts, 0))).toEqual([1, 1, 1]);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');

  it.each([
    [null, 0],
    ['0', 0],
    ['1', 1_000],
    ['120', 120_000],
    ['9'.repeat(400), Infinity],
    ['Thu, 01 Jan 2026 00:00:07 GMT', 7_000],
    ['Thursday, 01-Jan-26 00:00:07 GMT', 7_000],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
    ['-1', 0],
    ['1.5', 0],
    ['soon', 0],
    ['', 0],
  ])('%j means %d ms', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });
});
