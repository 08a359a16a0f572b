import { clientOn, type CounterClient } from '../../client/src/client';
import {
  ARN,
  BAD_ID,
  FORBIDDEN,
  NO_KEY,
  incremented,
  incrementedBelow,
  LIMIT_REACHED,
  NO_ROOM,
  NO_STORE,
  page,
  replayed,
  TARGET,
  THROTTLED,
  TWO_REMAIN,
  UNAVAILABLE,
  UNKNOWN,
} from './answers';
import { type ScriptedApi, startScriptedApi, type Step } from './scripted-api';
import { BEGIN, type VirtualClock, virtualClock } from './virtual-clock';

let api: ScriptedApi;
let clock: VirtualClock;
let counters: CounterClient;
let hang: Step;

beforeAll(async () => {
  api = await startScriptedApi();
});
afterAll(() => api.close());
beforeEach(() => {
  clock = virtualClock();
  hang = { hang: clock.expire };
  counters = clientOn({ clock, random: () => 0.5 }, { url: `${api.url}/`, apiKey: 'key-1' });
});

const increment = (options?: Parameters<CounterClient['increment']>[2]) =>
  counters.increment('dynamo', 'votes', options);
const without = { idempotencyKey: false } as const;

describe('an increment that is answered at once', () => {
  it('has counted, and tells which counter, execution and key', async () => {
    api.script(incremented(7));

    const result = await increment();

    expect(result).toEqual({
      outcome: 'incremented',
      ...TARGET,
      counter: 7,
      by: 1,
      useConditionalWrites: true,
      max: undefined,
      remaining: undefined,
      attempts: 1,
      executionArn: ARN,
      idempotencyKey: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    });
    expect(api.received).toEqual([
      { method: 'POST', path: '/dynamo/votes', apiKey: 'key-1', idempotencyKey: result.idempotencyKey },
    ]);
  });

  it.each([
    [{ by: 4 }, '?by=4'],
    [{ max: 500 }, '?max=500'],
    [{ max: 500, by: 4 }, '?max=500&by=4'],
    [{ max: Number.MAX_SAFE_INTEGER, by: 1_000_000 }, '?max=9007199254740991&by=1000000'],
    [{ max: undefined, by: undefined }, ''],
  ])('asks for %j in its query', async (options, query) => {
    api.script(incremented());

    await increment(options);

    expect(api.received.map(({ path }) => path)).toEqual([`/dynamo/votes${query}`]);
  });

  it('tells its step, the limit that held, and what remains below it', async () => {
    api.script(incrementedBelow({ max: 500, remaining: 492 }, 8));

    expect(await increment({ max: 600, by: 4 })).toMatchObject({ counter: 8, by: 4, max: 500, remaining: 492 });
  });

  it('knows no remainder where the counter is striped', async () => {
    api.script(incrementedBelow({ max: 500 }));

    expect(await increment()).toMatchObject({ outcome: 'incremented', max: 500, remaining: undefined });
  });

  it('has met the limit', async () => {
    api.script(LIMIT_REACHED);

    expect(await increment({ idempotencyKey: 'mine' })).toEqual({
      outcome: 'limit-reached',
      error: 'Counter has reached its maximum value of: 10',
      ...TARGET,
      useConditionalWrites: true,
      max: 10,
      remaining: 0,
      attempts: 1,
      executionArn: ARN,
      idempotencyKey: 'mine',
    });
  });

  it('was too much for what remains', async () => {
    api.script(TWO_REMAIN);

    expect(await increment({ by: 3 })).toMatchObject({ outcome: 'limit-reached', max: 10, remaining: 2 });
  });

  it('may be refused without being told what remains', async () => {
    const { error, useConditionalWrites } = { error: 'Counter has reached its maximum …', useConditionalWrites: true };
    api.script({ status: 409, body: { error, ...TARGET, useConditionalWrites, max: 10 } });

    expect(await increment()).toMatchObject({ outcome: 'limit-reached', max: 10, remaining: undefined });
  });

  it.each([
    ['an invalid id', BAD_ID, 400, 'id must be …'],
    ['a wrong API key', NO_KEY, 403, 'The header X-Api-Key must have a valid API key'],
    ['a URL outside of the API', FORBIDDEN, 403, 'Forbidden'],
    ['a store that is not deployed', NO_STORE, 404, 'Unknown store'],
  ])('is invalid for %s, and not repeated', async (_, answer, status, error) => {
    api.script(answer);

    expect(await increment()).toMatchObject({ outcome: 'invalid', status, error, attempts: 1 });
  });

  it('takes another key for the next call, the caller’s as it is, or none', async () => {
    api.script(incremented());

    await increment();
    await increment();
    await increment({ idempotencyKey: 'A.z_~:@-9' });
    await increment(without);

    const [first, second, ...others] = api.received.map(({ idempotencyKey }) => idempotencyKey);
    expect(first).not.toBe(second);
    expect(others).toEqual(['A.z_~:@-9', undefined]);
  });

  it('keeps the characters of an id', async () => {
    api.script(({ path }) => ({
      status: 200,
      body: { store: 'dynamo', id: decodeURIComponent(path.slice(8)), counter: 1, useConditionalWrites: false },
    }));

    for (const id of ['a~b:c@d.e_f-g', '...', '.a', 'a/b?c#d', 'ä €', '%2e', '+']) {
      expect(await counters.increment('dynamo', id)).toMatchObject({ outcome: 'incremented', id });
    }
  });
});

