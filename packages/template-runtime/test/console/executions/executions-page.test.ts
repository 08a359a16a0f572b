import { describeInChromium } from '../../../../../test/chromium';
import { accessibilityProblems } from '../accessibility';
import { expectSoon, useConsole } from '../console-page';
import { FAILING, ORDERS } from '../demo-system';

const shown = useConsole();
const cells = async (row: number): Promise<string[]> =>
  (await shown.page.locator('tbody tr').nth(row).locator('th, td').allInnerTexts()).map((text) => text.trim());
const ids = (): Promise<string[]> => shown.page.locator('tbody td.id').allInnerTexts();
const total = (name: string) =>
  shown.page.getByRole('group', { name: 'Outcomes' }).getByRole('button', { name, exact: true });
const startOrder = async (customer: string): Promise<string> => {
  const input = JSON.stringify({ customer, items: [] });
  return (await shown.system.stepFunctions.startExecution({ stateMachineArn: ORDERS, input })).executionArn;
};
const fail = () => shown.system.stepFunctions.startSyncExecution({ stateMachineArn: FAILING });

describeInChromium('a row', () => {
  it('tells the outcome before the status, and the counter with its limit', async () => {
    await shown.system.increment('redis', 'votes');

    await shown.open('/executions');
    await shown.row('votes').waitFor();

    const [, ...rest] = await cells(0);
    expect(rest.slice(0, 5)).toEqual(['Done incremented', 'Succeeded', 'redis', 'votes', '1 / 10']);
    expect(await shown.page.locator('thead th').allInnerTexts()).toEqual([
      ...['Execution', 'Outcome', 'Status', 'Store', 'Counter id', 'Value', 'Duration', 'Started', 'State machine'],
    ]);
  });

  it.each([
    ['dynamo', 'full', 'Limit reached', 'refused'],
    ['redis', 'down', 'Not counted unavailable', 'not-done'],
    ['redis', 'lost', 'Unknown', 'unknown'],
    ['mars', 'votes', 'Invalid unknown-store', 'invalid'],
  ])('of an increment of %s/%s says %j, which AWS calls succeeded', async (store, id, words, kind) => {
    await shown.system.increment(store, id);

    await shown.open('/executions');
    await shown.row(id).waitFor();

    const [, outcome, status] = await cells(0);
    expect([outcome, status]).toEqual([words, 'Succeeded']);
    expect(await shown.page.locator('tbody tr').getAttribute('data-kind')).toBe(kind);
  });

  it('of an unknown outcome looks like no other', async () => {
    for (const id of ['votes', 'down', 'lost']) await shown.system.increment('redis', id);
    await shown.open('/executions');
    await shown.row('lost').waitFor();

    const papers = await shown.page
      .locator('tbody tr')
      .evaluateAll((rows) => rows.map((row) => getComputedStyle(row.children[1] as Element).backgroundColor));

    const [unknown, ...others] = papers;
    expect(new Set(others).size).toBe(1);
    expect(others).not.toContain(unknown);
  });

  it('has the time with its zone, and the date where that is not today', async () => {
    await shown.alone();
    await shown.page.clock.setFixedTime(Date.now() + 24 * 3_600_000);
    await shown.system.increment('redis', 'votes');
    await shown.open('/executions');
    await shown.row('votes').waitFor();

    const time = shown.page.locator('tbody time');
    const { startMs } = shown.system.stepFunctions.executions()[0] ?? { startMs: 0 };

    expect(await time.innerText()).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/);
    expect(await time.getAttribute('datetime')).toBe(new Date(startMs).toISOString());
    expect(await time.getAttribute('title')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d \(.+\)$/);
  });
});

