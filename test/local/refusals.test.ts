import { startLocal, type Local } from '../../local/main';
import { type Answer, apiClient } from './api-client';
import { assembly } from './assembly';

const STORES = ['dynamo', 'redis', 'momento', 'docdb', 'tidb'];

let local: Local;
let api: ReturnType<typeof apiClient>;

beforeAll(async () => {
  local = await startLocal({ assembly: await assembly('unconditional') });
  api = apiClient(local);
}, 120_000);

afterAll(async () => {
  api?.close();
  await local?.close();
});

const key = (): Record<string, string> => ({ 'x-api-key': local.apiKey });

describe('a refusal at the limit is the same on every store', () => {
  let ids = 0;

  /** What the stores say of a call that they refuse, where 10 have been counted. */
  async function refusals(query: string, idempotencyKey?: string): Promise<unknown[]> {
    const id = `refused-${(ids += 1)}`;
    return Promise.all(
      STORES.map(async (store) => {
        expect((await api.post(`${store}/${id}?by=10`)).body).toMatchObject({ counter: 10 });

        const { status, body } = await api.post(`${store}/${id}?${query}`, idempotencyKey);

        expect(body).toMatchObject({ store, id });
        return [status, { ...body, store: 'its name', id: 'its id' }];
      }),
    );
  }

  const refused = (error: string, limit: { max: number; remaining: number }): unknown => [
    409,
    { error, store: 'its name', id: 'its id', useConditionalWrites: true, ...limit },
  ];

  describe.each([
    ['without an idempotency key', undefined],
    ['with one', 'order-17'],
  ])('%s', (_, idempotencyKey) => {
    it.each([
      ['one more than there is room for', 'max=10', 'has reached its maximum value of: 10', { max: 10, remaining: 0 }],
      ['a limit that was passed before', 'max=5', 'has reached its maximum value of: 5', { max: 5, remaining: 0 }],
      ['a step too long', 'max=12&by=3', 'has only 2 left up to its maximum value of: 12', { max: 12, remaining: 2 }],
      [
        'a step where nothing is left',
        'max=10&by=3',
        'has reached its maximum value of: 10',
        { max: 10, remaining: 0 },
      ],
      ['a step above the limit', 'max=4&by=5', 'has reached its maximum value of: 4', { max: 4, remaining: 0 }],
    ])('%s', async (_, query, error, limit) => {
      const answers = await refusals(query, idempotencyKey);

      expect(answers).toEqual(STORES.map(() => refused(`Counter ${error}`, limit)));
    });
  });
});

describe('what is no request of the API', () => {
  const NOT_FOUND = {
    error: 'Nothing is found at this path, only at /{store}/{id}: GET reads a counter, POST increments it',
  };

  it.each([
    ['the stage alone', 'GET', '/prod'],
    ['a slash', 'GET', '/prod/'],
    ['a store alone', 'POST', '/prod/dynamo'],
    ['a GET of a store', 'GET', '/prod/dynamo'],
    ['an empty id', 'POST', '/prod/dynamo/'],
    ['an empty store', 'POST', '/prod//votes'],
    ['one part too many', 'POST', '/prod/dynamo/votes/more'],
    ['two parts too many', 'PUT', '/prod/dynamo/votes/more/still'],
  ])('%s: 404, telling where something is', async (_, method, path) => {
    const { status, body, headers } = await api.call(path, { method, headers: key() });

    expect([status, body]).toEqual([404, NOT_FOUND]);
    expect(headers['access-control-allow-origin']).toBe('*');
  });

  it.each(['PUT', 'DELETE', 'PATCH'])('the method %s of a counter: 405, with those that it has', async (method) => {
    const { status, body, headers } = await api.call('/prod/dynamo/votes', { method, headers: key() });

    expect([status, body]).toEqual([405, { error: 'A counter takes no other methods than GET, POST, OPTIONS' }]);
    expect(headers).toMatchObject({ allow: 'GET, POST, OPTIONS', 'access-control-allow-origin': '*' });
  });

  it('HEAD, which API Gateway does not take for a GET: 405 without a body', async () => {
    const { status, text, headers } = await api.call('/prod/dynamo/votes', { method: 'HEAD', headers: key() });

    expect([status, text, headers['allow']]).toEqual([405, '', 'GET, POST, OPTIONS']);
  });

  it.each(['/prod', '/prod/dynamo', '/prod/dynamo/votes/more', '/prod/dynamo/votes'])(
    'has its answer for who has a key: PUT %s is a 403 without, which nobody pays for',
    async (path) => {
      const { status } = await api.call(path, { method: 'PUT' });

      expect(status).toBe(403);
    },
  );
});

describe("API Gateway's own answers have the form of the API's", () => {
  const post = (headers: Record<string, string>, body?: Buffer): Promise<Answer> =>
    api.call('/prod/redis/own', { headers, ...(body && { body }) });

  it.each([
    ['no key', 403, {}, 'The header X-Api-Key must have a valid API key'],
    ['a wrong key', 403, { 'x-api-key': 'wrong' }, 'The header X-Api-Key must have a valid API key'],
  ])('%s: %d', async (_, status, headers, error) => {
    const answer = await post(headers);

    expect([answer.status, answer.body]).toEqual([status, { error }]);
  });

  it('a body of another type: 415, naming those that there are', async () => {
    const { status, body } = await post({ ...key(), 'content-type': 'application/xml' });

    expect([status, body]).toEqual([
      415,
      {
        error:
          'The content type of a body, which is ignored, must be one of application/json, application/x-www-form-urlencoded, text/plain',
      },
    ]);
  });

  it('a body above 10 MiB: 413', async () => {
    const { status, body } = await post({ ...key(), 'content-type': 'text/plain' }, Buffer.alloc(10 * 2 ** 20 + 1));

    expect([status, body]).toEqual([413, { error: 'HTTP content length exceeded 10485760 bytes.' }]);
  });

  it('a path outside of the stage is none of this API, whose form it can’t have', async () => {
    const { status, body } = await api.call('/elsewhere', { headers: key() });

    expect([status, body]).toEqual([403, { message: 'Forbidden' }]);
  });
});

describe('what is invalid is shown by its beginning, and its length', () => {
  const long = 'x'.repeat(5000);
  const shown = `got "${'x'.repeat(64)}"... (5000 characters)`;

  it.each([
    ['id', `redis/${long}`, undefined],
    ['store', `${long}/votes`, undefined],
    ['max', `redis/votes?max=${long}`, undefined],
    ['by', `redis/votes?by=${long}`, undefined],
    ['Idempotency-Key', 'redis/votes', long],
  ])('%s', async (name, path, idempotencyKey) => {
    const { status, body } = await api.post(path, idempotencyKey);

    expect(status).toBe(name === 'store' ? 404 : 400);
    expect(body).toEqual({ error: expect.stringMatching(new RegExp(`^${name} must be .*, `)) as string });
    expect(body?.['error']).toMatch(new RegExp(`, ${shown.replace(/[.()]/g, '\\$&')}$`));
  });
});