describe('with a key', () => {
  it.each<[string, Step]>([
    ['503', UNAVAILABLE],
    ['503, no room for the key', NO_ROOM],
    ['429', THROTTLED],
    ['504', UNKNOWN],
    ['a reset connection', { cut: 'before' }],
    ['a connection that is cut within the body', { cut: 'within' }],
    ['a proxy’s page, 502', page(502)],
    ['a proxy’s page, 429', page(429)],
    ['a page, 200', page(200)],
    ['a counter that is no exact number', incremented(2 ** 53)],
    ['a counter that is a text', incremented('7')],
    ['a limit that is a text', incrementedBelow({ max: '500', remaining: 493 })],
    ['a limit that is no exact number', incrementedBelow({ max: 2 ** 53, remaining: 1 })],
    ['a remainder that is a text', incrementedBelow({ max: 500, remaining: '493' })],
    ['a remainder of no limit', incrementedBelow({ remaining: 493 })],
    ['half an answer', { status: 200, body: '{"store":"dynamo","id":"votes","counter":' }],
    ['another counter’s answer', { status: 200, body: { ...TARGET, id: 'x', counter: 1, useConditionalWrites: true } }],
  ])('%s is repeated with the same key', async (_, step) => {
    api.script(step, replayed(4));

    const result = await increment({ deadlineMs: 60_000 });

    expect(result).toMatchObject({ outcome: 'replayed', counter: 4, attempts: 2 });
    expect(api.received.map(({ idempotencyKey }) => idempotencyKey)).toEqual(Array(2).fill(result.idempotencyKey));
  });

  it('an attempt that hangs is given up, and repeated', async () => {
    api.script(hang, replayed());

    expect(await increment()).toMatchObject({ outcome: 'replayed', attempts: 2 });
    expect(clock.now).toBe(16_000 + 51);
  });

  it.each<[string, Step, object]>([
    ['counts', incremented(5), { outcome: 'incremented', counter: 5 }],
    ['had counted', replayed(5), { outcome: 'replayed', counter: 5 }],
    // Had it counted, this were its replay; and a copy still under way meets the same limit.
    ['meets the limit', LIMIT_REACHED, { outcome: 'limit-reached' }],
  ])('an unknown attempt is settled by the next one that %s', async (_, settling, result) => {
    api.script(UNKNOWN, UNAVAILABLE, settling);

    expect(await increment()).toMatchObject({ ...result, attempts: 3 });
  });

  it.each<[string, Step]>([
    ['503', UNAVAILABLE],
    ['429', THROTTLED],
    // Another version of the deployment may have taken the first one.
    ['400', BAD_ID],
    ['403', FORBIDDEN],
    ['404', NO_STORE],
  ])('an unknown attempt stays unknown after %s', async (_, step) => {
    api.script(UNKNOWN, step);

    expect(await increment()).toMatchObject({
      outcome: 'unknown',
      error: expect.stringMatching(/^An earlier attempt may have counted\. The last: /) as string,
    });
  });

  it('every attempt asks for the same step and limit', async () => {
    api.script(UNKNOWN, UNAVAILABLE, replayed());

    await increment({ max: 500, by: 4 });

    expect(api.received.map(({ path }) => path)).toEqual(Array(3).fill('/dynamo/votes?max=500&by=4'));
  });

  it('was not applied if every attempt was refused', async () => {
    api.script(THROTTLED, NO_ROOM, UNAVAILABLE);

    expect(await increment({ deadlineMs: 60_000 })).toMatchObject({
      outcome: 'not-applied',
      error: 'Store dynamo is unavailable: the counter was not incremented',
      executionArn: ARN,
    });
  });

  it.each([301, 302, 307, 308, 404, 405, 410])('a page with %d is unknown, and not repeated', async (status) => {
    api.script({ ...page(status), headers: { Location: `${api.url}/dynamo/votes` } });

    expect(await increment()).toMatchObject({
      outcome: 'unknown',
      error: `Status ${status} with a body that isn't the API's`,
      attempts: 1,
    });
    expect(api.received).toHaveLength(1);
  });
});

