import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../../../tools/chromium';
import { describeInChromium } from '../../../../test/chromium';
import { accessibilityProblems } from './accessibility';
import { type DemoSystem, FAILING, ORDERS, startDemoSystem } from './demo-system';

let browser: Browser;
let system: DemoSystem;
let page: Page;
/** What the page did that it shouldn't: errors, refusals by its own policy, requests to other places. */
let complaints: string[];

beforeAll(async () => {
  browser = await launchChromium();
}, 60_000);
afterAll(() => browser?.close());

beforeEach(async () => {
  system = await startDemoSystem();
  page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  page.setDefaultTimeout(15_000);
  complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(`http://127.0.0.1:${system.port}/console`)) complaints.push(request.url());
  });
});
afterEach(async () => {
  await page.close();
  await system.close();
  expect(complaints).toEqual([]);
});

const rowOf = (text: string) => page.getByRole('row', { name: text });
const texts = (selector: string): Promise<string[]> => page.locator(selector).allInnerTexts();
const graph = () => page.getByRole('group', { name: 'Graph of the states' });
const panel = () => page.getByRole('region', { name: 'The chosen state' });
const startOrder = async (customer: string): Promise<string> => {
  const input = JSON.stringify({ customer, items: [1, 2, 3] });
  return (await system.stepFunctions.startExecution({ stateMachineArn: ORDERS, input })).executionArn;
};

describeInChromium('the list of executions', () => {
  it('shows new executions as they come', async () => {
    await page.goto(system.url);
    await page.getByText('No execution matches.').waitFor();

    await system.increment('redis', 'votes');

    await rowOf('votes').waitFor();
    const [row = ''] = await texts('tbody tr');
    expect(row.split('\t').slice(1, 6)).toEqual(['Increment', 'Succeeded', 'incremented', 'redis', 'votes']);
  });

  it('follows an execution from running to its end', async () => {
    const arn = await startOrder('refused');
    await page.goto(system.url);
    await rowOf('Running').waitFor();

    await system.stepFunctions.handle('StopExecution', JSON.stringify({ executionArn: arn, error: 'Enough' }));

    await rowOf('Aborted').getByText('Enough').waitFor();
  });

  it('is narrowed by filters and a search, which the address keeps', async () => {
    await system.increment('redis', 'votes');
    await system.increment('dynamo', 'full');
    await page.goto(system.url);
    await page.locator('tbody tr').nth(1).waitFor();

    await page.getByLabel('Outcome').selectOption('limit-reached');
    await rowOf('votes').waitFor({ state: 'detached' });
    await page.reload();
    await rowOf('full').waitFor();
    expect(await page.getByLabel('Outcome').inputValue()).toBe('limit-reached');
    await page.getByLabel('Outcome').selectOption('');
    await page.getByLabel(/^Search/).fill('VOTES');
    await rowOf('full').waitFor({ state: 'detached' });

    expect(await rowOf('votes').count()).toBe(1);
  });

  it('keeps the focus where it is while executions come in', async () => {
    await system.increment('redis', 'first');
    await page.goto(system.url);
    await rowOf('first').getByRole('link').focus();

    await system.increment('redis', 'second');
    await rowOf('second').waitFor();

    expect(await page.evaluate(() => document.activeElement?.closest('tr')?.textContent)).toContain('first');
  });

  it('pauses on request', async () => {
    await page.clock.install();
    await system.increment('redis', 'first');
    await page.goto(system.url);
    await rowOf('first').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));

    await page.clock.runFor(10_000);
    await page.evaluate(() => fetch('/console/api/machines')); // what was asked before comes before this

    expect(asked).toEqual(['/console/api/machines']);
    await system.increment('redis', 'second');
    await page.getByRole('button', { name: 'Pause' }).click();
    await rowOf('second').waitFor();
  });

  it('is quick with 10,000 executions: a page of them is in the document', async () => {
    for (let index = 0; index < 10_000; index += 1) await system.increment('redis', `load-${index % 100}`);
    await page.goto(system.url);
    await page.getByText('1–50 of 10,000').waitFor();

    await page.getByRole('button', { name: 'Older' }).click();
    await page.getByText('51–100 of 10,000').waitFor();
    await page.getByRole('button', { name: 'Newer' }).click();
    await page.getByText('1–50 of 10,000').waitFor();

    expect(await page.locator('tbody tr').count()).toBe(50);
  }, 60_000);

  it('says when the runtime does not answer, and goes on when it does', async () => {
    await page.goto(system.url);
    await page.getByText('No execution matches.').waitFor();

    await page.route('**/console/api/**', (route) => route.abort());
    await page.getByRole('alert').getByText('does not answer').waitFor();
    await page.unroute('**/console/api/**');
    await page.getByRole('alert').waitFor({ state: 'hidden' });

    complaints = complaints.filter((complaint) => !complaint.includes('net::ERR_FAILED'));
  });
});

describeInChromium('the metrics', () => {
  it('are plotted per store, and described in words and numbers', async () => {
    await system.increment('dynamo', 'a');
    await system.increment('dynamo', 'b');

    await page.goto(`${system.url}#/metrics`);

    const increments = page.locator('figure', { hasText: 'Increments' }).first();
    await increments.getByRole('listitem').getByText('dynamo: 2 in all').waitFor();
    expect(await increments.locator('path.line-dynamo').count()).toBeGreaterThan(0);
    await increments.getByText('Show as a table').click();
    await increments.getByRole('columnheader', { name: 'dynamo' }).waitFor();
  });
});

describeInChromium('without a mouse', () => {
  it('leads from the list to a state by keys alone', async () => {
    await system.increment('redis', 'votes');
    await page.goto(system.url);
    await rowOf('votes').waitFor();

    const tabTo = async (isThere: () => Promise<boolean>): Promise<void> => {
      for (let presses = 0; presses < 60 && !(await isThere()); presses += 1) await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
    };
    const focusIn = (selector: string) => () =>
      page.evaluate((within) => document.activeElement?.matches(within) ?? false, selector);
    await tabTo(focusIn('tbody th a'));
    await graph().getByRole('button').first().waitFor();
    await tabTo(focusIn('[data-state="Increment in Redis below the limit"]'));

    await panel().getByRole('heading', { name: 'Increment in Redis below the limit' }).waitFor();
  });
});

describeInChromium.each(['light', 'dark'] as const)('an accessibility checker finds nothing in %s', (colorScheme) => {
  beforeEach(() => page.emulateMedia({ colorScheme, reducedMotion: 'reduce' }));

  it('in the lists', async () => {
    await system.increment('redis', 'votes');
    await startOrder('refused');
    await system.stepFunctions.startSyncExecution({ stateMachineArn: FAILING });
    await page.goto(system.url);
    await rowOf('votes').waitFor();

    expect(await accessibilityProblems(page)).toEqual([]);

    await page.goto(`${system.url}#/machines`);
    await page.getByRole('link', { name: 'Orders', exact: true }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('in the metrics', async () => {
    for (const store of ['dynamo', 'redis', 'momento', 'docdb', 'tidb']) await system.increment(store, 'votes');
    await page.goto(`${system.url}#/metrics`);
    await page.getByText('Show as a table').first().click();
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
