import { startLocal, type Local } from '../../local/main';
import { apiClient } from './api-client';
import { assembly, type Mode } from './assembly';

const STORES = ['dynamo', 'redis', 'momento', 'docdb', 'tidb'];

/** The whole numbers from 1 to `last`. */
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

const running: Partial<Record<Mode, { local: Local; api: ReturnType<typeof apiClient> }>> = {};
const system = (mode: Mode): { local: Local; api: ReturnType<typeof apiClient> } => {
  const found = running[mode];
  if (!found) throw new Error(`${mode} is not running`);
  return found;
};

beforeAll(async () => {
  for (const mode of ['unconditional', 'conditional'] as const) {
    const local = await startLocal({ assembly: await assembly(mode) });
    running[mode] = { local, api: apiClient(local) };
  }
}, 120_000);

afterAll(async () => {
  for (const { local, api } of Object.values(running)) {
    api.close();
    await local.close();
  }
});

describe('the setup', () => {
  it('was started by the stack event and made DocumentDB and TiDB ready', () => {
    expect(JSON.parse(system('unconditional').local.setup ?? '')).toEqual({ docdb: 'ready', tidb: 'ready' });
  });
});

describe.each(STORES)('POST /%s/{id}', (store) => {
  it('counts from 1 and returns which counter it counted', async () => {
    const { api } = system('unconditional');

    const first = await api.post(`${store}/first`);
    const second = await api.post(`${store}/first`);

    expect(first.status).toBe(200);
    expect(first.text).toBe(`{"store":"${store}","id":"first","counter":1,"useConditionalWrites":false}\n`);
    expect(second.body).toMatchObject({ counter: 2 });
  });

  it('names the execution and lets a page of another origin read its headers', async () => {
    const { headers } = await system('unconditional').api.post(`${store}/headers`);

    expect(headers['x-execution-arn']).toMatch(/^arn:aws:states:us-east-1:000000000000:express:/);
    expect(headers['content-type']).toBe('application/json');
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['access-control-expose-headers']).toBe('X-Execution-Arn,Retry-After,Idempotent-Replay');
  });

  it('gives 32 callers at once each a value of its own', async () => {
    const { api } = system('unconditional');

    const answers = await Promise.all(upTo(32).map(() => api.post(`${store}/many`)));

    expect(answers.map(({ status }) => status)).toEqual(Array(32).fill(200));
    expect(answers.map(({ body }) => body?.['counter']).sort((a, b) => Number(a) - Number(b))).toEqual(upTo(32));
  });

  it('counts exactly to the limit, and refuses the rest as a 409', async () => {
    const { api } = system('conditional');

    const answers = await Promise.all(upTo(32).map(() => api.post(`${store}/limited`)));

    const counted = answers.filter(({ status }) => status === 200).map(({ body }) => Number(body?.['counter']));
    const refused = answers.filter(({ status }) => status === 409);
    expect(counted.sort((a, b) => a - b)).toEqual(upTo(20));
    expect(refused).toHaveLength(12);
    for (const { body } of refused) {
      expect(body).toMatchObject({
        error: 'Counter has reached its maximum value of: 20',
        store,
        id: 'limited',
        useConditionalWrites: true,
      });
    }
  });

  it('keeps ids apart that a careless store would take for one', async () => {
    const { api } = system('unconditional');
    const ids = ['a', 'A', '7', '007', '7.0', '1e2', '100', 'a.', 'a~', 'a:b@c-d_e'];

    for (const id of ids) expect((await api.post(`${store}/look-${id}`)).body).toMatchObject({ counter: 1 });
  });

  it('answers an outage with 503 and Retry-After, and counts again after it without a loss', async () => {
    const { api, local } = system('unconditional');
    await api.post(`${store}/outage`);

    await local.stores[store]?.stop();
    const during = await api.post(`${store}/outage`);
    await local.stores[store]?.start();
    const after = await api.post(`${store}/outage`);

    expect(during.status).toBe(503);
    expect(during.body).toMatchObject({ retryable: true });
    expect(during.headers['retry-after']).toBe('1');
    expect(after.body).toMatchObject({ counter: 2 });
  });

  it('answers 504 with an unknown outcome where the store never answers', async () => {
    const { api, local } = system('unconditional');
    await api.post(`${store}/frozen`);

    await local.stores[store]?.freeze();
    const during = await api.post(`${store}/frozen`);
    await local.stores[store]?.start();
    const after = await api.post(`${store}/frozen`);

    expect(during.status).toBe(504);
    expect(during.body).toMatchObject({ outcome: 'unknown' });
    expect([2, 3]).toContain(after.body?.['counter']);
  });
});

