import type { CounterPage, DataPointPage, ExecutionPage, ReadAnswer, SystemAnswer } from '../../console/shapes';
import { type DemoSystem, READ, startDemoSystem } from './demo-system';

let system: DemoSystem;
beforeEach(async () => {
  system = await startDemoSystem({ hasStores: true });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await system.close();
});

const api = (path: string, init?: RequestInit): Promise<Response> => fetch(`${system.url}/api/${path}`, init);
const get = async <T>(path: string): Promise<T> => (await (await api(path)).json()) as T;
const again = async (path: string, tag: string | null): Promise<number> =>
  (await api(path, { headers: { 'If-None-Match': tag ?? '' } })).status;

describe('what is asked again and again', () => {
  it.each(['executions', 'executions?search=votes&last=5', 'counters', 'metrics?minutes=5', 'points'])(
    '%s: is answered 304 until something changes',
    async (path) => {
      jest.spyOn(Date, 'now').mockReturnValue(Date.now()); // the charts move on with the time
      await system.increment('dynamo', 'votes');
      const tag = (await api(path)).headers.get('etag');

      expect(await again(path, tag)).toBe(304);

      await system.increment('dynamo', 'votes');
      expect(await again(path, tag)).toBe(200);
    },
  );

  it('changes with the time where a span of minutes leaves an execution behind', async () => {
    await system.increment('dynamo', 'votes');
    const tag = (await api('executions?last=1')).headers.get('etag');
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 61_000);

    expect(await again('executions?last=1', tag)).toBe(200);
    expect((await get<ExecutionPage>('executions?last=1')).matching).toBe(0);
  });

  it.each([
    ['an unknown sort', 'executions?sort=colour', 'sort must be one of started, duration,'],
    ['an unknown order', 'counters?order=sideways', 'order must be one of ascending, descending'],
    ['a time that is none', 'executions?since=yesterday', 'since must be a whole number'],
    ['a place that is none', 'points?before=-1', 'before must be a whole number'],
  ])('refuses %s', async (_, path, message) => {
    const response = await api(path);

    expect(response.status).toBe(400);
    expect(((await response.json()) as { message: string }).message).toContain(message);
  });
});

describe('the counters', () => {
  it('are narrowed, sorted and turned', async () => {
    for (const id of ['a', 'b', 'b', 'c', 'c', 'c']) await system.increment('redis', id);
    await system.increment('dynamo', 'b');
    const ids = async (query: string): Promise<string[]> =>
      (await get<CounterPage>(`counters?${query}`)).rows.map(({ store, id }) => `${store}/${id}`);

    expect(await ids('')).toEqual(['dynamo/b', 'redis/a', 'redis/b', 'redis/c']);
    expect(await ids('sort=value&order=descending&store=redis')).toEqual(['redis/c', 'redis/b', 'redis/a']);
    expect(await ids('search=B')).toEqual(['dynamo/b', 'redis/b']);
    expect(await ids('size=2&from=2')).toEqual(['redis/b', 'redis/c']);
    expect(await get<CounterPage>('counters?size=3&from=90')).toMatchObject({ before: 3, rows: [{ id: 'c' }] });
  });
});

describe('the data points', () => {
  it('are narrowed by metric, and name executions that are kept', async () => {
    const arn = await system.increment('dynamo', 'votes');
    await system.increment('dynamo', 'full');

    const { rows, matching, total } = await get<DataPointPage>('points?metric=Increments');

    expect(rows).toMatchObject([{ metricName: 'Increments', value: 1, executionArn: arn, filter: 'Increments' }]);
    expect([matching, total]).toEqual([1, 2]);
  });
});

describe('a read of a counter', () => {
  const read = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    api('reads', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  it('is a call of the API, with its key: an execution like any other', async () => {
    await system.increment('dynamo', 'votes');
    system.counters.set('dynamo votes', 9);

    const answer = (await (await read({ store: 'dynamo', id: 'votes' })).json()) as ReadAnswer;

    expect(answer).toMatchObject({
      kind: 'done',
      outcome: 'read',
      row: { value: { value: 9, isRead: true }, told: 1 },
    });
    expect(system.stepFunctions.executions()[0]).toMatchObject({ arn: answer.executionArn, machine: { arn: READ } });
  });

  it.each([
    ['from another origin', { store: 'dynamo', id: 'votes' }, { Origin: 'http://evil.example' }, 403],
    ['without an id', { store: 'dynamo' }, {}, 400],
    ['that the API starts no execution for', { store: 'dynamo', id: 'forbidden' }, {}, 502],
  ])('%s is refused', async (_, body, headers, code) => {
    expect((await read(body, headers)).status).toBe(code);
    expect(system.stepFunctions.executions()).toHaveLength(0);
  });
});

it('tells how counters are called, by the API methods that take a store and an id', async () => {
  const url = `${new URL(system.url).origin}/prod/{store}/{id}`;

  expect(await get<SystemAnswer>('system')).toEqual({
    calls: ['POST', 'GET'].map((method) => ({ method, url, header: 'x-api-key: the-key' })),
    canRead: true,
    storesPath: '/_local/stores',
  });
});
