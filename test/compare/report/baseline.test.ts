import { type Cell, compareWithBaseline, type Comparison, baselineRows, MIN_ROUNDS } from '../../../compare/report';
import { cellOf, comparisonOf, randomNumbers, roundOf } from './fixture';

const random = randomNumbers(11);

/** A cell whose rounds decided so many calls a second each. */
const measured = (rates: readonly number[], medianMs = 10, overrides: Partial<Cell> = {}): Cell =>
  cellOf({ rounds: rates.map((calls) => roundOf({ calls, medianMs, durationMs: 1000, random })), ...overrides });

const compare = (now: Cell, before: Cell, overrides: Partial<Comparison> = {}) =>
  compareWithBaseline(comparisonOf([now], overrides), comparisonOf([before]));

describe('against a baseline', () => {
  const usual = [500, 510, 490, 505, 495];

  it.each([
    ['faster', [700, 720, 690, 710, 705]],
    ['slower', [300, 320, 310, 305, 315]],
    ['no difference found', [502, 515, 488, 520, 470]],
    ['no difference found', [900, 505, 910, 905, 900]],
  ])('a cell is %s only where the intervals don’t overlap', (verdict, now) => {
    expect(compare(measured(now), measured(usual)).cells[0]?.throughput.verdict).toBe(verdict);
  });

  it('a higher p99 is slower, a lower one faster', () => {
    const [up] = compare(measured(usual, 40), measured(usual, 10)).cells;
    const [down] = compare(measured(usual, 10), measured(usual, 40)).cells;

    expect([up?.p99.verdict, down?.p99.verdict]).toEqual(['slower', 'faster']);
  });

  it('the interval of few rounds reaches from the lowest to the highest', () => {
    const [cell] = compare(measured([1, 2, 3, 4].map((n) => n * 100)), measured(usual)).cells;

    expect(cell?.throughput.now).toEqual({ median: 250, low: 100, high: 400 });
  });

  it('the interval of many rounds is narrower than they are', () => {
    const rates = Array.from({ length: 40 }, (_, index) => 100 + index);

    const { low, high } = compare(measured(rates), measured(usual)).cells[0]?.throughput.now ?? { low: 0, high: 0 };

    expect(low).toBeGreaterThan(105);
    expect(high).toBeLessThan(135);
  });

  it('the same documents have the same intervals', () => {
    const [now, before] = [measured(usual), measured([480, 530, 500, 505, 499])];

    expect(compare(now, before)).toEqual(compare(now, before));
  });

  it('nothing is said of fewer rounds, or of rounds that don’t count', () => {
    const three = measured([700, 720, 690]);
    const invalid = measured([700, 720, 690, 680]);
    const rounds = invalid.rounds.map((round, index) => (index === 0 ? { ...round, invalid: 'throttled' } : round));

    for (const now of [three, { ...invalid, rounds }]) {
      expect(now.rounds.length).toBeLessThanOrEqual(MIN_ROUNDS);
      expect(compare(now, measured(usual)).cells[0]?.throughput.verdict).toBe('too few rounds');
    }
  });

  it.each<[string, Partial<Comparison>, string]>([
    [
      'processor',
      { machine: { ...comparisonOf([]).machine, cpu: 'Another' } },
      'processor: AMD EPYC 7R32, 4 cores before, Another, 4 cores now',
    ],
    ['Node', { machine: { ...comparisonOf([]).machine, node: '24.0.0' } }, 'Node: 22.11.0 before, 24.0.0 now'],
    ['added latency', { addedLatencyMs: 5 }, 'added latency: 0 ms before, 5 ms now'],
    [
      'server',
      { servers: { redis: { name: 'Redis 8', kind: 'server' } } },
      'server of redis: redis stand-in (stand-in) before, Redis 8 (server) now',
    ],
  ])('another %s is named, and no cell is called faster for it', (_, overrides, difference) => {
    const { differences, cells } = compare(measured([900, 910, 905, 920, 915]), measured(usual), overrides);

    expect(differences).toEqual([difference]);
    expect(cells[0]?.throughput.verdict).toBe('not comparable');
  });

  it('another server of one store leaves the others comparable', () => {
    const stores = ['redis', 'tidb'];
    const now = comparisonOf(stores.map((store) => measured(usual, 10, { store })));
    const before = { ...now, servers: { ...now.servers, tidb: { name: 'MariaDB', kind: 'server' } as const } };

    const verdicts = compareWithBaseline(now, before).cells.map(({ throughput }) => throughput.verdict);

    expect(verdicts).toEqual(['no difference found', 'not comparable']);
  });

  it('another release of the project is what one compares', () => {
    expect(compare(measured(usual), measured(usual), { versions: { 'atomic-counter': '9.9.9' } }).differences).toEqual(
      [],
    );
  });

  it('cells without a counterpart, or without a valid round, are named', () => {
    const now = comparisonOf([measured(usual), measured(usual, 10, { keyed: true }), measured([], 10, { by: 2 })]);
    const before = comparisonOf([measured(usual), measured(usual, 10, { shards: 4 }), measured(usual, 10, { by: 2 })]);

    const { cells, unmatched } = compareWithBaseline(now, before);

    expect(cells.map(({ name }) => name)).toEqual(['redis, unconditional, HTTP API, 8 callers, 1 counter']);
    expect(unmatched).toEqual([
      'redis, keyed, unconditional, HTTP API, 8 callers, 1 counter',
      'redis, by 2, unconditional, HTTP API, 8 callers, 1 counter',
      'redis, 4 shards, unconditional, HTTP API, 8 callers, 1 counter',
    ]);
  });

  it('has two rows for each cell', () => {
    const [head, throughput, p99] = baselineRows(
      compare(measured([750, 750, 750, 750]), measured([500, 500, 500, 500])),
    );

    expect(head).toEqual(['cell', 'quantity', 'before', 'now', 'change', 'verdict']);
    expect(throughput?.slice(1)).toEqual(['calls/s', '500 (500–500)', '750 (750–750)', '+50.0 %', 'faster']);
    expect(p99?.[1]).toBe('p99 ms');
  });
});
