import {
  parseShards,
  scaleText,
  sellingOutRows,
  shardsChartSvg,
  shardsCsv,
  shardsHtml,
  shardsJson,
  steadyRows,
  summarizeShards,
} from '../../../../compare/report';
import { requestsOf, shardComparisonOf, shardRoundOf, windowOf } from './fixture';

const comparison = shardComparisonOf();

describe('what numbers of shards say', () => {
  it('is how much of the straight line was reached, what was throttled, and what an increment takes', () => {
    const round = shardRoundOf(4);
    const window = windowOf({
      ms: 10_000,
      incremented: 180,
      notApplied: 60,
      requests: requestsOf({ written: 189, refused: 9, throttled: 300, reads: 9, readUnits: 18 }),
    });

    const [summary] = summarizeShards(
      shardComparisonOf([{ shards: 4, rounds: [{ ...round, steady: { ...round.steady, window } }] }]),
    );

    expect(summary).toMatchObject({ straightPerSecond: 20, efficiency: 0.9, throttledShare: 0.25, writeUnits: 1.1 });
    expect(summary?.incrementsPerSecond?.median).toBe(18);
    expect(summary?.usdPerMillion).toBeCloseTo(4.6 + 1.1 * 0.625 + 0.1 * 0.125);
  });

  it('is how a limit sells out', () => {
    const [, , summary] = summarizeShards(comparison);

    expect(summary?.sellingOut).toEqual({
      limit: 640,
      sold: [640, 640],
      soldOutMs: 9000,
      straightMs: 8000,
      tailEfficiency: 0.5,
      tailRefusals: 2,
      tailRequests: 10,
      tailThrottledShare: 0.5,
      markedMs: 300,
      requestsPerRefusal: 2,
    });
  });

  it('is that a limit wasn’t applied, where more was counted than it allows', () => {
    const round = shardRoundOf(4);
    const counted = (count: number) => {
      const { verdict } = round.steady;
      const steady = { ...round.steady, verdict: { ...verdict, counts: { ...verdict.counts, counted: count } } };
      return summarizeShards(shardComparisonOf([{ shards: 4, rounds: [{ ...round, steady }] }]))[0]?.isWithinLimit;
    };

    // 4 items, 5 a second, for 12.4 s and from full buckets, twice.
    expect([counted(288), counted(289)]).toEqual([true, false]);
  });

  it('is nothing where a round is invalid, but for what it breaks', () => {
    const round = shardRoundOf(4);
    const broken = { ...round.steady.verdict, isExact: false, broken: { distinct: 1 } };
    const steady = { ...round.steady, verdict: broken, invalid: '3 of 9 calls of unknown outcome' };

    const [summary] = summarizeShards(shardComparisonOf([{ shards: 4, rounds: [{ ...round, steady }] }]));

    expect(summary).toMatchObject({ exactness: 'not exact', invalidReasons: ['3 of 9 calls of unknown outcome'] });
    expect(summary?.efficiency).toBeUndefined();
  });

  it('is the scale', () => {
    expect(scaleText(comparison)).toBe('1 : 200, 5 writes a second an item instead of 1,000');
  });
});

describe('the tables', () => {
  it('have a row for each number of shards', () => {
    const [head, ...rows] = steadyRows(comparison);

    expect(rows.map((row) => row.length)).toEqual(rows.map(() => head?.length));
    expect(rows.map(([shards, rate, straight, efficiency]) => [shards, rate, straight, efficiency])).toEqual([
      ['1', '4.9', '5', '98 %'],
      ['4', '20', '20', '98 %'],
      ['16', '78', '80', '98 %'],
      ['64', '314', '320', '98 %'],
    ]);
  });

  it('say what was sold of which limit', () => {
    const [, ...rows] = sellingOutRows(comparison);

    expect(rows.map(([, limit, sold]) => [limit, sold])).toEqual([
      ['40', '40'],
      ['160', '160'],
      ['640', '640'],
      ['2,560', '2,560'],
    ]);
  });
});

