import type { Locator, Page } from 'playwright-core';
import { describeInChromium } from '../../../../../test/chromium';
import { LEGIBLE } from '../../../console/client/graph/view';
import { accessibilityProblems } from '../accessibility';
import { useConsole } from '../console-page';
import { BATCH, type DemoSystem, FAILING, INCREMENT, ORDERS } from '../demo-system';

const shown = useConsole();
let system: DemoSystem;
let page: Page;

beforeEach(async () => {
  ({ system, page } = shown);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ reducedMotion: 'reduce' });
});

const openExecution = async (arn: string, place = ''): Promise<void> => {
  await page.goto(system.url);
  await page.goto(`${system.url}#/execution?arn=${encodeURIComponent(arn)}${place}`);
};
const graph = () => page.getByRole('group', { name: 'Graph of the states' });
const node = (name: string) => graph().getByRole('button', { name, exact: true });
const panel = () => page.getByRole('region', { name: 'The chosen state' });
/** Of the chosen state, whose status stands beside its name. */
const heading = (state: string) => panel().getByRole('heading', { level: 2 }).filter({ hasText: state });
const tab = (name: string | RegExp) => page.getByRole('tab', { name });
const box = (name: string, within: Page | Locator = page) => within.getByRole('group', { name, exact: true });
const json = async (name: string, within: Page | Locator = page): Promise<unknown> =>
  JSON.parse(await box(name, within).innerText());
const chosen = () => graph().locator('[aria-pressed=true]').getAttribute('data-state');
const address = (): URLSearchParams => new URLSearchParams(new URL(page.url()).hash.split('?')[1]);

const startOrder = async (customer: string): Promise<string> => {
  const input = JSON.stringify({ customer, items: [1, 2, 3] });
  return (await system.stepFunctions.startExecution({ stateMachineArn: ORDERS, input })).executionArn;
};
const startSync = async (stateMachineArn: string, input: string): Promise<string> =>
  (await system.stepFunctions.startSyncExecution({ stateMachineArn, input })).executionArn;
const startFailing = () => startSync(FAILING, '{"id":"apples"}');
/** Stopped while it waits. */
const startAndStop = async (): Promise<string> => {
  const arn = await startOrder('refused');
  while (!system.stepFunctions.history(arn).some(({ type }) => type === 'WaitStateEntered')) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  await stop(arn);
  return arn;
};
const stop = (executionArn: string) => system.stepFunctions.handle('StopExecution', JSON.stringify({ executionArn }));

/** Whether it is on the screen as it is, unscrolled. */
const isOnScreen = (place: Locator): Promise<boolean> =>
  place.evaluate((element) => {
    const { top, bottom, left, right } = element.getBoundingClientRect();
    return top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth && bottom > top;
  });

