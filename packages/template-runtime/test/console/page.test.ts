import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../../../tools/chromium';
import { accessibilityProblems } from './accessibility';
import { type DemoSystem, FAILING, INCREMENT, ORDERS, startDemoSystem } from './demo-system';

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
const openExecution = (arn: string) => page.goto(`${system.url}#/execution?arn=${encodeURIComponent(arn)}`);
const graph = () => page.getByRole('group', { name: 'Graph of the states' });
const panel = () => page.getByRole('region', { name: 'The chosen state' });
const startOrder = async (customer: string): Promise<string> => {
  const input = JSON.stringify({ customer, items: [1, 2, 3] });
  return (await system.stepFunctions.startExecution({ stateMachineArn: ORDERS, input })).executionArn;
};

describe('one execution', () => {
  it('shows how each state ended and the path taken', async () => {
    await openExecution(await system.increment('redis', 'votes'));

    await graph().getByRole('button', { name: 'Incremented in Redis Succeed Succeeded' }).waitFor();
    expect(await texts('.entered li')).toEqual([
      'Succeeded Which store?',
      'Succeeded Increment in Redis below the limit',
      'Succeeded Incremented in Redis?',
      'Succeeded Incremented in Redis',
    ]);
    expect(await page.locator('.way.taken').count()).toBe(4);
    await page.getByLabel('Only states entered').uncheck();
    await graph().getByRole('button', { name: 'Increment in TiDB Task', exact: true }).waitFor();
    expect(await page.getByRole('group', { name: 'Output', exact: true }).innerText()).toContain('"counter": 1');
  });

  it('shows a state’s input, arguments, result, output and variables on a click', async () => {
    await openExecution(await startOrder('ann'));

    await graph().getByRole('button', { name: 'Charge Task Succeeded' }).click();

    await panel().getByRole('heading', { name: 'Charge' }).waitFor();
    const shown = (name: string): Promise<string> => panel().getByRole('group', { name, exact: true }).innerText();
    expect(JSON.parse(await shown('Arguments'))).toEqual({ id: 'ann' });
    expect(JSON.parse(await shown('Result'))).toEqual({ outcome: 'incremented', counter: 1 });
    expect(JSON.parse(await shown('Variables before'))).toEqual({ customer: 'ann' });
    expect(JSON.parse(await shown('Input'))).toEqual(['in stock', [2, 4, 6]]);
  });

  it('shows retries, and the error of a state that was caught', async () => {
    await openExecution(await startOrder('busy-once'));
    await graph().getByRole('button', { name: 'Charge Task Succeeded, 1 retry' }).waitFor();

    await openExecution(await startOrder('refused'));
    await graph().getByRole('button', { name: 'Charge Task Caught error' }).click();

    await panel().getByText('CardRefused', { exact: true }).waitFor();
    expect(await panel().getByRole('group', { name: 'Cause' }).innerText()).toBe('The card was refused');
    await graph().getByRole('button', { name: 'Wait for a person Wait Running' }).waitFor();
  });

  it('shows a failing one: its error, its cause and the state', async () => {
    const { executionArn } = await system.stepFunctions.startSyncExecution({
      stateMachineArn: FAILING,
      input: '{"id":"apples"}',
    });

    await openExecution(executionArn);

    await graph().getByRole('button', { name: 'Give up Fail Failed' }).waitFor();
    expect(await page.getByRole('group', { name: 'Cause', exact: true }).innerText()).toBe('No more of apples');
    expect(await texts('dd')).toContain('OutOfStock');
  });

  it('goes on while it is watched', async () => {
    const arn = await startOrder('refused');
    await openExecution(arn);
    await graph().getByRole('button', { name: 'Wait for a person Wait Running' }).waitFor();

    await system.stepFunctions.handle('StopExecution', JSON.stringify({ executionArn: arn }));

    await graph().getByRole('button', { name: 'Wait for a person Wait Aborted' }).waitFor();
    await page.getByRole('cell', { name: 'ExecutionAborted' }).waitFor();
  });

  it('turns the visits of a state that was entered several times', async () => {
    await openExecution(await startOrder('ann'));

    await page
      .locator('.entered')
      .getByRole('button', { name: /Price \(3 visits\)/ })
      .click();
    await panel().getByText('Visit 3 of 3').waitFor();
    await panel().getByRole('button', { name: 'Earlier' }).click();
    await panel().getByText('Visit 2 of 3').waitFor();

    expect(await panel().getByRole('group', { name: 'Input' }).innerText()).toBe('2');
  });

  it('can be narrowed to the states entered, and is where there are many', async () => {
    await openExecution(await system.increment('redis', 'votes'));
    await graph().getByRole('button').nth(3).waitFor();
    expect(await graph().getByRole('button').count()).toBe(4);

    await page.getByLabel('Only states entered').uncheck();
    await graph().getByRole('button').nth(20).waitFor();

    await page.getByLabel('Only states entered').check();
    await graph().getByRole('button').nth(4).waitFor({ state: 'detached' });
    expect(await graph().getByRole('button').count()).toBe(4);
  });

  it('shows the states entered first where all of them would not fit', async () => {
    await page.setViewportSize({ width: 400, height: 800 });
    await openExecution(await system.increment('redis', 'votes'));

    await graph().getByRole('button').nth(3).waitFor();

    expect(await page.getByLabel('Only states entered').isChecked()).toBe(true);
    expect(await graph().getByRole('button').count()).toBe(4);
  });

  it('has a table of events with a search and details', async () => {
    await openExecution(await system.increment('redis', 'votes'));
    await page.getByRole('cell', { name: 'ExecutionSucceeded' }).waitFor();

    await page.getByLabel('Search in types, states and details').fill('lambdafunctionscheduled');
    await page.getByRole('cell', { name: 'ExecutionSucceeded' }).waitFor({ state: 'detached' });
    const details = page.getByRole('button', { name: /Details of event/ });
    await details.press('Enter');

    expect(await details.getAttribute('aria-expanded')).toBe('true');
    expect(await page.getByRole('group', { name: /^input of event/ }).innerText()).toContain('"id": "votes"');
  });

  it('shows what a client sent as text, whatever it is', async () => {
    const id = '<img src=x onerror=alert(1)>';

    await openExecution(await system.increment('redis', id));

    await page.getByText('invalid-request').first().waitFor();
    expect(await page.getByRole('group', { name: 'Input', exact: true }).innerText()).toContain(id);
    expect(await page.locator('main img').count()).toBe(0);
  });

  it('opens by a pasted ARN, or the whole header', async () => {
    const arn = await system.increment('redis', 'votes');
    await page.goto(system.url);

    await page.getByLabel('Open by ARN').fill(`X-Execution-Arn: ${arn}`);
    await page.getByLabel('Open by ARN').press('Enter');

    await page.getByText(arn).waitFor();
  });

  it('says so where it is not in memory', async () => {
    await page.goto(system.url);

    await page.getByLabel('Open by ARN').fill('arn:aws:states:eu-west-1:123456789012:execution:M:gone');
    await page.getByRole('button', { name: 'Open' }).click();

    await page.getByText('has dropped off').waitFor();
    await page.getByLabel('Open by ARN').fill('votes');
    await page.getByRole('button', { name: 'Open' }).click();

    await page.getByText('"votes" is no execution\'s ARN').waitFor();
    complaints = complaints.filter((complaint) => !complaint.includes('404'));
  });
});