describe.each(STORES)('GET /%s/{id}', (store) => {
  const consistency = store === 'redis' ? 'eventual' : 'strong';

  it('reads 0 where there is no counter, and what was counted last where there is one', async () => {
    const { api } = system('unconditional');

    const before = await api.get(`${store}/read`);
    await api.post(`${store}/read`);
    const after = await api.get(`${store}/read`);

    expect(before.status).toBe(200);
    expect(before.text).toBe(`{"store":"${store}","id":"read","counter":0,"consistency":"${consistency}"}\n`);
    expect(after.body).toEqual({ store, id: 'read', counter: 1, consistency });
  });

  it('names its execution of a state machine of its own, and lets a page of another origin read that', async () => {
    const { headers } = await system('unconditional').api.get(`${store}/headers`);

    expect(headers['x-execution-arn']).toMatch(/:express:AtomicCounter-read:/);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['access-control-expose-headers']).toContain('X-Execution-Arn');
  });

  it('is counted by no metric', async () => {
    const { api } = system('unconditional');
    const metrics = async (): Promise<string> =>
      (await api.call('/_local/metrics?limit=10000', { method: 'GET' })).text;
    await api.post(`${store}/unmeasured`);
    const before = await metrics();

    await api.get(`${store}/unmeasured`);

    expect(await metrics()).toBe(before);
  });

  it('answers an outage with 503 and Retry-After, and a store that never answers with 504', async () => {
    const { api, local } = system('unconditional');
    await api.post(`${store}/read-outage`);

    await local.stores[store]?.stop();
    const down = await api.get(`${store}/read-outage`);
    await local.stores[store]?.start();
    const after = await api.get(`${store}/read-outage`);
    await local.stores[store]?.freeze();
    const frozen = await api.get(`${store}/read-outage`);
    await local.stores[store]?.start();

    expect(down.status).toBe(503);
    expect(down.body).toEqual({
      error: `Store ${store} is unavailable: the counter could not be read`,
      retryable: true,
    });
    expect(down.headers['retry-after']).toBe('1');
    expect(frozen.status).toBe(504);
    expect(frozen.body).toEqual({ error: 'The store did not answer: the counter could not be read', retryable: true });
    expect(after.body).toMatchObject({ counter: 1 });
  });
});