describeInChromium('the first screen of an execution', () => {
  it('shows what happened, and the state that tells most, without scrolling', async () => {
    await openExecution(await system.increment('dynamo', 'full'));

    await heading('Increment in DynamoDB below the limit').waitFor();
    expect(address().get('state')).toBe('Increment in DynamoDB below the limit');
    const title = page.getByRole('heading', { level: 1 });
    expect(await title.innerText()).toContain('Limit reached');
    expect(await title.innerText()).toContain('dynamo / full');
    expect(await page.locator('.summary dd').allInnerTexts()).toEqual(
      expect.arrayContaining(['Succeeded', 'dynamo', 'full', '10']),
    );
    for (const shown of [
      title,
      node('Increment in DynamoDB below the limit Task Caught error'),
      panel().locator('.error'),
      ...['Cause', 'Input', 'Output'].map((name) => box(name, panel())),
    ]) {
      expect(await isOnScreen(shown)).toBe(true);
    }
  });

  it.each([
    ['fails', startFailing, 'Give up'],
    [
      'met a limit that the function reports',
      () => system.increment('redis', 'full'),
      'Increment in Redis below the limit',
    ],
    ['was caught', () => system.increment('redis', 'refused'), 'Increment in Redis below the limit'],
    ['was stopped', startAndStop, 'Wait for a person'],
    ['goes on', () => startOrder('refused'), 'Wait for a person'],
    ['incremented', () => system.increment('redis', 'votes'), 'Incremented in Redis'],
    ['fails in one of many iterations', () => startSync(BATCH, '[1,2,3,-4,5]'), 'Refuse it'],
  ])('of one that %s has that state chosen', async (_, start, state) => {
    await openExecution(await start());

    await heading(state).waitFor();
    expect(await chosen()).toBe(state);
    expect(await isOnScreen(graph().locator('[aria-pressed=true]'))).toBe(true);
  });

  it('has error and cause of a failed one on top, the message first where the cause is JSON', async () => {
    await openExecution(await startFailing());
    await page.getByText('OutOfStock in “Give up”: No more of apples').waitFor();

    await openExecution(await startSync(BATCH, '[-4]'));

    await page.getByText('Negative in “Refuse it”').waitFor();
    expect(await page.getByText('The whole cause').count()).toBe(0);
    expect(await box('Cause of the failure').innerText()).toContain('"item"');
  });

  it('counts the time while it runs, and says when it ends', async () => {
    const arn = await startOrder('refused');
    await openExecution(arn);
    const before = await page.locator('.elapsed').innerText();
    await page.waitForFunction((text) => document.querySelector('.elapsed')?.textContent !== text, before);

    await stop(arn);

    await page.getByRole('status').getByText('The execution has ended: Aborted').waitFor({ state: 'attached' });
    const ended = await page.locator('.elapsed').innerText();
    await node('Wait for a person Wait Aborted').waitFor();
    expect(await page.locator('.elapsed').innerText()).toBe(ended);
  });

  it('shows what a client sent as text, whatever it is', async () => {
    const id = '<img src=x onerror=alert(1)>';

    await openExecution(await system.increment('redis', id));

    await page.getByRole('heading', { level: 1, name: 'Invalid request' }).waitFor();
    await page
      .getByText(`id must be 1 to 128 of the characters A-Z a-z 0-9 . _ ~ : @ -, but not . or .., got "${id}"`)
      .waitFor();
    expect(await page.locator('main img').count()).toBe(0);
  });
});

describeInChromium('what is looked at', () => {
  it('is kept by the address: a reload leads back, and Back leaves', async () => {
    await openExecution(await startOrder('ann'));
    await node('Charge Task Succeeded').click();
    await tab('Call').click();
    await tab('Table').click();
    await tab(/^Definition$/)
      .last()
      .click();
    await page.reload();

    await heading('Charge').waitFor();
    expect(await json('Arguments', panel())).toEqual({ id: 'ann' });
    await page.getByRole('table', { name: 'The states that were entered' }).waitFor();
    expect(Object.fromEntries(address())).toMatchObject({
      state: 'Charge',
      tab: 'call',
      view: 'table',
      part: 'definition',
    });
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Executions' }).waitFor();
  });

  it('can be one of many stays in a state', async () => {
    await openExecution(await startOrder('ann'), '&state=Price&visit=1');

    await panel().getByText('Visit 2 of 3').waitFor();
    expect(await box('Input', panel()).innerText()).toBe('2');
    await panel().getByRole('button', { name: 'Later' }).click();
    await panel().getByText('Visit 3 of 3').waitFor();
    expect(address().get('visit')).toBe('2');
  });

  it('is all states on request, which the address keeps too', async () => {
    await openExecution(await system.increment('redis', 'votes'));
    await node('Incremented in Redis Succeed Succeeded').waitFor();
    expect(await graph().locator('.node').count()).toBe(4);

    await page.getByLabel('Only states entered').uncheck();
    await node('Increment in TiDB Task').waitFor();
    expect(address().get('all')).toBe('1');
    await page.reload();
    await node('Increment in TiDB Task').waitFor();
    await page.getByLabel('Only states entered').check();
    await node('Increment in TiDB Task').waitFor({ state: 'detached' });

    expect(await graph().locator('.node').count()).toBe(4);
  });

  it('follows an execution until somebody chooses a state', async () => {
    const arn = await startOrder('refused');
    await openExecution(arn);
    await heading('Wait for a person').waitFor();
    await node('Charge Task Caught error').click();
    await heading('Charge').waitFor();

    await stop(arn);
    await node('Wait for a person Wait Aborted').waitFor();

    expect(await chosen()).toBe('Charge');
  });
});

