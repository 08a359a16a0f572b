import type { Browser, Page } from 'playwright-core';
import { type HttpServer, startHttpServer } from 'template-runtime/http';
import { homePage } from '../../local/home-page';
import { accessibilityProblems } from '../../packages/template-runtime/test/console/accessibility';
import { launchChromium } from '../../tools/chromium';
import { describeInChromium } from '../chromium';

const increment = 'curl -X POST http://127.0.0.1:3000/prod/redis/votes -H "x-api-key: local-development-key"';
const read = 'curl http://127.0.0.1:3000/prod/redis/votes -H "x-api-key: local-development-key"';

describeInChromium('the page at /, in a browser', () => {
  let browser: Browser;
  let server: HttpServer;
  let page: Page;
  let failed: string[];

  beforeAll(async () => {
    const options = { mode: 'unconditional', curls: [{ store: 'redis', increment, read }], fate: 'Kept.' };
    server = await startHttpServer({ port: 0, routes: [homePage(options)] });
    browser = await launchChromium();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
  beforeEach(async () => {
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    page = await context.newPage();
    failed = [];
    page.on('response', (response) => {
      if (response.status() >= 400) failed.push(`${response.status()} ${response.url()}`);
    });
    page.on('console', (message) => failed.push(message.text()));
    page.on('pageerror', (error) => failed.push(error.message));
  });
  afterEach(() => page.context().close());

  const open = (): Promise<unknown> => page.goto(`http://127.0.0.1:${server.port}/`);
  const copyButton = () => page.getByRole('button', { name: 'Copy: read in redis' });

  it('copies a command, and says so to screen readers', async () => {
    await open();
    await copyButton().click();

    await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(read);
    expect(failed).toEqual([]);
  });

  it.each([
    ['is missing', 'Object.defineProperty(navigator, "clipboard", { value: undefined })'],
    ['refuses', 'navigator.clipboard.writeText = () => Promise.reject(new Error("denied"))'],
  ])('copies it also where the clipboard of the browser %s', async (_, script) => {
    await page.addInitScript(script);
    await page.addInitScript("document.addEventListener('copy', () => { window.copied = getSelection().toString(); })");
    await open();
    await copyButton().click();

    await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor();
    expect(await page.evaluate('window.copied')).toBe(read);
    expect(failed).toEqual([]);
  });

  it('selects it where nothing may copy, and says what to do', async () => {
    await page.addInitScript('Object.defineProperty(navigator, "clipboard", { value: undefined })');
    await page.addInitScript('document.execCommand = () => false');
    await open();
    await copyButton().click();

    await page.getByRole('status').filter({ hasText: 'Selected: copy it by the keyboard' }).waitFor();
    expect(await page.evaluate(() => getSelection()?.toString())).toBe(read);
  });

  it('is readable on a phone: nothing is wider than it, buttons are as large as a finger', async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    await open();

    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    expect((await copyButton().boundingBox())?.height).toBeGreaterThanOrEqual(44);
  });

  it('links to pages that are there', async () => {
    await open();
    const links = await page.getByRole('link').evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));

    const documents = links.filter((link) => link.endsWith('.md'));
    expect(documents).toHaveLength(5);
    for (const link of documents) {
      await page.goto(`http://127.0.0.1:${server.port}${link}`);
      expect(await page.locator('body').innerText()).toMatch(/^# /);
    }
    expect(failed).toEqual([]); // nor is the icon missing that a browser asks for
  });

  it('has nothing that axe finds, light and dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await open();
      expect(await accessibilityProblems(page)).toEqual([]);
    }
  });
});
