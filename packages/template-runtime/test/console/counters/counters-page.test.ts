import { describeInChromium } from '../../../../../test/chromium';
import { accessibilityProblems } from '../accessibility';
import { expectSoon, useConsole } from '../console-page';
import { INCREMENT } from '../demo-system';

const shown = useConsole({ hasStores: true });
const row = (counter: string) =>
  shown.page.locator('tbody tr', { has: shown.page.getByTitle(`Executions of ${counter}`, { exact: true }) });
const valueOf = (counter: string): Promise<string> => row(counter).locator('.big').innerText();
const counters = (): Promise<string[]> =>
  shown.page
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((one) => `${one.children[1]?.textContent}/${one.children[0]?.textContent}`));
const lastWords = (): Promise<string> => shown.page.locator('main').getByRole('status').innerText();
/** Writes to the store itself: no execution tells. */
const writeBehind = (id: string, value: number): void => void shown.system.counters.set(`dynamo ${id}`, value);
const incrementWith = (input: object) =>
  shown.system.stepFunctions.startSyncExecution({ stateMachineArn: INCREMENT, input: JSON.stringify(input) });

describeInChromium('the counters', () => {
  it('have value, limit, what is left and outcomes, live', async () => {
    await shown.system.increment('dynamo', 'votes');
    await shown.open('/counters');
    await row('dynamo/votes').waitFor();
    expect(await valueOf('dynamo/votes')).toBe('1');

    await shown.system.increment('dynamo', 'votes');

    await expectSoon(() => valueOf('dynamo/votes'), '2');
    expect(await row('dynamo/votes').locator('.limit').innerText()).toBe('10');
    expect(await row('dynamo/votes').locator('meter').getAttribute('aria-label')).toBe('2 of 10');
    expect(await row('dynamo/votes').locator('.left').innerText()).toBe('8');
    await row('dynamo/votes').getByRole('link', { name: '2 Done: executions of dynamo/votes' }).click();
    await shown.page.getByRole('heading', { name: 'Executions' }).waitFor();
    expect(decodeURIComponent(await shown.place())).toBe('/executions?store=dynamo&id=votes&kind=done');
  });

  it('lead to the execution that told the value', async () => {
    const arn = await shown.system.increment('redis', 'votes');
    await shown.open('/counters');

    await row('redis/votes').getByTitle('Told by an execution').click();

    await shown.page.waitForURL((url) => decodeURIComponent(url.hash).includes(arn));
  });

  it('stand out where an outcome is unknown', async () => {
    await shown.system.increment('redis', 'lost');
    await shown.system.increment('redis', 'votes');

    await shown.open('/counters');
    await row('redis/lost').waitFor();

    expect(await row('redis/lost').getAttribute('data-kind')).toBe('unknown');
    expect(await row('redis/lost').innerText()).toContain('not told');
  });

  it('are searched, filtered and sorted, which the address keeps', async () => {
    for (const id of ['votes', 'votes', 'likes']) await shown.system.increment('redis', id);
    await shown.system.increment('tidb', 'votes');
    await shown.open('/counters');
    await expectSoon(counters, ['redis/likes', 'redis/votes', 'tidb/votes']);

    await shown.page.getByRole('columnheader', { name: 'Value' }).getByRole('button').click();
    await expectSoon(async () => (await counters())[0], 'redis/votes');
    await shown.page.getByLabel('Search in ids').fill('VOTE');
    await expectSoon(counters, ['redis/votes', 'tidb/votes']);
    await shown.page.getByLabel('Store').selectOption('tidb');
    await expectSoon(counters, ['tidb/votes']);

    expect(await shown.place()).toBe('/counters?store=tidb&search=VOTE&sort=value&order=descending');
    await shown.page.reload();
    await expectSoon(counters, ['tidb/votes']);
    expect(await shown.page.getByRole('columnheader', { name: 'Value' }).getAttribute('aria-sort')).toBe('descending');
  });

  it('come with the curls that call one', async () => {
    await shown.system.increment('redis', 'votes');
    await shown.open('/counters');
    await shown.page.getByText('Call a counter yourself').click();

    const calls = shown.page.getByRole('group', { name: 'Calls of a counter' });
    await calls.getByText('redis/votes').waitFor();

    expect(await calls.innerText()).toBe(
      ['POST', 'GET']
        .map(
          (method) =>
            `curl -X ${method} 'http://127.0.0.1:${shown.system.port}/prod/redis/votes' -H 'x-api-key: the-key'`,
        )
        .join('\n'),
    );
  });
});

