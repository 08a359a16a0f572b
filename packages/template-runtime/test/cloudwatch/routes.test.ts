import { createLogs, logsRoute, metricsRoute, startMetrics } from '../../cloudwatch';
import { type HttpServer, startHttpServer } from '../../http/server';
import type { TemplateResource } from '../../cloudformation/resource';

const FILTER: TemplateResource = {
  logicalId: 'Everything',
  type: 'AWS::Logs::MetricFilter',
  physicalId: 'Everything',
  attributes: {},
  metadata: {},
  properties: {
    LogGroupName: 'a',
    FilterPattern: '{ $.n > 0 }',
    MetricTransformations: [{ MetricName: 'N', MetricNamespace: 'Test', MetricValue: '$.n' }],
  },
};

const KEEP = 10;
let server: HttpServer;
let logs: ReturnType<typeof createLogs>;
beforeEach(async () => {
  logs = createLogs();
  const metrics = startMetrics({ resources: [FILTER], logs, keep: KEEP });
  server = await startHttpServer({ port: 0, routes: [metricsRoute(metrics), logsRoute(logs)] });
});
afterEach(() => server.close());

const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${server.port}${path}`);
const nextOf = (response: Response): string | undefined =>
  /^<([^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1];
const valuesOf = async (response: Response): Promise<number[]> =>
  ((await response.json()) as { dataPoints: { value: number }[] }).dataPoints.map(({ value }) => value);
const put = (n: number, group = 'a'): void => logs.put(group, 'stream', JSON.stringify({ n }));

describe('the data points', () => {
  it('come a page at a time, the latest first, as its Link header leads', async () => {
    for (let n = 1; n <= 5; n += 1) put(n);

    const first = await get('/_local/metrics?limit=2');
    expect(await valuesOf(first)).toEqual([4, 5]);
    put(6);
    const second = await get(nextOf(first) ?? '');
    expect(await valuesOf(second)).toEqual([2, 3]);
    const third = await get(nextOf(second) ?? '');

    expect(await valuesOf(third)).toEqual([1]);
    expect(nextOf(third)).toBeUndefined();
  });

  it('are an empty page where those before have dropped off', async () => {
    for (let n = 1; n <= 3; n += 1) put(n);
    const first = await get('/_local/metrics?limit=1');
    for (let n = 4; n <= 3 + KEEP; n += 1) put(n);

    expect(await valuesOf(await get(nextOf(first) ?? ''))).toEqual([]);
  });

  it('are 1,000 where nothing else is said, and all that are kept where more is allowed', async () => {
    put(1);

    expect(await valuesOf(await get('/_local/metrics'))).toEqual([1]);
    expect(await valuesOf(await get('/_local/metrics?limit=100000'))).toEqual([1]);
  });

  it.each(['limit=0', 'limit=many', 'limit=100001', 'before=-1'])('refuse ?%s', async (query) => {
    const response = await get(`/_local/metrics?${query}`);

    expect(response.status).toBe(400);
    expect(((await response.json()) as { message: string }).message).toContain('must be a whole number');
  });
});

describe('the log events', () => {
  it('come a page at a time over all groups, in the order of their arrival', async () => {
    for (let n = 1; n <= 5; n += 1) put(n, n % 2 === 0 ? 'even' : 'odd');
    const numbers = async (response: Response): Promise<Record<string, number[]>> =>
      Object.fromEntries(
        Object.entries((await response.json()) as Record<string, { message: string }[]>).map(([group, events]) => [
          group,
          events.map(({ message }) => (JSON.parse(message) as { n: number }).n),
        ]),
      );

    const first = await get('/_local/logs?limit=3');
    expect(await numbers(first)).toEqual({ odd: [3, 5], even: [4] });
    const second = await get(nextOf(first) ?? '');

    expect(await numbers(second)).toEqual({ odd: [1], even: [2] });
    expect(nextOf(second)).toBeUndefined();
  });
});
