import type { Page } from 'playwright-core';
import { type Comparison, reportHtml, summarize } from '../../../../compare/report';
import { accessibilityProblems } from '../../../../packages/template-runtime/test/console/accessibility';
import { describeInChromium, usePage } from '../../../chromium';
import { cellOf, comparisonOf, randomNumbers, realisticComparison, roundOf } from '../fixture';

const SCHEMES = ['light', 'dark'] as const;
const CHARTS = ['throughput', 'latency', 'counters', 'keys', 'workflow', 'repetitions', 'cold-starts', 'costs', 'slo'];

let page: Page;
/** What the page did that it shouldn't: errors, refusals by its own policy, requests. */
let complaints: string[] = [];

const shared = usePage({ width: 1280, height: 900 }, (made) => {
  made.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  made.on('pageerror', (error) => complaints.push(error.message));
  made.on('request', (request) => complaints.push(request.url()));
});
beforeEach(() => {
  complaints = [];
  ({ page } = shared);
});
afterEach(() => expect(complaints).toEqual([]));

const comparison = realisticComparison({ rounds: 2 });

/** With every part of the page, and few rows. */
const small = realisticComparison({ rounds: 2, stores: ['redis', 'momento'] });

const open = async (of: Comparison, baseline?: Comparison): Promise<void> =>
  page.setContent(await reportHtml(of, baseline ? { baseline } : {}));

const texts = (selector: string): Promise<string[]> => page.locator(selector).allInnerTexts();
const verdictOf = async (name: string): Promise<string> =>
  (await texts('.verdicts tbody tr')).find((row) => row.startsWith(name))?.replace(/\s+/g, ' ') ?? 'no row';
/** A part of the page's script, as the project's types have no DOM. */
const inPage = <T>(script: string): Promise<T> => page.evaluate<T>(script);

describeInChromium('the report', () => {
  it.each(SCHEMES)('is accessible, %s, with all tables open', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await open(small, { ...small, addedLatencyMs: 5 });
    await inPage(`document.querySelectorAll('details').forEach((each) => (each.open = true))`);

    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('needs no script and no network: it is itself alone', async () => {
    const html = await reportHtml(comparison);

    expect(html.match(/<script|<link|<img|<iframe|@import|url\(|src=/g)).toBeNull();
    await page.setContent(html); // complaints hold requests
    expect(await page.title()).toBe('Atomic counters compared, 26 November 2026 at 20:00 UTC');
  });

  it('has the verdict first, then the charts, throughput before all', async () => {
    await open(comparison);

    const headings = await inPage<string[]>(`[...document.querySelectorAll('h2')].map(({ id }) => id)`);

    expect(headings).toEqual(['verdict', ...CHARTS, 'exactness', 'limits', 'cells']);
  });

  it('says of each chart how to read it, what it doesn’t show, what made it, and its numbers', async () => {
    await open(comparison);

    for (const id of CHARTS) {
      const chart = page.locator(`section[aria-labelledby="${id}"]`);
      expect(await chart.locator('figure svg[role="img"]').getAttribute('aria-label')).toMatch(
        /^(Line|Dot|Bar) chart of .*\d/,
      );
      expect(await chart.locator('figure .lede').innerText()).not.toBe('');
      expect(await chart.locator('figcaption').innerText()).toMatch(/not show[^]*Made by npm run compare/);
      expect(await chart.locator('details tbody tr').count()).toBeGreaterThan(4);
    }
  });

  it.each(SCHEMES)('draws with colours that its own page has, %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await open(comparison);

    const undefinedOnes = await inPage<string[]>(`
      [...new Set(document.documentElement.outerHTML.match(/var\\(--[a-z0-9-]+/g))]
        .map((name) => name.slice(4))
        .filter((name) => getComputedStyle(document.documentElement).getPropertyValue(name) === '')`);

    expect(undefinedOnes).toEqual([]);
  });

  it('draws no label over another, and none outside its picture', async () => {
    await open(comparison);

    const problems = await inPage<string[]>(`
      [...document.querySelectorAll('figure svg')].flatMap((svg) => {
        const frame = svg.getBoundingClientRect();
        const labels = [...svg.querySelectorAll('text')].filter((each) => each.textContent.trim() !== '');
        const boxes = labels.map((each) => ({ text: each.textContent, box: each.getBoundingClientRect() }));
        const outside = boxes.filter(({ box }) => box.left < frame.left - 1 || box.right > frame.right + 2 || box.bottom > frame.bottom + 1);
        const overlaps = boxes.flatMap((a, index) =>
          boxes.slice(index + 1).filter((b) =>
            Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > 1 &&
            Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) > 3,
          ).map((b) => a.text + ' over ' + b.text),
        );
        return [...outside.map(({ text }) => text + ' outside'), ...overlaps];
      })`);

    expect(problems).toEqual([]);
  });

  it('fits a telephone without scrolling the page sideways', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await open(comparison);

    expect(await inPage('document.documentElement.scrollWidth')).toBe(360);
  });

  it('prints on A4 without cutting a picture', async () => {
    await open(comparison, small);
    await page.emulateMedia({ media: 'print' });
    const printable = { width: ((210 - 26) / 25.4) * 96, height: ((297 - 28) / 25.4) * 96 };
    await page.setViewportSize({ width: Math.floor(printable.width), height: Math.floor(printable.height) });

    const figures = await inPage<{ height: number; breaks: string }[]>(`
      [...document.querySelectorAll('.chart')].map((each) => ({
        height: each.getBoundingClientRect().height, breaks: getComputedStyle(each).breakInside }))`);
    const pages = (await page.pdf({ format: 'A4', preferCSSPageSize: true }))
      .toString('latin1')
      .match(/\/Type \/Page\b/g)?.length;

    expect(figures).toHaveLength(CHARTS.length);
    for (const { height, breaks } of figures) {
      expect(height).toBeLessThan(printable.height);
      expect(breaks).toBe('avoid');
    }
    expect(await inPage('document.documentElement.scrollWidth')).toBeLessThanOrEqual(Math.ceil(printable.width));
    expect(pages).toBeGreaterThan(5);
    expect(pages).toBeLessThan(22);
  });
});