describeInChromium('the list', () => {
  it('shows new executions as they come', async () => {
    await shown.open('/executions');
    await shown.page.getByText('No execution matches.').waitFor();

    await shown.system.increment('redis', 'votes');

    await shown.row('votes').waitFor();
  });

  it('follows an execution from running to its end', async () => {
    const arn = await startOrder('refused');
    await shown.open('/executions');
    await shown.row('Running').waitFor();

    await shown.system.stepFunctions.handle('StopExecution', JSON.stringify({ executionArn: arn, error: 'Enough' }));

    await shown.row('Aborted').getByText('Enough').waitFor();
  });

  it('keeps the focus where it is while executions come in', async () => {
    await shown.system.increment('redis', 'first');
    await shown.open('/executions');
    await shown.row('first').getByRole('link').focus();

    await shown.system.increment('redis', 'second');
    await shown.row('second').waitFor();

    expect(await shown.page.evaluate(() => document.activeElement?.closest('tr')?.textContent)).toContain('first');
  });

  it('pauses on request', async () => {
    await shown.alone();
    await shown.page.clock.install();
    await shown.system.increment('redis', 'first');
    await shown.open('/executions');
    await shown.row('first').waitFor();
    await shown.page.getByRole('button', { name: 'Pause' }).click();
    const asked: string[] = [];
    shown.page.on('request', (request) => asked.push(new URL(request.url()).pathname));

    await shown.page.clock.runFor(10_000);
    await shown.page.evaluate(() => fetch('/console/api/machines')); // what was asked before comes before this

    expect(asked).toEqual(['/console/api/machines']);
    await shown.system.increment('redis', 'second');
    await shown.page.getByRole('button', { name: 'Pause' }).click();
    await shown.row('second').waitFor();
  });

  it('says when the runtime does not answer, and goes on when it does', async () => {
    await shown.open('/executions');
    await shown.page.getByText('No execution matches.').waitFor();

    await shown.page.route('**/console/api/**', (route) => route.abort());
    await shown.page.getByRole('alert').getByText('does not answer').waitFor();
    await shown.page.unroute('**/console/api/**');
    await shown.page.getByRole('alert').waitFor({ state: 'hidden' });

    shown.forgive('net::ERR_FAILED');
  });

  it('has a page of 10,000 executions in the document, and asks for no more of it until something changes', async () => {
    for (let index = 0; index < 10_000; index += 1) await fail();
    const statuses: number[] = [];
    shown.page.on('response', (response) => {
      if (response.url().includes('/api/executions')) statuses.push(response.status());
    });
    await shown.open('/executions');
    await shown.page.getByText('1–50 of 10,000').waitFor();

    await shown.page.getByRole('button', { name: 'Next' }).click();
    await shown.page.getByText('51–100 of 10,000').waitFor();
    await shown.page.getByRole('button', { name: 'Previous' }).click();
    await shown.page.getByText('1–50 of 10,000').waitFor();
    await expectSoon(() => statuses.at(-1), 304);

    expect(await shown.page.locator('tbody tr').count()).toBe(50);
  }, 60_000);
});

describeInChromium('narrowing it', () => {
  it('is kept in the address, and undone at once', async () => {
    await shown.system.increment('redis', 'votes');
    await shown.system.increment('dynamo', 'full');
    await shown.open('/executions');
    await shown.page.locator('tbody tr').nth(1).waitFor();

    await shown.page.getByLabel('Outcome’s own word').selectOption('limit-reached');
    await shown.row('votes').waitFor({ state: 'detached' });
    await shown.page.reload();
    await shown.row('full').waitFor();
    expect(await shown.page.getByLabel('Outcome’s own word').inputValue()).toBe('limit-reached');
    await shown.page.getByLabel('Store').selectOption('dynamo');
    await shown.page.getByLabel(/^Search/).fill('FULL');
    await shown.page.waitForURL(/search=FULL/);
    await shown.page.getByRole('button', { name: 'Clear filters' }).click();
    await shown.row('votes').waitFor();

    expect(await shown.place()).toBe('/executions');
    expect(await shown.page.getByLabel(/^Search/).inputValue()).toBe('');
    expect(await shown.page.evaluate(() => document.activeElement?.id)).toBe('search');
  });

  it('by an outcome is a press on its total, and again all', async () => {
    for (const id of ['votes', 'likes', 'lost']) await shown.system.increment('redis', id);
    await fail();
    await shown.open('/executions');
    await total('2 Done').waitFor();
    await total('0 Running').waitFor();
    await total('1 Failed').waitFor();

    await total('1 Unknown').press('Enter');
    await shown.row('votes').waitFor({ state: 'detached' });
    expect(await ids()).toEqual(['lost']);
    expect(await total('1 Unknown').getAttribute('aria-pressed')).toBe('true');
    expect(await shown.place()).toBe('/executions?kind=unknown');
    await total('4 All').waitFor();

    await total('1 Unknown').press('Enter');
    await shown.row('votes').waitFor();
    expect(await shown.place()).toBe('/executions');
  });

  it('counts in the totals what the other filters let pass', async () => {
    await shown.system.increment('redis', 'votes');
    await shown.system.increment('dynamo', 'votes');
    await shown.system.increment('dynamo', 'full');

    await shown.open('/executions?store=dynamo&kind=refused');

    await total('1 Done').waitFor();
    await total('1 Limit reached').waitFor();
    await total('2 All').waitFor();
  });

  it('by a counter shows it as a filter that can be removed', async () => {
    await shown.system.increment('redis', 'votes');
    await shown.system.increment('redis', 'votes-2');
    await shown.open('/executions?id=votes');
    await shown.page.getByRole('button', { name: 'Counter id votes Remove' }).waitFor();
    await shown.page.locator('tbody tr').waitFor();
    expect(await ids()).toEqual(['votes']);

    await shown.page.getByRole('button', { name: 'Counter id votes Remove' }).click();

    await shown.row('votes-2').waitFor();
  });

  it('by time takes the last minutes, or from and to', async () => {
    await shown.system.increment('redis', 'votes');
    await shown.open('/executions');
    await shown.row('votes').waitFor();

    await shown.page.getByLabel('Started').selectOption('Between …');
    await shown.page.getByLabel('From').fill('2001-01-01T00:00');
    await shown.page.getByLabel('To', { exact: true }).fill('2001-01-02T00:00');
    await shown.page.getByText('No execution matches.').waitFor();
    expect(decodeURIComponent(await shown.place())).toBe('/executions?since=2001-01-01T00:00&until=2001-01-02T00:00');
    await shown.page.reload();
    await shown.page.getByText('No execution matches.').waitFor();
    expect(await shown.page.getByLabel('From').inputValue()).toBe('2001-01-01T00:00');

    await shown.page.getByLabel('Started').selectOption('Last 5 minutes');
    await shown.row('votes').waitFor();
    expect(await shown.place()).toBe('/executions?last=5');
  });
});

