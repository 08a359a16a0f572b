import type { Browser, Page, ViewportSize } from 'playwright-core';
import { findChromium, launchChromium } from '../tools/chromium';

const canRun = findChromium() !== undefined || process.env['REAL_SERVERS'] === 'required';
const describeOrSkip = canRun ? describe : describe.skip;
const titled = (name: string): string => (canRun ? name : `${name} (no Chromium is installed)`);

/**
 * Describes what needs a browser. Where no Chromium is installed that is skipped, and says why, or with
 * REAL_SERVERS=required it fails.
 */
export const describeInChromium = Object.assign(
  (name: string, body: () => void): void => describeOrSkip(titled(name), body),
  {
    each:
      <T>(cases: readonly T[]) =>
      (name: string, body: (value: T) => void): void =>
        describeOrSkip.each(cases)(titled(name), body),
  },
);

export interface SharedPage {
  readonly page: Page;
  /** Gives the test a page of its own: for what can't be taken back, such as another clock or a permission. */
  alone(): Promise<Page>;
}

/**
 * A page of a browser around the tests of a file. It is the same one, emptied after each test: a new page is a new process,
 * which costs more than most tests do.
 *
 * @param prepare listens to a new page
 */
export function usePage(size: ViewportSize, prepare: (page: Page) => void): SharedPage {
  let browser: Browser;
  let page: Page | undefined;
  let isAlone = false;
  const open = async (): Promise<Page> => {
    page = await browser.newPage({ viewport: size });
    prepare(page);
    return page;
  };
  const close = async (): Promise<void> => {
    await page?.close();
    page = undefined;
  };
  beforeAll(async () => {
    browser = await launchChromium();
  }, 60_000);
  afterAll(() => browser?.close());
  beforeEach(async () => {
    isAlone = false;
    const opened = page ?? (await open());
    await opened.setViewportSize(size);
    await opened.emulateMedia({ media: null, colorScheme: null, reducedMotion: null });
  });
  afterEach(async () => {
    if (isAlone) return close();
    await page?.unrouteAll({ behavior: 'ignoreErrors' });
    await page?.mouse.move(0, 0);
    await page?.goto('about:blank');
  });
  return {
    get page() {
      if (page === undefined) throw new Error('a test asks for its page when it runs');
      return page;
    },
    async alone() {
      await close();
      isAlone = true;
      return open();
    },
  };
}