describeInChromium('the graph', () => {
  it('has a Choice’s other ways behind their number', async () => {
    await openExecution(await system.increment('redis', 'votes'));

    await graph()
      .getByRole('button', { name: /more ways of Which store\?$/ })
      .click();

    await node('Unknown store Succeed').waitFor();
    await node('Increment in TiDB Task').waitFor();
    expect(await node('Replayed Succeed').count()).toBe(0);
  });

  it.each(['', '&all=1'])('shows each name whole, and no two alike, at the first scale (%s)', async (place) => {
    await openExecution(await system.increment('redis', 'votes'), place);
    await node('Incremented in Redis Succeed Succeeded').waitFor();

    const names = await graph()
      .locator('.node')
      .evaluateAll((nodes) =>
        nodes.map((button) => {
          const range = document.createRange();
          range.selectNodeContents(button.querySelector('.name') ?? button);
          const [text, around] = [range.getBoundingClientRect(), button.getBoundingClientRect()];
          const isWhole =
            text.left >= around.left &&
            text.right <= around.right &&
            text.top >= around.top &&
            text.bottom <= around.bottom;
          return { name: button.querySelector('.name')?.textContent, isWhole };
        }),
      );

    expect(names.filter(({ isWhole }) => !isWhole)).toEqual([]);
    expect(new Set(names.map(({ name }) => name)).size).toBe(names.length);
  });

  it('fits legibly: it scrolls, with an overview, rather than shrink too far', async () => {
    const scale = (): Promise<number> =>
      page.locator('.canvas').evaluate((canvas) => new DOMMatrix(getComputedStyle(canvas).transform).a);
    await openExecution(await system.increment('redis', 'votes'), '&all=1');
    await node('Increment in TiDB Task').waitFor();
    for (let press = 0; press < 8; press += 1) await page.getByRole('button', { name: 'Zoom out' }).click();
    expect(await scale()).toBeLessThan(LEGIBLE);

    await page.getByRole('button', { name: 'Fit the graph' }).click();

    expect(await scale()).toBeGreaterThanOrEqual(LEGIBLE);
    expect(await page.locator('.overview').isVisible()).toBe(true);
    await page.locator('.overview').click({ position: { x: 5, y: 5 } });
    expect(await page.locator('.frame').evaluate((frame) => frame.scrollTop)).toBe(0);
  });

  it('writes ways that would cross it, and leads along them', async () => {
    await openExecution(await system.increment('redis', 'votes'), '&all=1');

    await graph().getByRole('button', { name: 'catch: Invalid request' }).first().click();

    await heading('Invalid request').waitFor();
    expect(await isOnScreen(graph().locator('[aria-pressed=true]'))).toBe(true);
  });

  it('shows in the state that ends it what the execution means', async () => {
    await openExecution(await system.increment('dynamo', 'full'));

    await node('Limit reached in DynamoDB Succeed Succeeded').waitFor();
    expect(await graph().locator('.node.refused').innerText()).toContain('Limit reached in DynamoDB');
  });

  it('brings out the ways of a state that is pointed at or has the focus', async () => {
    await openExecution(await system.increment('redis', 'votes'), '&all=1');
    await node('Increment in TiDB Task').focus();

    const near = await graph()
      .locator('.way.near')
      .evaluateAll((ways) => ways.map((way) => [way.getAttribute('data-from'), way.getAttribute('data-to')]));

    expect(near).toContainEqual(['Which store?', 'Increment in TiDB']);
    expect(near.every((ends) => ends.includes('Increment in TiDB'))).toBe(true);
  });
});

