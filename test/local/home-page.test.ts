import { createHash } from 'node:crypto';
import { parseHTML } from 'linkedom';
import { type HttpServer, startHttpServer } from 'template-runtime/http';
import { fateOf } from '../../local/fate';
import { homePage } from '../../local/home-page';
import type { OpenStore } from '../../local/open-stores';
import { apiClient } from './api-client';

const increment = 'curl -X POST http://127.0.0.1:3000/prod/redis/votes -H "x-api-key: <&>"';
const read = 'curl http://127.0.0.1:3000/prod/redis/votes -H "x-api-key: <&>"';

describe('the page at /', () => {
  let server: HttpServer;
  let client: ReturnType<typeof apiClient>;

  beforeAll(async () => {
    const options = { mode: 'unconditional', curls: [{ store: 'redis', increment, read }], fate: 'Kept <here>.' };
    server = await startHttpServer({ port: 0, routes: [homePage(options)] });
    client = apiClient({ port: server.port, apiKey: '' });
  });
  afterAll(async () => {
    client.close();
    await server.close();
  });

  it('shows how each counter is incremented and read, each with a button that copies it', async () => {
    const { text } = await client.call('/', { method: 'GET' });

    const { document } = parseHTML(text);
    const commands = [...document.querySelectorAll('pre')];
    expect(commands.map(({ textContent }) => textContent)).toEqual([increment, read]);
    expect(commands.map(({ nextElementSibling }) => nextElementSibling?.textContent)).toEqual(['Copy', 'Copy']);
    expect(text).toContain('Kept &#60;here&#62;.');
  });

  it('runs its own script alone', async () => {
    const { text, headers } = await client.call('/', { method: 'GET' });

    const [, script = ''] = /<script>([^]*)<\/script>/.exec(text) ?? [];
    const hash = createHash('sha256').update(script).digest('base64');
    expect(headers['content-security-policy']).toContain(`script-src 'sha256-${hash}'`);
  });

  it('links to the console, the metrics, the description of the API and the documentation, which are served', async () => {
    const { text } = await client.call('/', { method: 'GET' });
    const { status, body } = await client.call('/openapi.json', { method: 'GET' });

    const links = [...parseHTML(text).document.querySelectorAll('a')].map((link) => link.getAttribute('href'));
    expect(links).toEqual([
      ...['/console', '/_local/metrics', '/openapi.json'],
      ...['/README.md', '/docs/local-runtime.md', '/docs/settings.md', '/docs/scripts.md', '/docs/pattern.md'],
    ]);
    expect([status, body?.['openapi']]).toEqual([200, '3.1.1']);
    for (const link of links.slice(3)) {
      const page = await client.call(link ?? '', { method: 'GET' });
      expect([page.status, page.headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
    }
  });

  it('has an icon, also for browsers that ask for it by its old name', async () => {
    const { status, headers } = await client.call('/favicon.ico', { method: 'GET' });

    expect([status, headers['content-type']]).toEqual([200, 'image/svg+xml']);
  });

  it('leaves all else to others', async () => {
    expect((await client.call('/', { method: 'POST' })).status).toBe(404);
    for (const path of [
      '/votes',
      '/docs/',
      '/docs/nothing.md',
      '/docs/%2e%2e/README.md',
      '/docs/../package.json',
      '/.env',
    ]) {
      expect((await client.call(path, { method: 'GET' })).status).toBe(404);
    }
  });
});

describe('the fate of the counters', () => {
  const embedded = { embedded: true } as OpenStore;
  const own = { embedded: false } as OpenStore;

  it.each([
    [{ dynamo: embedded, redis: embedded }, undefined, 'Counters vanish on Ctrl-C.'],
    [{ dynamo: embedded }, '/data', 'Counters and executions are kept in /data.'],
    [{ redis: own, tidb: own }, undefined, 'Counters are in servers of your own.'],
    [
      { dynamo: embedded, redis: own, tidb: own },
      undefined,
      'Counters of redis and tidb are in servers of your own, the others vanish on Ctrl-C.',
    ],
    [
      { dynamo: embedded, redis: own },
      '/data',
      'Counters of redis are in servers of your own, the others are kept in /data.',
    ],
  ])('is told by where they are: %#', (stores, dataDirectory, fate) => {
    expect(fateOf(stores, dataDirectory)).toBe(fate);
  });
});
