import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { IncrementOptions, IncrementResult, ReadResult } from '../../client/src';
import { launchChromium } from '../../tools/chromium';
import { describeInChromium } from '../chromium';
import { ARN, incremented, page as htmlPage, READ, replayed, UNAVAILABLE, UNKNOWN } from './answers';
import { INSTALLED, startPageServer } from './page-server';
import { type ScriptedApi, startScriptedApi } from './scripted-api';

const EXAMPLE = readFileSync(path.join(__dirname, '..', '..', 'client', 'examples', 'browser.html'), 'utf8');

let api: ScriptedApi;
let browser: Browser;
let page: Page;
let server: Awaited<ReturnType<typeof startPageServer>>;

beforeAll(async () => {
  api = await startScriptedApi();
  server = await startPageServer(EXAMPLE.replace('http://127.0.0.1:3000/prod', api.url));
  browser = await launchChromium();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  server?.close();
  api?.close();
});
beforeEach(async () => {
  page = await browser.newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(server.url);
});
afterEach(() => page.close());

type Options = Omit<IncrementOptions, 'signal'>;

/** Calls the client in the page: by a text, since a function's `import` would be compiled to Jest's. */
function call<Result>(method: 'increment' | 'read', options: Options = {}, url = api.url): Promise<Result> {
  return page.evaluate<Result>(
    `import('${INSTALLED}').then(({ counterClient }) =>
      counterClient({ url: '${url}', apiKey: 'key-1' }).${method}('dynamo', 'votes', ${JSON.stringify(options)}))`,
  );
}
const increment = (options?: Options, url?: string) => call<IncrementResult>('increment', options, url);

/** Lets an origin that has no server be answered by one on this machine. */
function forward(origin: string, server: string): Promise<unknown> {
  return page.route(`${origin}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    await route.fulfill({ response: await route.fetch({ url: new URL(pathname, server).href }) });
  });
}

describeInChromium('a page of another origin', () => {
  it('increments, and sees the key, the execution and the value', async () => {
    api.script(incremented(7));

    const result = await increment();

    expect(result).toMatchObject({ outcome: 'incremented', counter: 7, executionArn: ARN, attempts: 1 });
    expect(api.received).toEqual([
      { method: 'POST', path: '/dynamo/votes', apiKey: 'key-1', idempotencyKey: result.idempotencyKey },
    ]);
  });

  it('sees that an increment is a replay', async () => {
    api.script(UNKNOWN, replayed(7));

    expect(await increment()).toMatchObject({ outcome: 'replayed', counter: 7, attempts: 2 });
  });

  it('sees Retry-After, and gives up at once where it ends after the deadline', async () => {
    api.script(UNAVAILABLE);

    expect(await increment({ deadlineMs: 1_000 })).toMatchObject({ outcome: 'not-applied', attempts: 1 });
  });

  it('reads', async () => {
    api.script(READ);

    expect(await call<ReadResult>('read')).toMatchObject({ outcome: 'read', counter: 3, executionArn: ARN });
  });

  it('takes its key nowhere else', async () => {
    api.script({ ...htmlPage(307), headers: { Location: `${api.url}/elsewhere` } });

    expect(await increment()).toMatchObject({ outcome: 'unknown', attempts: 1 });
    expect(api.received).toHaveLength(1);
  });

  it('asks again with the same key after a connection that was cut within the body', async () => {
    api.script({ cut: 'within' }, replayed(7));

    const result = await increment();

    expect(result).toMatchObject({ outcome: 'replayed', attempts: 2 });
    expect(api.received.map(({ idempotencyKey }) => idempotencyKey)).toEqual(Array(2).fill(result.idempotencyKey));
  });

  it('is safe from its browser, which sends a POST again itself when a kept-alive connection dies', async () => {
    api.script(incremented(1), { cut: 'before' }, replayed(2));

    await increment();
    const result = await increment();

    expect(result).toMatchObject({ outcome: 'replayed', counter: 2, attempts: 1 });
    const keys = api.received.map(({ idempotencyKey }) => idempotencyKey);
    expect(keys.slice(1)).toEqual(Array(2).fill(result.idempotencyKey));
  });

  it('that came by plain HTTP has keys as well', async () => {
    api.script(incremented(7));
    await forward('http://page.test', server.url);
    await forward('http://api.test', api.url);
    await page.goto('http://page.test/');

    const result = await increment({}, 'http://api.test/prod');

    expect(await page.evaluate('typeof crypto.randomUUID')).toBe('undefined');
    expect(result).toMatchObject({ outcome: 'incremented', attempts: 1 });
    expect(api.received[0]?.idempotencyKey).toMatch(/^[0-9a-f]{32}$/);
  });
});

describeInChromium('the example', () => {
  it('counts a click, and asks about a vote that may have counted before it counts another', async () => {
    const vote = async (): Promise<string> => {
      await page.getByRole('button', { name: 'Vote' }).click();
      await page.locator('button:enabled').waitFor();
      return page.locator('output').innerText();
    };

    api.script(incremented(7));
    expect(await vote()).toBe('incremented: 7');
    api.script(htmlPage(404));
    expect(await vote()).toBe("unknown: Status 404 with a body that isn't the API's");
    const [unknown] = api.received;
    api.script(replayed(8));
    expect(await vote()).toBe('replayed: 8');
    expect(api.received).toEqual([unknown]);
  });
});
