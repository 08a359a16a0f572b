import { describeInChromium } from '../../../../../test/chromium';
import { accessibilityProblems } from '../accessibility';
import { expectSoon, useConsole } from '../console-page';

describeInChromium('the stores of a system that has some', () => {
  const shown = useConsole({ hasStores: true });
  const header = () => shown.page.locator('#stores button');
  const panel = () => shown.page.getByRole('region', { name: 'Outages' });
  const card = (store: string) => panel().getByRole('listitem').filter({ hasText: store });
  const result = (): Promise<string> => panel().getByRole('status').innerText();
  const offered = (store: string): Promise<string[]> =>
    card(store)
      .getByRole('button')
      .evaluateAll((buttons) => buttons.map((button) => button.ariaLabel ?? ''));

  it('open by the header on every page, and stay while one turns to another', async () => {
    await shown.open('/executions');
    await header().click();
    await card('redis').getByText('Running').waitFor();
    expect(await header().getAttribute('aria-expanded')).toBe('true');

    await shown.page.getByRole('link', { name: 'Metrics' }).click();
    await shown.page.getByRole('heading', { name: 'Metrics' }).waitFor();
    expect(await panel().isVisible()).toBe(true);

    await header().click();
    expect(await panel().isVisible()).toBe(false);
    await shown.page.getByRole('link', { name: 'Counters' }).click();
    expect(await panel().isVisible()).toBe(false);
  });

  it('are open beside the counters unless they were closed', async () => {
    await shown.open('/counters');

    await card('redis').getByText('Running').waitFor();
  });

  it('are frozen, stopped and started by keys alone, and say what came of it', async () => {
    await shown.open('/counters');
    await expectSoon(() => offered('redis'), ['Stop redis', 'Freeze redis']);

    await card('redis').getByRole('button', { name: 'Freeze redis' }).press('Enter');
    await card('redis').getByText('Frozen').waitFor();
    await expectSoon(result, 'redis is frozen');
    await header().getByText('redis frozen').waitFor();
    await expectSoon(() => offered('redis'), ['Stop redis', 'Start redis']);
    expect(await shown.page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Stop redis');

    await shown.page.keyboard.press('Enter');
    await card('redis').getByText('Refuses connections').waitFor();
    await card('redis').getByRole('button', { name: 'Start redis' }).press('Enter');
    await card('redis').getByText('Running').waitFor();
    await header().getByText('Stores', { exact: true }).waitFor();
    expect(shown.system.stores['redis']?.state).toBe('running');
  });

  it.each([
    ['stopped', 'redis stopped'],
    ['ended', 'redis ended'],
  ] as const)('show within a moment that something else left one %s', async (state, words) => {
    await shown.open('/executions');
    await header().getByText('Stores', { exact: true }).waitFor();
    const redis = shown.system.stores['redis'];

    if (redis) redis.state = state;

    await header().getByText(words).waitFor();
  });

  it('of the user are shown without buttons, with the reason', async () => {
    await shown.open('/counters');

    await card('tidb').getByText('A server of your own: stop it yourself').waitFor();
    expect(await card('tidb').getByRole('button').count()).toBe(0);
  });

  it('that can not be changed say why', async () => {
    await shown.open('/counters');
    await shown.page.route('**/_local/stores/redis/stop', (route) =>
      route.fulfill({ status: 500, json: { message: 'The redis store failed: no memory' } }),
    );

    await card('redis').getByRole('button', { name: 'Stop redis' }).click();

    await expectSoon(result, 'The redis store failed: no memory');
    shown.forgive('500');
  });

  it.each([
    ['light', 1400],
    ['dark', 360],
  ] as const)('pass an accessibility checker in %s, %d pixels wide', async (colorScheme, width) => {
    await shown.page.setViewportSize({ width, height: 800 });
    await shown.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    shown.system.stores['dynamo'] = { host: '127.0.0.1', port: 8000, embedded: true, state: 'frozen' };
    shown.system.stores['momento'] = { host: '127.0.0.1', port: 8080, embedded: true, state: 'ended' };
    await shown.open('/executions');
    await header().click();
    await card('momento').getByText('Ended').waitFor();

    expect(await accessibilityProblems(shown.page)).toEqual([]);
  });
});

describeInChromium('a system without stores', () => {
  const shown = useConsole();

  it('shows none, and asks for none', async () => {
    const asked: string[] = [];
    shown.page.on('request', (request) => asked.push(new URL(request.url()).pathname));

    await shown.open('/counters');
    await shown.page.getByText('No execution in memory tells of such a counter.').waitFor();

    expect(asked.filter((path) => path.startsWith('/_local'))).toEqual([]);
    expect(await shown.page.locator('#stores button').count()).toBe(0);
    expect(await shown.page.locator('#stores-panel').isVisible()).toBe(false);
  });
});
