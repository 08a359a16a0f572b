import { type HttpServer, startHttpServer } from 'template-runtime/http';
import type { StoreState } from 'template-runtime/worker';
import type { OpenStore } from '../../local/open-stores';
import { storesRoute } from '../../local/stores-route';
import { type Answer, apiClient } from './api-client';

describe('the route of the stores', () => {
  const done: string[] = [];
  let state: StoreState = 'running';
  const note = (what: string) => (): Promise<void> => {
    done.push(what);
    return Promise.resolve();
  };
  const store = (embedded: boolean): OpenStore => ({
    address: { host: '127.0.0.1', port: 6379, tls: false },
    state: () => (embedded ? state : undefined),
    embedded,
    ...{ stop: note('stop'), start: note('start'), freeze: note('freeze'), close: note('close') },
  });
  let server: HttpServer;
  let client: ReturnType<typeof apiClient>;

  beforeAll(async () => {
    server = await startHttpServer({ port: 0, routes: [storesRoute({ redis: store(true), tidb: store(false) })] });
    client = apiClient({ port: server.port, apiKey: '' });
  });
  afterAll(async () => {
    client.close();
    await server.close();
  });
  beforeEach(() => {
    done.length = 0;
  });

  const post = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
    client.call(`/_local/stores/${path}`, { headers });

  it.each(['stop', 'start', 'freeze'])('lets a tool %s a store', async (action) => {
    expect((await post(`redis/${action}`)).status).toBe(200);
    expect(done).toEqual([action]);
  });

  it.each([
    ['another site', { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }],
    ['another port', { Origin: 'http://127.0.0.1:8080', 'Sec-Fetch-Site': 'same-site' }],
    ['a sandbox', { Origin: 'null' }],
  ])('lets no page of %s do so, and says why', async (_, headers) => {
    const { status, body } = await post('redis/stop', headers);

    expect(status).toBe(403);
    expect(body?.['message']).toContain('Only a page of http://127.0.0.1:');
    expect(done).toEqual([]);
  });

  it('names what it does not know', async () => {
    expect((await post('mars/stop')).body).toEqual({ message: 'store must be one of redis, tidb, got "mars"' });
    expect((await post('redis/melt')).body).toEqual({
      message: 'action must be one of stop, start, freeze, got "melt"',
    });
  });

  it("leaves a server of the user's alone", async () => {
    const { status, body } = await post('tidb/stop');

    expect([status, body]).toEqual([409, { message: 'tidb is a server of your own: stop and start it yourself' }]);
    expect(done).toEqual([]);
  });
});