describe('without a key', () => {
  it('repeats what surely did not count', async () => {
    api.script(UNAVAILABLE, THROTTLED, incremented(1));

    expect(await increment(without)).toMatchObject({ outcome: 'incremented', attempts: 3, idempotencyKey: undefined });
  });

  it.each<[string, () => Step]>([
    ['504', () => UNKNOWN],
    ['a reset connection', () => ({ cut: 'before' })],
    ['a connection that is cut within the body', () => ({ cut: 'within' })],
    ['an attempt that hangs', () => hang],
    ['a proxy’s 503', () => page(503)],
    ['a proxy’s 429', () => page(429)],
    ['503 without retryable', () => ({ status: 503, body: { error: 'x' } })],
    ['a page, 200', () => page(200)],
  ])('never repeats %s: it is unknown', async (_, step) => {
    api.script(UNAVAILABLE, step(), incremented());

    expect(await increment(without)).toMatchObject({ outcome: 'unknown', attempts: 2 });
    expect(api.received).toHaveLength(2);
  });

  it('was not applied if the deadline came first', async () => {
    api.script(UNAVAILABLE);

    expect(await increment(without)).toMatchObject({ outcome: 'not-applied' });
  });
});

describe('the pauses', () => {
  it('are anywhere below a ceiling that doubles up to 5 s', async () => {
    api.script(UNKNOWN);

    await increment({ deadlineMs: 20_000 });

    expect(clock.pauses).toEqual([51, 101, 201, 401, 801, 1601, 2501, 2501, 2501, 2501, 2501, 2501]);
  });

  it('are added to Retry-After, in seconds', async () => {
    api.script(UNAVAILABLE, incremented());

    await increment();

    expect(clock.pauses).toEqual([1_051]);
  });

  it('are added to Retry-After, until a date', async () => {
    const date = new Date(BEGIN + 9_000).toUTCString();
    api.script({ ...UNAVAILABLE, headers: { 'Retry-After': date } }, incremented());

    await increment();

    expect(clock.pauses).toEqual([9_051]);
  });

  it('are not begun where Retry-After ends after the deadline', async () => {
    api.script(NO_ROOM);

    expect(await increment()).toMatchObject({ outcome: 'not-applied', attempts: 1 });
    expect(clock.now).toBe(0);
  });

  it('send nothing any more where they end late', async () => {
    const wait = (ms: number): Promise<void> => Promise.resolve(clock.advance(ms + 60_000));
    counters = clientOn({ clock: { ...clock, wait }, random: () => 0.5 }, { url: api.url, apiKey: 'k' });
    api.script(UNAVAILABLE);

    expect(await increment()).toMatchObject({ outcome: 'not-applied', attempts: 1 });
  });

  it('leave the last attempt the time that is left', async () => {
    api.script(hang);

    expect(await increment({ deadlineMs: 20_000 })).toMatchObject({
      outcome: 'unknown',
      attempts: 2,
      error: 'No answer within 3949 ms',
    });
    expect(clock.now).toBe(20_000);
  });
});

