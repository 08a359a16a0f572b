import { describeInChromium } from '../../../../test/chromium';
import { useConsole } from './console-page';

const shown = useConsole();

describeInChromium('the console without a mouse', () => {
  it('leads from the list to a state by keys alone', async () => {
    const { system, page } = shown;
    await system.increment('redis', 'votes');
    await shown.open('/executions');
    await shown.row('votes').waitFor();

    const tabTo = async (isThere: () => Promise<boolean>): Promise<void> => {
      for (let presses = 0; presses < 60 && !(await isThere()); presses += 1) await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
    };
    const focusIn = (selector: string) => () =>
      page.evaluate((within) => document.activeElement?.matches(within) ?? false, selector);
    await tabTo(focusIn('tbody th a'));
    await page.getByRole('group', { name: 'Graph of the states' }).getByRole('button').first().waitFor();
    await tabTo(focusIn('[data-state="Increment in Redis below the limit"]'));

    const panel = page.getByRole('region', { name: 'The chosen state' });
    await panel.getByRole('heading', { name: 'Increment in Redis below the limit' }).waitFor();
  });
});
