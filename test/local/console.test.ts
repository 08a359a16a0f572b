import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../tools/chromium';
import { describeInChromium } from '../chromium';
import { type Local, startLocal } from '../../local/main';
import { assembly } from './assembly';
import { accessibilityProblems } from '../../packages/template-runtime/test/console/accessibility';

const run = promisify(execFile);

let browser: Browser;
let local: Local;
let page: Page;

beforeAll(async () => {
  local = await startLocal({ assembly: await assembly('conditional') });
  browser = await launchChromium();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await local?.close();
});
beforeEach(async () => {
  page = await browser.newPage();
  page.setDefaultTimeout(15_000);
});
afterEach(() => page.close());

/** Increments as a user does, and gives the answer with its headers. */
async function curl(store: string, id: string): Promise<string> {
  const { stdout } = await run('curl', [
    ...['-s', '-i', '-X', 'POST', '-H', `x-api-key: ${local.apiKey}`],
    `${local.url}/${store}/${id}`,
  ]);
  return stdout;
}

const consoleUrl = (): string => `http://127.0.0.1:${local.port}/console`;
const state = (name: string) =>
  page.getByRole('group', { name: 'Graph of the states' }).getByRole('button', { name, exact: true });

describeInChromium('the console of the running system', () => {
  it('shows an increment by curl: it appears, and has a path and an output', async () => {
    await page.goto(consoleUrl());
    await page.getByRole('row', { name: 'SetupWorkflow' }).waitFor();

    await curl('redis', 'by-curl');
    await page.getByRole('row', { name: 'by-curl' }).getByRole('link').click();

    await state('Incremented in Redis Succeed Succeeded').waitFor();
    expect(await page.locator('.node .name').allInnerTexts()).toEqual([
      'Which store?',
      'Increment in Redis below the limit',
      'Incremented in Redis?',
      'Incremented in Redis',
    ]);
    await page.getByRole('heading', { level: 1, name: 'Incremented redis / by-curl' }).waitFor();
    const output = await page.getByRole('group', { name: 'Output', exact: true }).innerText();
    expect(JSON.parse(output)).toMatchObject({ outcome: 'incremented', store: 'redis', id: 'by-curl', counter: 1 });
  });

  it('shows the lines that the function logged for this increment, and no others', async () => {
    await curl('redis', 'not-this');
    const [, arn = ''] = /^x-execution-arn: (\S+)/im.exec(await curl('redis', 'logged')) ?? [];
    await page.goto(`${consoleUrl()}#/execution?arn=${encodeURIComponent(arn)}&part=logs`);

    const log = page.getByRole('group', { name: /^Function log/ });
    await log.getByText(/^REPORT RequestId/).waitFor();

    const text = await log.innerText();
    expect(text.match(/START RequestId/g)).toHaveLength(1);
    expect(text).toContain('"id":"logged"');
    expect(text).not.toContain('not-this');
    await page
      .getByRole('group', { name: /^Execution log/ })
      .getByText('"type":"ExecutionSucceeded"')
      .waitFor();
  });

  it('opens the execution that a response names, when the header is pasted', async () => {
    const [header = ''] = /^x-execution-arn: .*$/im.exec(await curl('tidb', 'pasted')) ?? [];
    await page.goto(consoleUrl());

    await page.getByLabel('Open by ARN').fill(header.trim());
    await page.getByLabel('Open by ARN').press('Enter');

    await state('Incremented in TiDB Succeed Succeeded').waitFor();
  });

  it('shows where an increment of a store that is down failed, and why', async () => {
    await local.stores['redis']?.stop();
    await page.goto(consoleUrl());

    await curl('redis', 'while-down');
    await local.stores['redis']?.start();
    await page.getByRole('row', { name: 'while-down' }).getByText('unavailable').waitFor();
    await page.getByRole('row', { name: 'while-down' }).getByRole('link').click();

    const panel = page.getByRole('region', { name: 'The chosen state' });
    await panel.getByRole('heading', { name: 'Increment in Redis below the limit Caught error' }).waitFor();
    await panel.getByRole('group', { name: 'Cause' }).waitFor();
    await page.getByRole('heading', { level: 1, name: 'Unavailable redis / while-down' }).waitFor();
    await page.getByText('StoreUnavailableError in “Increment in Redis below the limit”: redis could not be').waitFor();
    expect(await panel.innerText()).toContain('StoreUnavailableError');
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('plots what the template’s metric filters count', async () => {
    for (let call = 0; call < 22; call += 1) await curl('dynamo', 'measured');

    await page.goto(`${consoleUrl()}#/metrics`);

    const chart = (title: string) => page.locator('figure', { has: page.getByRole('heading', { name: title }) });
    await chart('Increments').getByRole('listitem').getByText('dynamo: 20 in all').waitFor();
    await chart('Limits reached').getByRole('listitem').getByText('dynamo: 2 in all').waitFor();
    await chart('Latency, median')
      .getByRole('listitem')
      .getByText(/^ ?dynamo: \d+ ms/)
      .waitFor();
  });

  it('shows a frozen store, what became of an increment meanwhile, and what its counter then is', async () => {
    const counter = page.locator('tbody tr', { has: page.getByTitle('Executions of redis/while-frozen') });
    await curl('redis', 'while-frozen');
    await page.goto(`${consoleUrl()}#/counters`);
    await page.getByRole('button', { name: 'Freeze redis' }).click();
    await page.getByText('redis is frozen').waitFor();

    await curl('redis', 'while-frozen');
    await counter.getByRole('link', { name: '1 Unknown: executions of redis/while-frozen' }).waitFor();
    await page.getByRole('button', { name: 'Start redis' }).click();
    await page.getByText('redis is running').waitFor();
    await page.getByRole('button', { name: 'Read redis/while-frozen' }).click();

    await page.getByText(/^redis\/while-frozen is [12] in its store/).waitFor();
    await counter.getByTitle('Read from the store').waitFor();
  });

  it('starts an increment synchronously', async () => {
    await page.goto(`${consoleUrl()}#/machines`);
    await page
      .getByRole('link', { name: /AtomicCounter-increment/ })
      .first()
      .click();

    await page
      .getByLabel('Input, JSON')
      .fill('{"store":"docdb","id":"by-console","useConditionalWrites":true,"max":"3"}');
    await page.getByRole('button', { name: 'Start execution' }).click();

    await state('Incremented in DocumentDB Succeed Succeeded').waitFor();
  });
});
