import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { type Cell, type Comparison, type Round, SATURATED_SHARE, summarize } from '../../../compare/report';
import { cellOf, comparisonOf, randomNumbers, roundOf } from './fixture';

const random = randomNumbers(3);
const round = (calls: number, overrides: Partial<Round> = {}): Round =>
  roundOf({ calls, medianMs: 10, durationMs: 1000, random }, overrides);

const summaryOf = (cell: Partial<Cell>, overrides: Partial<Comparison> = {}) => {
  const [summary] = summarize(comparisonOf([cellOf(cell)], overrides));
  if (!summary) throw new Error('no summary');
  return summary;
};

const notExact = { ...round(1).verdict, isExact: false, broken: { distinct: 2 } };

describe('throughput', () => {
  it('is the median of the rounds, with the slowest and the fastest', () => {
    const { callsPerSecond } = summaryOf({ rounds: [round(300), round(100), round(200), round(800)] });

    expect(callsPerSecond).toEqual({ median: 250, min: 100, max: 800 });
  });

  it('counts what the store decided: increments and refusals at the limit', () => {
    const outcomes = { incremented: 10, limitReached: 30, notApplied: 100, unknown: 100, throttled: 100, failed: 100 };

    expect(summaryOf({ rounds: [round(1, { outcomes })] }).callsPerSecond?.median).toBe(40);
  });

  it('leaves out rounds that don’t count', () => {
    const { callsPerSecond, validRounds, invalidReasons } = summaryOf({
      rounds: [round(100), round(9000, { invalid: 'throttled' }), round(9000, { invalid: 'throttled' })],
    });

    expect({ callsPerSecond, validRounds, invalidReasons }).toEqual({
      callsPerSecond: { median: 100, min: 100, max: 100 },
      validRounds: 1,
      invalidReasons: ['throttled'],
    });
  });

  it('is none where no round counts', () => {
    const summary = summaryOf({ rounds: [round(9000, { invalid: 'throttled' })] });

    expect(summary).not.toHaveProperty('callsPerSecond');
    expect(summary).not.toHaveProperty('latencyMs');
    expect(summary.outcomes.incremented).toBe(0);
  });
});

describe('latency', () => {
  it('comes from all calls together, not from an average of percentiles', () => {
    const of = (microseconds: number, calls: number): string => {
      const histogram = build();
      histogram.recordValueWithCount(microseconds, calls);
      return encodeIntoCompressedBase64(histogram);
    };

    const { latencyMs } = summaryOf({
      rounds: [round(980, { histogram: of(1000, 980) }), round(20, { histogram: of(8_000_000, 20) })],
    });

    expect(latencyMs?.p50).toBeCloseTo(1, 2);
    expect(latencyMs?.p90).toBeCloseTo(1, 2);
    expect(latencyMs?.p99).toBeCloseTo(8000, -1);
    expect(latencyMs?.max).toBeCloseTo(8000, -1);
  });

  it('is none where the store decided nothing', () => {
    expect(summaryOf({ rounds: [round(0)] })).not.toHaveProperty('latencyMs');
  });
});

describe('exactness', () => {
  it('is lost by one round of many', () => {
    const { exactness, broken } = summaryOf({ rounds: [round(1), round(1, { verdict: notExact }), round(1)] });

    expect([exactness, broken]).toEqual(['not exact', { distinct: 2 }]);
  });

  it('is lost by a round whose numbers don’t count: what is proven stays so', () => {
    const { exactness } = summaryOf({ rounds: [round(1), round(1, { verdict: notExact, invalid: 'throttled' })] });

    expect(exactness).toBe('not exact');
  });

  it.each([
    ['no round', []],
    ['no valid round', [round(1, { invalid: 'throttled' })]],
  ])('is not judged of %s', (_, rounds) => {
    expect(summaryOf({ rounds }).exactness).toBe('not judged');
  });
});

describe('a saturated cell', () => {
  const ceilings = [
    { concurrency: 16, callsPerSecond: 2000 },
    { concurrency: 1, callsPerSecond: 1000 },
  ];
  const isSaturated = (concurrency: number, calls: number, path: Cell['path'] = 'api') =>
    summaryOf({ path, load: { kind: 'closed', concurrency }, rounds: [round(calls)] }, { ceilings }).isSaturated;

  it.each([
    [1, 1000],
    [16, 2000],
    ['between them: 4', 1200],
    ['above them: 64', 2000],
  ])('comes near the generator’s ceiling at its concurrency, %s', (concurrency, ceiling) => {
    const callers = Number(String(concurrency).replace(/\D/g, ''));

    expect(isSaturated(callers, SATURATED_SHARE * ceiling)).toBe(true);
    expect(isSaturated(callers, SATURATED_SHARE * ceiling - 1)).toBe(false);
  });

  it('isn’t known where no ceiling applies', () => {
    expect(isSaturated(1, 1000, 'direct')).toBeUndefined();
    expect(summaryOf({ rounds: [round(1)] }).isSaturated).toBeUndefined();
  });
});

describe('the share of the workflow', () => {
  it('is the part of the median latency that the store alone doesn’t need', () => {
    const ms = (medianMs: number): Round => roundOf({ calls: 4000, medianMs, random });
    const direct = cellOf({ path: 'direct', rounds: [ms(2)] });
    const api = cellOf({ rounds: [ms(8)] });

    const [share] = summarize(comparisonOf([api, direct])).map(({ workflowShare }) => workflowShare);

    expect(share).toBeCloseTo(0.75, 1);
  });

  it.each<[string, Partial<Cell>]>([
    ['load', { load: { kind: 'closed', concurrency: 9 } }],
    ['mode', { mode: 'conditional' }],
    ['counters', { counters: 2 }],
    ['strategy', { strategy: 'other' }],
    ['key', { keyed: true }],
  ])('is not taken from a direct cell of another %s', (_, difference) => {
    const direct = cellOf({ path: 'direct', rounds: [round(9)], ...difference });

    expect(summarize(comparisonOf([cellOf({ rounds: [round(9)] }), direct]))[0]).not.toHaveProperty('workflowShare');
  });
});