describeInChromium('its verdicts', () => {
  it('have a row for a way of counting that was measured on another path alone', async () => {
    const usual = cellOf({ rounds: [roundOf({ calls: 100, medianMs: 5, random: randomNumbers(1) })] });
    await open(comparisonOf([usual, cellOf({ path: 'state-machine', strategy: 'textbook', rounds: usual.rounds })]));

    expect(await verdictOf(`${usual.store} textbook, state machine`)).toMatch('exact');
  });

  it('say in words what is exact and what isn’t, and how it broke', async () => {
    await open(comparison);

    expect(await verdictOf('momento set-if-not-equal')).toMatch('✗ not exact');
    expect(await verdictOf('dynamo')).toMatch('dynalite 3.2.2 emulator ✓ exact');
    expect(await texts('h1')).toEqual(['Every count was exact but those of momento (set-if-not-equal)']);
    expect((await texts('.violations')).join()).toMatch(
      /a value was returned twice[^]*17 was returned twice, to client 3's increment/,
    );
  });

  it('follow the numbers of the document', async () => {
    const random = randomNumbers(5);
    const cellAt = (calls: number, medianMs: number) =>
      cellOf({ rounds: [roundOf({ calls, medianMs, durationMs: 1000, random })] });
    const slow = comparisonOf([cellAt(123, 40)]);
    const fast = comparisonOf([cellAt(4567, 4)]);

    for (const [of, rate] of [
      [slow, '123'],
      [fast, '4,567'],
    ] as const) {
      const latency = summarize(of)[0]?.latencyMs;
      await open(of);

      const row = await verdictOf('redis');
      expect(row).toMatch(`${rate} 8 callers`);
      expect(row).toMatch(String(latency?.p99.toPrecision(3)));
      expect(await page.locator('figure svg').first().getAttribute('aria-label')).toMatch(`redis up to ${rate}`);
    }
  });

  it('show a cell that is invalid, with the reason, and count it nowhere', async () => {
    const random = randomNumbers(5);
    const valid = cellOf({ store: 'redis', rounds: [roundOf({ calls: 100, medianMs: 5, durationMs: 1000, random })] });
    const invalid = cellOf({
      store: 'tidb',
      rounds: [
        roundOf({ calls: 98_765, medianMs: 5, durationMs: 1000, random }, { invalid: '12 calls were throttled (429)' }),
      ],
    });
    await open(comparisonOf([valid, invalid]));

    expect(await verdictOf('tidb')).toMatch('– not judged invalid 12 calls were throttled (429) invalid');
    expect((await texts('.notice')).join()).toMatch('1 cell of 2 has no valid round: shown, and never counted.');
    expect((await texts('.left-out')).join()).toMatch(
      'tidb, unconditional, HTTP API, 8 callers, 1 counter: invalid, 12 calls',
    );
    expect(await page.locator('tr.invalid').count()).toBeGreaterThan(1);
    expect(await page.locator('figure svg').first().getAttribute('aria-label')).not.toMatch('tidb');
    expect(await inPage('document.body.textContent')).not.toMatch('98,765/s');
  });

  it('say what stand-ins and emulators are worth', async () => {
    await open(comparison);

    expect((await texts('.limits')).join()).toMatch(
      'A stand-in or an emulator says nothing of it: dynamo, momento, docdb.',
    );
  });

  it('say that not all was measured', async () => {
    await open({ ...small, partial: 'interrupted' });

    expect((await texts('.notice'))[0]).toBe('Partial. Not all that was planned was measured: interrupted.');
  });

  it('name what a baseline tells apart, and what it can’t be compared in', async () => {
    await open(small, { ...small, addedLatencyMs: 5 });

    const section = await page.locator('section[aria-labelledby="baseline"]').innerText();
    expect(section).toMatch('added latency: 5 ms before, 0 ms now: no verdict for what depends on it.');
    expect(section).toMatch('not comparable');
  });

  it.each([
    ['nothing', comparisonOf([])],
    ['a cell without a round', comparisonOf([cellOf()])],
    ['one call', comparisonOf([cellOf({ rounds: [roundOf({ calls: 1, medianMs: 5, random: randomNumbers(1) })] })])],
    [
      'no decided call',
      comparisonOf([cellOf({ rounds: [roundOf({ calls: 0, medianMs: 5, random: randomNumbers(1) })] })]),
    ],
  ])('stand on a page of %s', async (_, of) => {
    await open(of);

    expect((await inPage<string>('document.body.outerHTML')).match(/NaN|Infinity|undefined|⚠/)).toBeNull();
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});

describeInChromium('a hostile text', () => {
  const HOSTILE = `<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">"'&amp;]]>`;

  it('is shown as it is, wherever it comes from, and is neither run nor fetched', async () => {
    const random = randomNumbers(5);
    const round = roundOf({ calls: 50, medianMs: 5, random });
    const broken = {
      ...round.verdict,
      isExact: false,
      broken: { gap: 1 },
      violations: [{ rule: 'gap' as const, message: HOSTILE }],
    };
    const cell = cellOf({
      store: HOSTILE,
      strategy: HOSTILE,
      rounds: [{ ...round, verdict: broken }],
      repetitions: { calls: 1, conflicts: 1, retries: 1 },
    });
    const twin = { ...cell, counters: 2 };
    const other = { ...cell, by: 2, rounds: [{ ...round, invalid: HOSTILE }] };
    const hostile = comparisonOf([cell, twin, { ...cell, path: 'direct' }, other], {
      command: HOSTILE,
      partial: HOSTILE,
      machine: { cpu: HOSTILE, cores: 1, memoryBytes: 1, os: HOSTILE, node: HOSTILE },
      versions: { [HOSTILE]: HOSTILE },
      servers: { [HOSTILE]: { name: HOSTILE, kind: 'server' } },
      coldStarts: [{ store: HOSTILE, firstCallMs: 2, secondCallMs: 1 }],
      costs: [{ store: HOSTILE, mode: 'unconditional', usdPerMillion: 1 }],
      slo: {
        percentile: 99,
        latencyMs: 50,
        results: [{ store: HOSTILE, mode: 'unconditional', counters: 1, ratePerSecond: 10, probes: [] }],
      },
    });
    await open(hostile, { ...hostile, machine: { ...hostile.machine, cpu: `${HOSTILE}2` } });

    expect(await inPage('window.hacked')).toBeUndefined();
    expect(await page.locator('script, img').count()).toBe(0);
    expect(await page.locator('.store').first().textContent()).toBe(HOSTILE);
    expect(await page.locator('.violations ol').first().textContent()).toMatch(HOSTILE);
    expect(await page.locator('.made code').first().textContent()).toBe(HOSTILE);
    expect(await page.locator('figure svg').first().getAttribute('aria-label')).toMatch('<script>window.hacked');
    expect(await inPage('document.documentElement.scrollWidth')).toBe(1280);
  });
});
