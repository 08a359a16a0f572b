import type { Round } from '../../../compare/report/comparison';
import { cell } from '../../../tools/compare/plan';
import { wouldBeThrottled } from '../../../tools/compare/usage-limits';

const LIMITS = { ratePerSecond: 1000, burst: 500, quotaPerDay: 10_000 };
const keyOf = (concurrency: number, store = 'redis') =>
  cell({ store, mode: 'unconditional', load: { kind: 'closed', concurrency } });

/** A round of one second. */
const round = (calls: number): Round => ({
  durationMs: 1000,
  outcomes: { incremented: calls, limitReached: 0, notApplied: 0, unknown: 0, throttled: 0, failed: 0 },
  histogram: '',
  verdict: {
    isExact: true,
    counts: { attempted: calls, counted: calls, refused: 0, notApplied: 0, unknown: 0, reads: 0 },
    broken: {},
    violations: [],
  },
});

describe('a round on a deployed API', () => {
  it('is made while nothing is known of the store', () => {
    expect(wouldBeThrottled(keyOf(32), 1000, [], LIMITS)).toBeUndefined();
    expect(
      wouldBeThrottled(keyOf(32), 1000, [{ key: keyOf(1, 'tidb'), rounds: [round(900)] }], LIMITS),
    ).toBeUndefined();
  });

  it('is left out where so many callers would pass the throttle, by what fewer reached', () => {
    const measured = [{ key: keyOf(1), rounds: [round(50)] }];

    expect(wouldBeThrottled(keyOf(8), 1000, measured, LIMITS)).toBeUndefined();
    expect(wouldBeThrottled(keyOf(32), 1000, measured, LIMITS)).toBe(
      "not sent: about 1600 calls a second come too close to the usage plan's 1000",
    );
  });

  it('is left out where its own rate would', () => {
    const key = cell({ store: 'redis', mode: 'unconditional', load: { kind: 'open', ratePerSecond: 900 } });

    expect(wouldBeThrottled(key, 1000, [], LIMITS)).toContain('not sent: about 900 calls');
  });

  it("is left out where the day's quota would be used up", () => {
    const measured = [{ key: keyOf(1), rounds: Array.from({ length: 160 }, () => round(50)) }];

    expect(wouldBeThrottled(keyOf(1), 1000, measured, LIMITS)).toContain("usage plan's 10000 a day");
  });
});