describe('a state machine', () => {
  it('is found in the list, shows its graph and definition, and starts an execution', async () => {
    await page.goto(`${system.url}#/machines`);
    await page.getByRole('link', { name: 'Increment', exact: true }).click();

    await graph().getByRole('button', { name: 'Increment in TiDB Task' }).click();
    await page.getByRole('group', { name: 'Definition of Increment in TiDB' }).waitFor();
    expect(await page.getByRole('group', { name: 'Definition', exact: true }).innerText()).toContain('"StartAt"');
    await page.getByText('input {store, id, useConditionalWrites, max, by,').first().waitFor();
    const input = { store: 'tidb', id: 'mine', useConditionalWrites: true, max: '500', by: '4', key: 'order-1' };
    await page.getByLabel('Input, JSON').fill(JSON.stringify(input));
    await page.getByRole('button', { name: 'Start execution' }).click();

    await graph().getByRole('button', { name: 'Incremented in TiDB Succeed Succeeded' }).waitFor();
  });

  it('says what is wrong with an input', async () => {
    await page.goto(`${system.url}#/machine?arn=${INCREMENT}`);

    await page.getByLabel('Input, JSON').fill('{');
    await page.getByRole('button', { name: 'Start execution' }).click();

    await page.getByRole('alert').getByText('InvalidExecutionInput').waitFor();
    complaints = complaints.filter((complaint) => !complaint.includes('400'));
  });

  it('starts again with the input of an earlier execution', async () => {
    const first = await system.increment('redis', 'first');
    await system.increment('redis', 'second');
    await openExecution(first);

    await page.getByRole('link', { name: /^New execution of/ }).click();

    await page.getByLabel('Input, JSON').waitFor();
    expect(JSON.parse(await page.getByLabel('Input, JSON').inputValue())).toMatchObject({ id: 'first' });
  });
});

describe('without a mouse', () => {
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

describe.each(['light', 'dark'] as const)('an accessibility checker finds nothing in %s', (colorScheme) => {
  beforeEach(() => page.emulateMedia({ colorScheme, reducedMotion: 'reduce' }));

  it.each(['refused', 'busy-once'])('in an execution of %s with a chosen state and open details', async (customer) => {
    await openExecution(await startOrder(customer));
    await page.getByRole('button', { name: 'Details of event 1', exact: true }).click();
    await graph()
      .getByRole('button', { name: /^Charge / })
      .click();
    await panel().getByRole('heading', { name: 'Charge' }).waitFor();

    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('in a failed execution and a state machine', async () => {
    const { executionArn } = await system.stepFunctions.startSyncExecution({ stateMachineArn: FAILING });
    await openExecution(executionArn);
    await graph().getByRole('button', { name: 'Give up Fail Failed' }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);

    await page.goto(`${system.url}#/machine?arn=${INCREMENT}`);
    await graph().getByRole('button', { name: 'Which store? Choice' }).click();
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