describeInChromium('a read', () => {
  it('shows a value that was changed behind the console’s back, and what executions had told', async () => {
    await shown.system.increment('dynamo', 'votes');
    await shown.open('/counters');
    await row('dynamo/votes').waitFor();
    writeBehind('votes', 7);

    await shown.page.getByRole('button', { name: 'Read dynamo/votes' }).press('Enter');

    await expectSoon(() => valueOf('dynamo/votes'), '7');
    await row('dynamo/votes').getByText('Differs: executions told 1').waitFor();
    expect(await lastWords()).toBe('dynamo/votes is 7 in its store; executions told 1');
    expect(shown.system.stepFunctions.executions()[0]?.machine.name).toBe('Read');
    expect(await shown.page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'Read dynamo/votes',
    );
  });

  it('that finds the same says nothing of a difference', async () => {
    await shown.system.increment('dynamo', 'votes');
    await shown.open('/counters');

    await shown.page.getByRole('button', { name: 'Read dynamo/votes' }).click();

    await expectSoon(lastWords, 'dynamo/votes is 1 in its store');
    expect(await row('dynamo/votes').getByText('Differs').count()).toBe(0);
    await row('dynamo/votes').getByTitle('Read from the store').waitFor();
  });

  it('goes on each second while the counter is watched, and says only what is new', async () => {
    await shown.system.increment('dynamo', 'votes');
    await shown.open('/counters');
    const watch = shown.page.getByRole('button', { name: 'Watch dynamo/votes' });
    await watch.click();
    await expectSoon(lastWords, 'dynamo/votes is 1 in its store');

    writeBehind('votes', 5);
    await expectSoon(() => valueOf('dynamo/votes'), '5');
    writeBehind('votes', 6);
    await expectSoon(() => valueOf('dynamo/votes'), '6');
    expect(await watch.getAttribute('aria-pressed')).toBe('true');

    await shown.open('/metrics');
    await shown.page.getByRole('heading', { name: 'Metrics' }).waitFor();
    const asked: string[] = [];
    shown.page.on('request', (request) => asked.push(request.method()));
    await shown.page.waitForResponse(/\/api\/points/);
    await shown.page.waitForResponse(/\/api\/points/);
    expect(asked).not.toContain('POST');
  });

  it('that the API refuses says how', async () => {
    await incrementWith({ store: 'dynamo', id: 'forbidden', useConditionalWrites: false });
    await shown.open('/counters');

    await shown.page.getByRole('button', { name: 'Read dynamo/forbidden' }).click();

    await expectSoon(lastWords, 'dynamo/forbidden: The API answered 403: {"message":"Forbidden"}');
    await row('dynamo/forbidden').getByText('Not read').waitFor();
    shown.forgive('502');
  });
});

it('prints what it tells and nothing to press, with what is unknown in its colours', async () => {
  await shown.system.increment('redis', 'lost');
  await shown.page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await shown.open('/counters');
  const badge = row('redis/lost').getByRole('link', { name: /Unknown/ });
  await badge.waitFor();

  expect(await shown.page.getByRole('button').filter({ visible: true }).count()).toBe(7); // the heads, which sort
  const look = await badge.evaluate((element) => {
    const { color, backgroundColor, printColorAdjust } = getComputedStyle(element);
    return { color, backgroundColor, printColorAdjust };
  });
  expect(look).toEqual({
    color: 'rgb(255, 255, 255)',
    backgroundColor: 'rgb(122, 31, 162)',
    printColorAdjust: 'exact',
  });
});

it('a page of many counters is one page of the document', async () => {
  for (let index = 0; index < 120; index += 1)
    await shown.system.increment('redis', `c-${String(index).padStart(3, '0')}`);
  await shown.open('/counters');
  await shown.page.getByText('1–50 of 120').waitFor();

  await shown.page.getByRole('button', { name: 'Next' }).click();
  await shown.page.getByText('51–100 of 120').waitFor();

  expect((await counters())[0]).toBe('redis/c-050');
  expect(await shown.page.locator('tbody tr').count()).toBe(50);
});

describeInChromium.each(['light', 'dark'] as const)('an accessibility checker finds nothing in %s', (colorScheme) => {
  it.each([
    ['a wide window', 1400],
    ['a phone', 360],
  ])('on %s', async (_, width) => {
    await shown.page.setViewportSize({ width, height: 800 });
    await shown.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const id of ['votes', 'lost', 'down']) await shown.system.increment('redis', id);
    await shown.system.increment('dynamo', 'votes');
    await shown.open('/counters');
    await row('dynamo/votes').waitFor();
    writeBehind('votes', 7);
    await shown.page.getByRole('button', { name: 'Read dynamo/votes' }).click();
    await row('dynamo/votes').getByText('Differs').waitFor();

    expect(await accessibilityProblems(shown.page)).toEqual([]);
    const { scroll, client } = await shown.page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return { scroll: scrollWidth, client: clientWidth };
    });
    expect(scroll).toBe(client);
  });
});
