import type { Browser, Locator, Page } from 'playwright-core';
import { launchChromium } from '../../../../tools/chromium';
import { type DemoOptions, type DemoSystem, startDemoSystem } from './demo-system';

/** The console in a browser, over a system of its own for each test. */
export interface ConsolePage {
  readonly system: DemoSystem;
  readonly page: Page;
  /** What the page did that it shouldn't: errors, refusals by its own policy, requests to other places. */
  readonly complaints: string[];
  /** @param place such as `/executions?store=redis` */
  open(place: string): Promise<void>;
  row(text: string): Locator;
  /** The path and query of the page's own address. */
  place(): Promise<string>;
  /** Expects complaints with this text, and no others. */
  forgive(text: string): void;
}

/** Starts and ends the console around the tests of a file; a complaint fails the test. */
export function useConsole(options: DemoOptions = {}): ConsolePage {
  let browser: Browser;
  let system: DemoSystem;
  let page: Page;
  let complaints: string[] = [];
  beforeAll(async () => {
    browser = await launchChromium();
  }, 60_000);
  afterAll(() => browser?.close());
  beforeEach(async () => {
    system = await startDemoSystem(options);
    page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.setDefaultTimeout(15_000);
    complaints = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      const { origin, pathname } = new URL(request.url());
      const isOwn = origin === new URL(system.url).origin && /^\/(?:console|_local\/stores)(?:\/|$)/.test(pathname);
      if (!isOwn) complaints.push(request.url());
    });
  });
  afterEach(async () => {
    await page.close();
    await system.close();
    expect(complaints).toEqual([]);
  });
  return {
    get system() {
      return system;
    },
    get page() {
      return page;
    },
    get complaints() {
      return complaints;
    },
    open: async (place) => void (await page.goto(`${system.url}#${place}`)),
    row: (text) => page.getByRole('row', { name: text }),
    place: () => page.evaluate(() => location.hash.slice(1)),
    forgive(text) {
      complaints = complaints.filter((complaint) => !complaint.includes(text));
    },
  };
}

const PATIENCE_MS = 10_000;
const PAUSE_MS = 25;

/** Expects that what is read becomes this. */
export async function expectSoon<T>(read: () => Promise<T> | T, expected: T): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  let value = await read();
  while (JSON.stringify(value) !== JSON.stringify(expected) && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    value = await read();
  }
  expect(value).toEqual(expected);
}