describe('the file', () => {
  it('is read as it was written', () => {
    expect(parseShards(shardsJson(comparison), 'shards.json')).toEqual(comparison);
  });

  it.each([
    [{ ...comparison, schemaVersion: 2 }, 'x.json has schemaVersion 2, and this release reads 1'],
    [{ ...comparison, itemLimitPerSecond: 0 }, 'x.json: itemLimitPerSecond must be a number above 0, got 0'],
    [{ ...comparison, cells: [{ shards: 4, rounds: [{}] }] }, 'x.json: cells[0].rounds[0].steady must be an object'],
  ])('is refused where it isn’t one', (document, message) => {
    expect(() => parseShards(JSON.stringify(document), 'x.json')).toThrow(message);
  });

  it('has three lines for each round as CSV', () => {
    const lines = shardsCsv(comparison).trimEnd().split('\r\n');

    expect(lines).toHaveLength(1 + 3 * 2 * 4);
    expect(lines[0]).toMatch(/^shards,itemLimitPerSecond,round,phase,valid,/);
    expect(new Set(lines.map((line) => line.split(',').length)).size).toBe(1);
  });
});

describe('the chart', () => {
  it.each(['light', 'dark'] as const)('needs no page for its colours, %s', async (scheme) => {
    const svg = await shardsChartSvg(comparison, { scheme });

    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(svg?.match(/var\(|<script|<style|inherit|NaN|Infinity|undefined|⚠/)).toBeNull();
    expect(svg).toContain('shards × limit');
    expect(svg).toContain('measured, exact');
  });

  it('says in words what it shows', async () => {
    const svg = (await shardsChartSvg(comparison, { scheme: 'light' })) ?? '';

    expect(svg).toContain(
      'aria-label="Line chart of increments per second against shards. 1: 5 of 5. 4: 20 of 20. 16: 78 of 80. 64: 314 of 320."',
    );
  });

  it('says where a counter isn’t exact', async () => {
    const round = shardRoundOf(4);
    const verdict = { ...round.steady.verdict, isExact: false, broken: { distinct: 1 } };
    const broken = shardComparisonOf([{ shards: 4, rounds: [{ ...round, steady: { ...round.steady, verdict } }] }]);

    expect(await shardsChartSvg(broken, { scheme: 'light' })).toContain('measured ✗');
  });

  it('isn’t drawn of nothing', async () => {
    expect(await shardsChartSvg(shardComparisonOf([]), { scheme: 'light' })).toBeUndefined();
  });
});

describe('the page', () => {
  it('tells the verdict, the scale, and what it doesn’t show', async () => {
    const html = await shardsHtml(comparison);

    expect(html).toContain('A striped counter is exact');
    expect(html).toContain('1 : 200, 5 writes a second an item instead of 1,000');
    expect(html).toContain('98 % of what the items may write');
    expect(html).toContain('<strong>Partitions.</strong>');
    expect(html.match(/NaN|undefined|Infinity|<script/)).toBeNull();
  });

  it('says what is wrong', async () => {
    const round = shardRoundOf(4);
    const verdict = {
      ...round.steady.verdict,
      isExact: false,
      broken: { distinct: 1 },
      violations: [{ rule: 'distinct', message: '7 was returned twice' }] as const,
      counts: { ...round.steady.verdict.counts, counted: 1000 },
    };

    const html = await shardsHtml(
      shardComparisonOf([{ shards: 4, rounds: [{ ...round, steady: { ...round.steady, verdict } }] }], {
        partial: 'interrupted',
      }),
    );

    expect(html).toContain('Not exact: 4 shards');
    expect(html).toContain('7 was returned twice');
    expect(html).toContain('More was counted than the items’ limit allows: 4 shards');
    expect(html).toContain('interrupted');
  });
});