describe('a signal', () => {
  it('that has aborted sends nothing', async () => {
    api.script(incremented());

    await expect(increment({ signal: AbortSignal.abort('no more') })).rejects.toBe('no more');
    expect(api.received).toEqual([]);
  });

  it('ends an attempt under way, and the call rejects with its reason as fetch does', async () => {
    const stopped = new AbortController();
    api.script({ hang: () => stopped.abort('closed') });

    await expect(increment({ signal: stopped.signal })).rejects.toBe('closed');
    expect(api.received).toHaveLength(1);
  });

  it('ends a pause', async () => {
    const stopped = new AbortController();
    const wait = (): Promise<void> => Promise.resolve(stopped.abort('closed'));
    counters = clientOn({ clock: { ...clock, wait }, random: () => 0.5 }, { url: api.url, apiKey: 'k' });
    api.script(UNAVAILABLE);

    await expect(increment({ signal: stopped.signal })).rejects.toBe('closed');
    expect(api.received).toHaveLength(1);
  });

  it('that never aborts keeps no listeners', async () => {
    const { signal } = new AbortController();
    const added = jest.spyOn(signal, 'addEventListener');
    const removed = jest.spyOn(signal, 'removeEventListener');
    api.script(UNKNOWN, incremented());

    await increment({ signal });

    expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(
      added.mock.calls.map(([, listener]) => listener),
    );
  });
});

describe('what is refused before it is sent', () => {
  it.each([
    ['dynamo', ''],
    ['dynamo', '.'],
    ['dynamo', '..'],
    ['dynamo', 'a\ud800'],
    ['..', 'votes'],
  ])('%j/%j, which no URL can name', async (store, id) => {
    expect(await counters.increment(store, id)).toMatchObject({
      outcome: 'invalid',
      status: undefined,
      error: expect.stringMatching(/^Not to be sent in a URL: "/) as string,
      attempts: 0,
    });
  });

  it.each(['', ' ', 'a b', 'a,b', 'ä', 'x'.repeat(65), 'a\r\nX: y'])('the key %j, in the API’s words', async (key) => {
    api.script(incremented());

    expect(await increment({ idempotencyKey: key })).toMatchObject({
      outcome: 'invalid',
      error: `Idempotency-Key must be 1 to 64 of the characters A-Z a-z 0-9 . _ ~ : @ -, got ${
        key.length > 64 ? `"${key.slice(0, 64)}"... (${key.length} characters)` : JSON.stringify(key)
      }`,
      attempts: 0,
      idempotencyKey: key,
    });
    expect(api.received).toEqual([]);
  });
});

it('says why there was no answer', async () => {
  const gone = await startScriptedApi();
  gone.close();
  counters = clientOn({ clock, random: () => 0.5 }, { url: gone.url, apiKey: 'k' });

  expect(await increment(without)).toMatchObject({
    outcome: 'unknown',
    error: expect.stringMatching(/^No answer: fetch failed \(connect ECONNREFUSED/) as string,
  });
});