describeInChromium('the timeline', () => {
  it('has bars in proportion to the history', async () => {
    const arn = await startAndStop();
    await openExecution(arn, '&view=timeline');
    await page.getByRole('button', { name: /^Charge Task, Caught error/ }).waitFor();

    const bars = await page.locator('.stay').evaluateAll((rows) =>
      rows.map((row) => {
        const [track, bar] = ['.track', '.bar'].map((part) => row.querySelector(part) as HTMLElement);
        const { left, width } = track?.getBoundingClientRect() ?? new DOMRect();
        const { state = '', visit = '' } = (row as HTMLElement).dataset;
        const start = ((bar?.getBoundingClientRect().left ?? 0) - left) / width;
        return { state, visit: Number(visit), start, width: parseFloat(bar?.style.width ?? '') / 100 };
      }),
    );

    const events = system.stepFunctions.history(arn);
    const [fromMs, toMs] = [events[0]?.timestampMs ?? 0, events.at(-1)?.timestampMs ?? 0];
    const timeOf = (type: string, state: string): number[] =>
      events
        .filter((event) => event.type.endsWith(type) && event.details?.['name'] === state)
        .map(({ timestampMs }) => timestampMs);
    for (const { state, visit, start, width } of bars) {
      const entered = timeOf('StateEntered', state)[visit] ?? NaN;
      const exited = timeOf('StateExited', state)[visit] ?? toMs;
      const spanMs = Math.max(1, toMs - fromMs);
      expect(start).toBeCloseTo((entered - fromMs) / spanMs, 1);
      expect(width).toBeCloseTo((exited - entered) / spanMs, 3);
    }
    expect(bars).toHaveLength(events.filter(({ type }) => type.endsWith('StateEntered')).length);
  });

  it('goes on while the execution does, and keeps the focus', async () => {
    const arn = await startOrder('refused');
    await openExecution(arn, '&view=timeline');
    const row = page.getByRole('button', { name: /^Price #2 / });
    await row.focus();
    const waited = (): Promise<string> => page.getByRole('button', { name: /^Wait for a person Wait,/ }).innerText();
    const before = await waited();
    while ((await waited()) === before) await page.waitForResponse(/api\/stays/);

    expect(await row.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('chooses a stay', async () => {
    await openExecution(await startOrder('ann'), '&view=timeline');

    await page.getByRole('button', { name: /^Price #1 / }).click();

    await panel().getByText('Visit 2 of 3').waitFor();
    expect(await page.locator('.stay[aria-pressed=true]').count()).toBe(1);
  });
});

describeInChromium('the table of states', () => {
  const names = () => page.locator('.stay-table tbody th').allInnerTexts();

  it('has what each called, when and for how long, and is sorted by a click', async () => {
    await openExecution(await startOrder('busy-once'), '&view=table');
    const row = page.getByRole('row', { name: /^Charge Task/ });
    await row.waitFor();

    expect((await row.innerText()).split('\t').map((cell) => cell.trim())).toEqual([
      'Charge',
      'Task',
      'Succeeded',
      'Lambda Flaky',
      expect.stringMatching(/^\d+ ms$/),
      expect.stringMatching(/^\d+ ms$/),
      '1',
      'Events',
    ]);
    await page.getByRole('button', { name: 'Name', exact: true }).click();
    await page
      .getByRole('columnheader', { name: 'Name', exact: true })
      .and(page.locator('[aria-sort=ascending]'))
      .waitFor();
    await page.waitForFunction(() => document.querySelector('.stay-table tbody th')?.textContent === 'Charge');
    const ascending = await names();
    await page.getByRole('button', { name: 'Name', exact: true }).click();
    await page.waitForFunction(() => document.querySelector('.stay-table tbody th')?.textContent !== 'Charge');

    expect(ascending).toEqual([...ascending].sort((a, b) => a.localeCompare(b)));
    expect((await names())[0]).toMatch(/^Price/);
  });

  it('leads to the events of a stay', async () => {
    await openExecution(await startOrder('ann'), '&view=table');

    await page.getByRole('button', { name: 'Events of Charge', exact: true }).click();

    const events = panel().getByRole('table');
    await events.getByRole('cell', { name: 'LambdaFunctionSucceeded' }).waitFor();
    expect(await events.getByRole('row').count()).toBe(1 + 5);
  });
});

describeInChromium('a state', () => {
  it('has its call, variables, definition and events in tabs', async () => {
    await openExecution(await startOrder('ann'), '&state=Charge');
    await heading('Charge').waitFor();

    expect(await json('Input', panel())).toEqual(['in stock', [2, 4, 6]]);
    await tab('Call').click();
    expect(await json('Arguments', panel())).toEqual({ id: 'ann' });
    expect(await json('Result', panel())).toEqual({ outcome: 'incremented', counter: 1 });
    await tab('Variables').click();
    expect(await json('Variables before', panel())).toEqual({ customer: 'ann' });
    await panel().getByRole('tab', { name: 'Definition' }).click();
    expect(await json('Definition of Charge', panel())).toMatchObject({ Type: 'Task' });
    await panel().getByText('the error is States.ALL').waitFor();
  });

  it('shows retries, and the error of one that was caught', async () => {
    await openExecution(await startOrder('busy-once'));
    await node('Charge Task Succeeded, 1 retry').waitFor();

    await openExecution(await startOrder('refused'));
    await node('Charge Task Caught error').click();

    await panel().locator('.error').getByText('CardRefused').waitFor();
    expect(await box('Cause', panel()).innerText()).toBe('The card was refused');
  });

  it('has its tabs by the arrow keys', async () => {
    await openExecution(await startOrder('ann'), '&state=Charge');
    await heading('Charge').waitFor();
    await tab('Input, output').focus();

    await page.keyboard.press('ArrowRight');
    expect(await tab('Call').getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('End');

    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Events');
    expect(await panel().getByRole('tab', { name: 'Events' }).getAttribute('aria-selected')).toBe('true');
  });
});

describeInChromium('the events', () => {
  const events = () => page.getByRole('table', { name: 'Events, in the order in which they happened' });

  it('have a search and details', async () => {
    await openExecution(await system.increment('redis', 'votes'));
    await events().getByRole('cell', { name: 'ExecutionSucceeded' }).waitFor();

    await page.getByLabel('Search in types, states and details').fill('lambdafunctionscheduled');
    await events().getByRole('cell', { name: 'ExecutionSucceeded' }).waitFor({ state: 'detached' });
    const details = events().getByRole('button', { name: /Details of event/ });
    await details.press('Enter');

    expect(await details.getAttribute('aria-expanded')).toBe('true');
    expect(await page.getByRole('group', { name: /^input of event/ }).innerText()).toContain('"id": "votes"');
  });

  it('lead to their state, and are marked for the chosen one', async () => {
    await openExecution(await system.increment('redis', 'votes'));
    await events().getByRole('cell', { name: 'ExecutionSucceeded' }).waitFor();

    await events()
      .getByRole('row', { name: /TaskStateEntered/ })
      .getByRole('button', { name: 'Increment in Redis below the limit' })
      .click();

    await heading('Increment in Redis below the limit').waitFor();
    await page.waitForFunction(() => document.querySelectorAll('.events tr.chosen').length === 5);
    expect(await isOnScreen(heading('Increment in Redis below the limit'))).toBe(true);
  });

  it('go on while they are watched', async () => {
    const arn = await startOrder('refused');
    await openExecution(arn);
    await node('Wait for a person Wait Running').waitFor();

    await stop(arn);

    await node('Wait for a person Wait Aborted').waitFor();
    await events().getByRole('cell', { name: 'ExecutionAborted' }).waitFor();
  });
});

describeInChromium('the rest of an execution', () => {
  it('has its input and output', async () => {
    await openExecution(await system.increment('redis', 'votes'), '&part=data');

    expect(await json('Input of the execution')).toMatchObject({ store: 'redis', id: 'votes' });
    expect(await json('Output of the execution')).toMatchObject({ outcome: 'incremented', counter: 1 });
  });

  it('has its definition, with the chosen state marked and in view', async () => {
    await openExecution(await system.increment('tidb', 'votes'), '&part=definition');
    await heading('Incremented in TiDB').waitFor();

    const mark = page.locator('mark');
    expect(await mark.innerText()).toMatch(/^\s*"Incremented in TiDB": \{/);
    const isInView = await mark.evaluate((element) => {
      const [inner, outer] = [element, element.parentElement ?? element].map((each) => each.getBoundingClientRect());
      return inner !== undefined && outer !== undefined && inner.top >= outer.top && inner.bottom <= outer.bottom;
    });
    expect(isInView).toBe(true);
  });

  it('has its log, or says why there is none', async () => {
    await openExecution(await system.increment('redis', 'votes'), '&part=logs');
    await box('Execution log: executions').getByText('"type":"ExecutionSucceeded"').waitFor();

    await openExecution(await startFailing(), '&part=logs');

    await page.getByText('No logs: the log level of its state machine is OFF.').waitFor();
  });

  it('opens by a pasted ARN, or the whole header', async () => {
    const arn = await system.increment('redis', 'votes');
    await page.goto(system.url);

    await page.getByLabel('Open by ARN').fill(`X-Execution-Arn: ${arn}`);
    await page.getByLabel('Open by ARN').press('Enter');

    await page.getByText(arn, { exact: true }).waitFor();
  });

  it('says so where it is not in memory', async () => {
    await page.goto(system.url);

    await page.getByLabel('Open by ARN').fill('arn:aws:states:eu-west-1:123456789012:execution:M:gone');
    await page.getByRole('button', { name: 'Open' }).click();

    await page.getByText('has dropped off').waitFor();
    await page.getByLabel('Open by ARN').fill('votes');
    await page.getByRole('button', { name: 'Open' }).click();

    await page.getByText('"votes" is no execution\'s ARN').waitFor();
    shown.forgive('404');
  });
});

describeInChromium('copying', () => {
  it.each([
    ['by the clipboard’s API', true],
    ['without it, as on plain HTTP under another name', false],
  ])('works %s, and is said', async (_, isSecure) => {
    page = await shown.alone();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    if (!isSecure)
      await page.addInitScript(() => Object.defineProperty(globalThis, 'isSecureContext', { value: false }));
    const arn = await system.increment('redis', 'votes');
    await openExecution(arn);

    await page.getByRole('button', { name: 'Copy ARN' }).click();

    await page.getByRole('status').getByText('Copied ARN').waitFor({ state: 'attached' });
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(arn);
    await panel().getByRole('button', { name: 'Copy Input' }).click();
    await page.getByRole('status').getByText('Copied Input').waitFor({ state: 'attached' });
    expect(JSON.parse(await page.evaluate(() => navigator.clipboard.readText()))).toEqual({ counter: 1 });
  });
});

describeInChromium('stopping an execution', () => {
  it('asks first, and ends it with what is given', async () => {
    await openExecution(await startOrder('refused'));

    await page.getByRole('button', { name: 'Stop …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Stop this execution?' });
    await dialog.getByLabel('Error, optional').fill('Enough');
    await dialog.getByLabel('Cause, optional').fill('Nobody comes');
    expect(await accessibilityProblems(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Stop execution' }).click();

    await page.getByText('Enough: Nobody comes').waitFor();
    await page.getByRole('heading', { level: 1, name: 'Aborted' }).waitFor();
    expect(await page.getByRole('button', { name: 'Stop …' }).isVisible()).toBe(false);
  });

  it('is cancelled by Escape, and says when it comes too late', async () => {
    const arn = await startOrder('refused');
    await openExecution(arn);
    await page.getByRole('button', { name: 'Stop …' }).click();
    await page.keyboard.press('Escape');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Stop …');
    await page.getByRole('button', { name: 'Stop …' }).click();
    await stop(arn);

    await page.getByRole('button', { name: 'Stop execution' }).click();

    await page.getByRole('alert').getByText('has ended already').waitFor();
    shown.forgive('409');
  });
});

describeInChromium('a state machine', () => {
  it('is found in the list, shows its graph and definition, and starts an execution', async () => {
    await page.goto(`${system.url}#/machines`);
    await page.getByRole('link', { name: 'Increment', exact: true }).click();

    await node('Increment in TiDB Task').click();
    await box('Definition of Increment in TiDB').waitFor();
    expect(await page.locator('mark').innerText()).toMatch(/^\s*"Increment in TiDB": \{/);
    await page.getByText('input {store, id, useConditionalWrites, max, by,').first().waitFor();
    await tab('Start an execution').click();
    const input = { store: 'tidb', id: 'mine', useConditionalWrites: true, max: '500', by: '4', key: 'order-1' };
    await page.getByLabel('Input, JSON').fill(JSON.stringify(input));
    await page.getByRole('button', { name: 'Start execution' }).click();

    await node('Incremented in TiDB Succeed Succeeded').waitFor();
  });

  it('says when each way of a Choice is taken', async () => {
    await page.goto(`${system.url}#/machine?arn=${INCREMENT}`);

    await node('Which store? Choice').click();

    await page
      .getByText("input.store = 'redis' and (input.useConditionalWrites or $exists(input.by))", { exact: true })
      .waitFor();
    await page.getByRole('button', { name: 'Increment in Redis below the limit', exact: true }).last().click();
    await page.getByRole('heading', { level: 2, name: 'Increment in Redis below the limit' }).waitFor();
  });

  it('says what is wrong with an input', async () => {
    await page.goto(`${system.url}#/machine?arn=${INCREMENT}`);

    await page.getByLabel('Input, JSON').fill('{');
    await page.getByRole('button', { name: 'Start execution' }).click();

    await page.getByRole('alert').getByText('InvalidExecutionInput').waitFor();
    shown.forgive('400');
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

describeInChromium('on paper', () => {
  it('has all of it, unfolded, and no controls', async () => {
    await openExecution(await startOrder('ann'), '&state=Charge');
    await heading('Charge').waitFor();
    await page.getByRole('cell', { name: 'ExecutionSucceeded' }).waitFor();

    await page.emulateMedia({ media: 'print' });

    for (const name of ['Input', 'Output', 'Arguments', 'Result', 'Variables before']) {
      expect(await box(name, panel()).isVisible()).toBe(true);
    }
    expect(await page.locator('.stay').first().isVisible()).toBe(true);
    expect(await page.getByRole('group', { name: 'input of event 1', exact: true }).first().isVisible()).toBe(true);
    expect(await page.locator('button:not(.node, .link, .stay, .sort):visible').count()).toBe(0);
    const cut = await page
      .locator('.json:visible, .frame, .state, .scroll')
      .evaluateAll((boxes) =>
        boxes.filter((each) => each.scrollHeight > each.clientHeight + 2).map((each) => each.getAttribute('class')),
      );
    expect(cut).toEqual([]);
  });
});

describeInChromium('on a phone', () => {
  it.each(['', '&view=timeline&tab=definition', '&view=table&part=logs'])('fits the width (%s)', async (place) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await openExecution(await startOrder('refused'), place);
    await heading('Wait for a person').waitFor();

    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });
});

describeInChromium.each([
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 1280 },
  { colorScheme: 'light', width: 360 },
] as const)('an accessibility checker finds nothing in $colorScheme at $width pixels', ({ colorScheme, width }) => {
  beforeEach(async () => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
  });

  it.each([
    ['the graph, the data and the events', '&state=Charge&tab=data&part=events'],
    ['the timeline, the call and the data', '&state=Charge&view=timeline&tab=call&part=data'],
    ['the table, the variables and the logs', '&state=Charge&view=table&tab=variables&part=logs'],
    ['all states and both definitions', '&state=Charge&all=1&tab=definition&part=definition'],
    ['a state’s events', '&state=Charge&tab=events'],
  ])('with %s', async (_, place) => {
    await openExecution(await startOrder('busy-once'), place);
    await heading('Charge').waitFor();
    await page.waitForLoadState('networkidle');

    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('in what fails, meets a limit or goes on, and in a state machine', async () => {
    for (const start of [startFailing, () => system.increment('dynamo', 'full'), () => startOrder('refused')]) {
      await openExecution(await start());
      await panel().getByRole('tablist').waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
    }

    await page.goto(`${system.url}#/machine?arn=${INCREMENT}`);
    await page.getByLabel('Input, JSON').waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await node('Which store? Choice').click();
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