describeInChromium('sorting it', () => {
  it('is a press on the head of a column, again the other way, and kept in the address', async () => {
    for (const id of ['b', 'a', 'c', 'a']) await shown.system.increment('redis', id);
    await shown.open('/executions');
    await shown.page.locator('tbody tr').nth(3).waitFor();
    const head = shown.page.getByRole('columnheader', { name: 'Counter id' });

    await head.getByRole('button').press('Enter');
    await expectSoon(ids, ['a', 'a', 'b', 'c']);
    expect(await head.getAttribute('aria-sort')).toBe('ascending');

    await head.getByRole('button').press('Enter');
    await expectSoon(ids, ['c', 'b', 'a', 'a']);
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    await shown.page.reload();
    await expectSoon(ids, ['c', 'b', 'a', 'a']);
    expect(await shown.page.locator('[aria-sort]').count()).toBe(1);
  });

  it('by the counter puts what tells none last, either way', async () => {
    for (const id of ['votes', 'votes', 'lost']) await shown.system.increment('redis', id);

    await shown.open('/executions?sort=counter&order=descending');
    await expectSoon(ids, ['votes', 'votes', 'lost']);
    expect((await cells(0))[5]).toBe('2 / 10');

    await shown.page.getByRole('columnheader', { name: 'Value' }).getByRole('button').click();
    await expectSoon(async () => (await cells(0))[5], '1 / 10');
    expect(await ids()).toEqual(['votes', 'votes', 'lost']);
  });
});

describeInChromium('on a phone', () => {
  beforeEach(() => shown.page.setViewportSize({ width: 360, height: 740 }));

  it('the list needs no scrolling sideways, and its filters and sorting wait to be asked for', async () => {
    for (const id of ['votes', 'lost', 'a-counter-with-a-rather-long-name.of-many@parts']) {
      await shown.system.increment('redis', id);
    }
    await shown.open('/executions');
    await shown.row('votes').waitFor();

    const widths = await shown.page.evaluate(() =>
      [document.documentElement, document.querySelector('.scroll')].map((place) => [
        place?.scrollWidth,
        place?.clientWidth,
      ]),
    );
    for (const [scroll, client] of widths) expect(scroll).toBe(client);
    expect(await shown.page.getByLabel('Store').isVisible()).toBe(false);
    await shown.page.getByRole('button', { name: 'Filters' }).click();
    await shown.page.getByLabel('Sort by').selectOption('Counter id, ascending');
    await expectSoon(ids, ['a-counter-with-a-rather-long-name.of-many@parts', 'lost', 'votes']);
  });
});

describeInChromium.each(['light', 'dark'] as const)('an accessibility checker finds nothing in %s', (colorScheme) => {
  it.each([
    ['a wide window', 1400],
    ['a phone', 360],
  ])('in the list with every outcome, on %s', async (_, width) => {
    await shown.page.setViewportSize({ width, height: 800 });
    await shown.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const id of ['votes', 'lost', 'down', '']) await shown.system.increment('redis', id);
    await shown.system.increment('dynamo', 'full');
    await startOrder('refused');
    await fail();

    await shown.open('/executions?sort=kind&order=ascending');
    await shown.row('votes').waitFor();
    expect(await accessibilityProblems(shown.page)).toEqual([]);

    await total('1 Unknown').click();
    await shown.row('votes').waitFor({ state: 'detached' });
    expect(await accessibilityProblems(shown.page)).toEqual([]);

    await shown.open('/machines');
    await shown.page.getByRole('link', { name: 'Orders', exact: true }).waitFor();
    expect(await accessibilityProblems(shown.page)).toEqual([]);
  });
});
