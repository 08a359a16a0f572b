import { describeInChromium } from '../../../../../test/chromium';
import { accessibilityProblems } from '../accessibility';
import { expectSoon, useConsole } from '../console-page';

const shown = useConsole();
const figure = (title: string) =>
  shown.page.locator('figure', { has: shown.page.getByRole('heading', { name: title, exact: true }) });
const points = () => shown.page.getByRole('group', { name: 'Data points' }).locator('tbody tr:not(.more)');

describeInChromium('the charts', () => {
  it('say that there is no data yet', async () => {
    await shown.open('/metrics');

    await figure('Increments').getByText('No data yet').waitFor();
    await shown.page.getByText('No data yet.', { exact: true }).waitFor();
  });

  it('are plotted per store, and described in words and numbers', async () => {
    await shown.system.increment('dynamo', 'a');
    await shown.system.increment('dynamo', 'b');

    await shown.open('/metrics');

    await figure('Increments').getByRole('listitem').getByText('dynamo: 2 in all').waitFor();
    expect(await figure('Increments').locator('path.line-dynamo').count()).toBeGreaterThan(0);
    expect(await figure('Increments').getByText('No data yet').isVisible()).toBe(false);
    await figure('Increments').getByText('Show as a table').click();
    await figure('Increments').getByRole('columnheader', { name: 'dynamo' }).waitFor();
  });

  it('have unknown outcomes apart from those not counted', async () => {
    await shown.system.increment('dynamo', 'lost');

    await shown.open('/metrics');

    await figure('Unknown').getByRole('listitem').getByText('dynamo: 1 in all').waitFor();
    await figure('Not counted').getByText('No data yet').waitFor();
  });

  it('name their units, in letters of one size whatever their width', async () => {
    await shown.system.increment('dynamo', 'a');
    const sizes: number[][] = [];
    for (const width of [360, 700, 1280, 1900]) {
      await shown.page.setViewportSize({ width, height: 800 });
      await shown.open('/metrics');
      await figure('Increments').getByText('count per 5 s').waitFor();
      const heights = await shown.page
        .locator('.chart text:first-of-type')
        .evaluateAll((texts) => texts.map((text) => Math.round(text.getBoundingClientRect().height)));
      sizes.push(heights);
      const { scrollWidth, clientWidth } = await shown.page.evaluate(() => document.documentElement);
      expect(scrollWidth).toBe(clientWidth);
    }

    expect(new Set(sizes.flat()).size).toBe(1);
    await figure('Latency, median').getByText('milliseconds').waitFor();
  });

  it('tell the stores apart without their colours', async () => {
    for (const store of ['dynamo', 'redis', 'momento', 'docdb', 'tidb']) await shown.system.increment(store, 'votes');
    await shown.open('/metrics');
    await figure('Latency, median').getByRole('listitem').nth(4).waitFor();

    const looks = await figure('Latency, median')
      .locator('.legend svg')
      .evaluateAll((samples) =>
        samples.map((sample) => {
          const [line, sign] = Array.from(sample.querySelectorAll('path'));
          return [line && getComputedStyle(line).strokeDasharray, sign?.getAttribute('d')].join(' ');
        }),
      );

    expect(new Set(looks).size).toBe(5);
  });
});

describeInChromium('the data points', () => {
  it('have the log event behind each, and lead to its execution', async () => {
    const arn = await shown.system.increment('dynamo', 'votes');
    await shown.open('/metrics');
    await points().waitFor();
    expect(await points().innerText()).toMatch(/\tIncrements\t1\tAtomicCounter\/dynamo\t/);

    await shown.page.getByRole('button', { name: /^Log event/ }).press('Enter');
    const event = JSON.parse(await shown.page.getByRole('group', { name: /^Log event/ }).innerText()) as object;
    expect(event).toMatchObject({ type: 'SucceedStateEntered', execution_arn: arn });

    await points().getByRole('link', { name: 'Open' }).click();
    await shown.page.waitForURL((url) => decodeURIComponent(url.hash).includes(arn));
  });

  it('are those of a chart at a press below it', async () => {
    await shown.system.increment('dynamo', 'votes');
    await shown.system.increment('dynamo', 'full');
    await shown.open('/metrics');
    await points().nth(1).waitFor();

    await shown.page.getByRole('button', { name: 'Data points of Limits reached' }).click();

    await expectSoon(() => points().locator('.metric').allInnerTexts(), ['LimitReached']);
    expect(await shown.place()).toBe('/metrics?metric=LimitReached');
    expect(await shown.page.evaluate(() => document.activeElement?.textContent)).toBe('Data points');
  });

  it('stay open while others come in, and are turned by pages that those do not move', async () => {
    for (let index = 0; index < 30; index += 1) await shown.system.increment('dynamo', `c-${index}`);
    await shown.open('/metrics');
    await shown.page.getByText('1–25 of 30').waitFor();
    await shown.page.getByRole('button', { name: 'Log event of data point 30' }).click();

    await shown.system.increment('dynamo', 'another');
    await shown.page.getByText('1–25 of 31').waitFor();
    expect(await shown.page.getByRole('group', { name: 'Log event of data point 30, JSON' }).isVisible()).toBe(true);

    await shown.page.getByRole('button', { name: 'Older' }).click();
    await shown.page.getByText('26–31 of 31').waitFor();
    await shown.system.increment('dynamo', 'one-more');
    await shown.page.getByText('27–32 of 32').waitFor();
    await shown.page.getByRole('button', { name: 'Log event of data point 6', exact: true }).waitFor();
  });
});

describeInChromium.each(['light', 'dark'] as const)('an accessibility checker finds nothing in %s', (colorScheme) => {
  it.each([1400, 360])('in %d pixels', async (width) => {
    await shown.page.setViewportSize({ width, height: 800 });
    await shown.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const store of ['dynamo', 'redis', 'momento', 'docdb', 'tidb']) await shown.system.increment(store, 'votes');
    await shown.open('/metrics');
    await points().waitFor();
    await shown.page.getByText('Show as a table').first().click();
    await shown.page.getByRole('button', { name: /^Log event/ }).click();

    expect(await accessibilityProblems(shown.page)).toEqual([]);
  });
});
