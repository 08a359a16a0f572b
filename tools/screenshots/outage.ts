import type { Browser, Page } from 'playwright-core';
import type { Local } from '../../local/main';
import { Film } from './film';
import { increment } from './traffic';

const SIZE = { width: 1280, height: 800 };
const STORE = 'redis';
/** Several, so that none comes to its limit. */
const COUNTERS = ['likes', 'shares', 'views'];
/** From one call to the next. */
const PACE_MS = 350;

/** An outage as the console shows it while calls go on: a store freezes, is stopped, and starts again. */
export async function filmOutage(browser: Browser, local: Local): Promise<Uint8Array> {
  const page = await browser.newPage({ viewport: SIZE, colorScheme: 'light', reducedMotion: 'reduce' });
  const calls = startCalls(local);
  try {
    await page.goto(`http://127.0.0.1:${local.port}/console#/executions`);
    await page.locator('tbody tr').nth(5).waitFor();
    await page.getByRole('button', { name: 'Stores' }).click();
    const film = new Film(page);
    await film.roll(3000);
    await press(page, 'Freeze');
    await page.mouse.move(0, 0);
    await film.roll(5600);
    await press(page, 'Stop');
    await film.roll(3200);
    await press(page, 'Start');
    await film.roll(2800);
    await page.getByRole('button', { name: 'Stores' }).click();
    await page
      .locator('tbody tr', { hasText: /unknown/i })
      .first()
      .locator('a')
      .first()
      .click();
    await page.locator('.node').first().waitFor();
    await film.roll(5000);
    return film.gif;
  } finally {
    await calls.stop();
    await page.close();
  }
}

async function press(page: Page, action: string): Promise<void> {
  await page.getByRole('button', { name: `${action} ${STORE}` }).click();
}

/** Calls that go on whatever becomes of them, at each store in turn and at the one of the outage twice. */
function startCalls(local: Local): { stop(): Promise<void> } {
  const stores = Object.keys(local.stores).flatMap((store) => (store === STORE ? [store] : [store, STORE]));
  const under = new Set<Promise<unknown>>();
  let next = 0;
  const timer = setInterval(() => {
    next += 1;
    const store = stores[next % stores.length] ?? STORE;
    const counter = COUNTERS[next % COUNTERS.length] ?? '';
    const call = increment(local, store, counter).finally(() => under.delete(call));
    under.add(call);
  }, PACE_MS);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(under);
    },
  };
}