describe('what the API refuses', () => {
  const key = (): Record<string, string> => ({ 'x-api-key': system('unconditional').local.apiKey });
  const call = (path: string, options: Parameters<ReturnType<typeof apiClient>['call']>[1] = {}) =>
    system('unconditional').api.call(path, options);

  it.each([
    ['a space', 'a%20b', 'a b'],
    ['a quote', '%22%7D', '"}'],
    ['an apostrophe', "it's", "it's"],
    ['a backslash', '%5C', '\\'],
    ['a line end', 'a%0A', 'a\n'],
    ['a slash', 'a%2Fb', 'a/b'],
    ['velocity', '%24context.stage', '$context.stage'],
    ['a directive', '%23set(%24x%3D1)', '#set($x=1)'],
    ['an expression', '%7B%25%20%24states%20%25%7D', '{% $states %}'],
    ['another alphabet', '%C3%A9', 'é'],
    ['an emoji', '%F0%9F%98%80', '😀'],
    ['a line separator', '%E2%80%A8', '\u2028'],
    ['one dot', '%2e', '.'],
    ['two dots', '..', '..'],
    ['129 characters', 'x'.repeat(129), 'x'.repeat(129)],
  ])('an id with %s: 400 with the rule and the value', async (_, encoded, id) => {
    const { status, body } = await call(`/prod/dynamo/${encoded}`, { headers: key() });

    const read = await call(`/prod/dynamo/${encoded}`, { method: 'GET', headers: key() });

    expect(status).toBe(400);
    const shown = id.length > 64 ? `"${id.slice(0, 64)}"... (${id.length} characters)` : `"${id}"`;
    expect(body).toEqual({
      error: `id must be 1 to 128 of the characters A-Z a-z 0-9 . _ ~ : @ -, but not . or .., got ${shown}`,
    });
    expect([read.status, read.body]).toEqual([status, body]);
  });

  it('an unknown store: 404 naming the deployed ones', async () => {
    const answers = [
      await call('/prod/mysql/votes', { headers: key() }),
      await call('/prod/mysql/votes', { method: 'GET', headers: key() }),
    ];

    for (const { status, body } of answers) {
      expect(status).toBe(404);
      expect(body).toEqual({ error: 'store must be one of dynamo, redis, momento, docdb, tidb, got "mysql"' });
    }
  });

  it('a body of a type that it has no template for: 415', async () => {
    const { status } = await call('/prod/dynamo/typed', {
      headers: { ...key(), 'Content-Type': 'application/xml' },
      body: '<input/>',
    });

    expect(status).toBe(415);
  });

  it.each(['application/json', 'application/x-www-form-urlencoded', 'text/plain'])(
    'no %s body, which it ignores: it can not choose what is executed',
    async (type) => {
      const id = `body-${type.replace('/', '-')}`;
      const body = JSON.stringify({
        stateMachineArn: 'arn:aws:states:::other',
        input: '{"store":"redis","id":"stolen"}',
      });

      const answer = await call(`/prod/dynamo/${id}`, { headers: { ...key(), 'Content-Type': type }, body });

      expect(answer.body).toEqual({ store: 'dynamo', id, counter: 1, useConditionalWrites: false });
    },
  );

  it('no preflight of a browser', async () => {
    const { status, headers } = await call('/prod/dynamo/votes', { method: 'OPTIONS' });

    expect(status).toBe(204);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['access-control-allow-methods']).toBe('GET,POST');
  });

  it('a preflight with a body of a type that it has no template for: 415', async () => {
    const { status } = await call('/prod/dynamo/votes', {
      method: 'OPTIONS',
      headers: { 'Content-Type': 'multipart/form-data' },
    });

    expect(status).toBe(415);
  });

  it('a request under another host name, so that no web page can reach the laptop by one', async () => {
    const { status } = await call('/prod/dynamo/votes', { headers: { ...key(), host: 'rebound.example' } });

    expect(status).toBe(403);
  });
});

describe('the metrics', () => {
  interface DataPoint {
    namespace: string;
    metricName: string;
    value: number;
    dimensions: Record<string, string>;
    logEvent: { message: string };
  }

  it.each(STORES)('count what happened on %s, each with the log event behind it', async (store) => {
    const { api } = system('conditional');
    const points = async (): Promise<DataPoint[]> => {
      const { body } = await api.call('/_local/metrics?limit=10000', { method: 'GET' });
      return (body as unknown as { dataPoints: DataPoint[] }).dataPoints;
    };
    const before = await points();
    await Promise.all(upTo(22).map(() => api.post(`${store}/measured`)));

    const after = (await points()).slice(before.length);
    const sum = (metric: string): number =>
      after
        .filter(({ metricName, namespace }) => metricName === metric && namespace === `AtomicCounter/${store}`)
        .reduce((total, { value }) => total + value, 0);
    const values = after.filter(({ metricName }) => metricName === 'CounterValue').map(({ value }) => value);

    expect(sum('Increments')).toBe(20);
    expect(sum('LimitReached')).toBe(2);
    expect(values.sort((a, b) => a - b)).toEqual(upTo(20));
    for (const { logEvent } of after) expect(JSON.parse(logEvent.message)).toHaveProperty('execution_arn');
  });
});

describe('the page', () => {
  it('shows a curl for every store', async () => {
    const { api, local } = system('unconditional');

    const { text } = await api.call('/', { method: 'GET' });

    for (const { increment, read } of local.curls) {
      for (const command of [increment, read]) expect(text).toContain(command.replaceAll('"', '&#34;'));
    }
    expect(local.curls).toHaveLength(STORES.length);
  });
});
