import type { Locator } from 'playwright-core';
import { type SharedPage, usePage } from '../../../../test/chromium';
import { type DemoOptions, type DemoSystem, startDemoSystem } from './demo-system';

/** The console in a browser, over a system of its own for each test. */
export interface ConsolePage extends SharedPage {
  readonly system: DemoSystem;
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
  let system: DemoSystem;
  let complaints: string[] = [];
  const shared = usePage({ width: 1400, height: 900 }, (page) => {
    page.setDefaultTimeout(15_000);
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      const { origin, pathname } = new URL(request.url());
      const isOwn = origin === new URL(system.url).origin && /^\/(?:console|_local\/stores)(?:\/|$)/.test(pathname);
      if (!isOwn) complaints.push(request.url());
    });
  });
  beforeEach(async () => {
    system = await startDemoSystem(options);
    complaints = [];
  });
  afterEach(async () => {
    await system.close();
    expect(complaints).toEqual([]);
  });
  return {
    get system() {
      return system;
    },
    get page() {
      return shared.page;
    },
    get complaints() {
      return complaints;
    },
    alone: () => shared.alone(),
    open: async (place) => void (await shared.page.goto(`${system.url}#${place}`)),
    row: (text) => shared.page.getByRole('row', { name: text }),
    place: () => shared.page.evaluate(() => location.hash.slice(1)),
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
