import { Quota } from '../../api-gateway/quota';
import { TokenBucket } from '../../api-gateway/token-bucket';
import type { TemplateResource } from '../../cloudformation/resource';
import { systemClock } from '../../clock';
import { api, API_ID, type Fields, KEY, method, resource, type Served, serve, usagePlan } from './fixture';

describe('a usage plan', () => {
  let served: Served;
  let now: number;

  beforeEach(() => {
    now = Date.UTC(2026, 10, 24, 12);
  });
  afterEach(() => served.close());

  async function start(plan: Fields, key: Fields = {}, ...more: TemplateResource[]): Promise<void> {
    served = await serve(
      api(
        method('Id', 'POST', { ApiKeyRequired: true }),
        method('Id', 'GET', { ApiKeyRequired: true }),
        ...usagePlan(plan, key),
        ...more,
      ),
      { clock: { ...systemClock, now: () => now } },
    );
  }

  async function statuses(count: number, key = KEY, verb = 'POST'): Promise<number[]> {
    const replies: number[] = [];
    for (let sent = 0; sent < count; sent++)
      replies.push((await served.send({ method: verb, headers: { 'x-api-key': key } })).status);
    return replies;
  }

  it('lets a burst pass, then as many as the rate adds', async () => {
    await start({ Throttle: { RateLimit: 2, BurstLimit: 3 } });

    const burst = await statuses(4);
    now += 500;
    const oneMore = await statuses(2);
    now += 60_000;
    const full = await statuses(4);

    expect(burst).toEqual([200, 200, 200, 429]);
    expect(oneMore).toEqual([200, 429]);
    expect(full).toEqual([200, 200, 200, 429]);
  });

  it('counts each key separately', async () => {
    await start(
      { Throttle: { RateLimit: 1, BurstLimit: 1 } },
      {},
      resource('ApiKey', 'Key2', { Enabled: true, Value: 'second' }),
      resource('UsagePlanKey', 'PlanKey2', { KeyId: 'Key2', KeyType: 'API_KEY', UsagePlanId: 'Plan' }),
    );

    expect(await statuses(2)).toEqual([200, 429]);
    expect(await statuses(2, 'second')).toEqual([200, 429]);
  });

  it('limits a single method', async () => {
    await start({
      ApiStages: [{ ApiId: API_ID, Stage: 'prod', Throttle: { '/{store}/{id}/GET': { RateLimit: 1, BurstLimit: 1 } } }],
      Throttle: { RateLimit: 1, BurstLimit: 3 },
    });

    expect(await statuses(2, KEY, 'GET')).toEqual([200, 429]);
    expect(await statuses(4)).toEqual([200, 200, 200, 429]);
  });

  it('ends a quota for the day and begins again at midnight UTC', async () => {
    await start({ Quota: { Limit: 2, Period: 'DAY' } });

    const today = await statuses(3);
    now = Date.UTC(2026, 10, 24, 23, 59, 59, 999);
    const late = await statuses(1);
    now += 1;
    const tomorrow = await statuses(3);

    expect([today, late, tomorrow]).toEqual([[200, 200, 429], [429], [200, 200, 429]]);
  });

  it('does not count a throttled request against the quota', async () => {
    await start({ Throttle: { RateLimit: 1, BurstLimit: 1 }, Quota: { Limit: 2, Period: 'DAY' } });

    const first = await statuses(3);
    now += 1000;
    const second = await statuses(1);

    expect([first, second]).toEqual([[200, 429, 429], [200]]);
  });

  it('gives a key without a value the generated one', async () => {
    await start({}, { Value: undefined });

    expect(await statuses(1, 'generated-key')).toEqual([200]);
  });

  it.each([
    ['disabled key', {}, { Enabled: false }],
    ['key whose template does not enable it', {}, { Enabled: undefined }],
    ['plan of another stage', { ApiStages: [{ ApiId: API_ID, Stage: 'other' }] }, {}],
  ])('admits no request with a %s', async (_, plan, key) => {
    await start(plan, key);

    expect(await statuses(1)).toEqual([403]);
  });

  it('does not take the key from anywhere but its header', async () => {
    await start({});

    const reply = await served.send({ path: `/prod/dynamo/votes?x-api-key=${KEY}` });

    expect(reply.status).toBe(403);
  });

  it('ignores keys where a method needs none', async () => {
    served = await serve(api(method('Id', 'POST'), ...usagePlan({ Quota: { Limit: 0, Period: 'DAY' } })));

    expect(await statuses(1)).toEqual([200]);
  });
});

describe('a stage', () => {
  it('throttles each method for all callers together, by the most special setting', async () => {
    const now = Date.UTC(2026, 10, 24);
    const served = await serve(
      api(
        method('Id', 'POST'),
        method('Id', 'GET'),
        method('Store', 'GET'),
        resource('Stage', 'Stage', {
          StageName: 'prod',
          MethodSettings: [
            {
              ResourcePath: '/*',
              HttpMethod: '*',
              ThrottlingRateLimit: 1,
              ThrottlingBurstLimit: 2,
              MetricsEnabled: true,
            },
            { ResourcePath: '/~1{store}~1{id}', HttpMethod: 'GET', ThrottlingRateLimit: 1, ThrottlingBurstLimit: 1 },
          ],
        }),
      ),
      { clock: { ...systemClock, now: () => now } },
    );
    const statuses = async (verb: string, path: string): Promise<number[]> => {
      const replies = [];
      for (let sent = 0; sent < 3; sent++) replies.push((await served.send({ method: verb, path })).status);
      return replies;
    };

    const limited = [
      await statuses('POST', '/prod/a/b'),
      await statuses('GET', '/prod/a/b'),
      await statuses('GET', '/prod/a'),
    ];
    await served.close();

    expect(limited).toEqual([
      [200, 200, 429],
      [200, 429, 429],
      [200, 200, 429],
    ]);
  });
});

describe('a token bucket', () => {
  it('gains nothing from a clock that is set back', () => {
    let now = 10_000;
    const bucket = new TokenBucket(1, 1, () => now);
    bucket.take();

    now = 0;
    const whileBack = bucket.take();
    now = 1000;
    const afterASecond = bucket.take();

    expect([whileBack, afterASecond]).toEqual([false, true]);
  });

  it('adds up fractions of a token', () => {
    let now = 0;
    const bucket = new TokenBucket(0.5, 1, () => now);
    bucket.take();

    const taken = Array.from({ length: 4 }, () => {
      now += 1000;
      return bucket.take();
    });

    expect(taken).toEqual([false, true, false, true]);
  });
});

describe('a quota', () => {
  it.each([
    ['WEEK', 0, '2026-11-28T23:59:59Z', '2026-11-29T00:00:00Z'],
    ['WEEK', 1, '2026-11-29T23:59:59Z', '2026-11-30T00:00:00Z'],
    ['MONTH', 0, '2026-11-30T23:59:59Z', '2026-12-01T00:00:00Z'],
    ['MONTH', 14, '2026-12-14T23:59:59Z', '2026-12-15T00:00:00Z'],
  ] as const)('by %s with offset %i lasts until %s', (period, offset, last, next) => {
    let now = Date.parse('2026-11-24T12:00:00Z');
    const quota = new Quota({ limit: 1, offset, period }, () => now);
    quota.take();

    now = Date.parse(last);
    const atLast = quota.take();
    now = Date.parse(next);
    const atNext = quota.take();

    expect([atLast, atNext]).toEqual([false, true]);
  });
});
