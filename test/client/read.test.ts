import { clientOn, type CounterClient } from '../../client/src/client';
import {
  ARN,
  BAD_ID,
  FORBIDDEN,
  incremented,
  page,
  READ,
  READ_UNKNOWN,
  TARGET,
  THROTTLED,
  UNAVAILABLE,
} from './answers';
import { type ScriptedApi, startScriptedApi, type Step } from './scripted-api';
import { virtualClock } from './virtual-clock';

let api: ScriptedApi;
let counters: CounterClient;
let hang: Step;

beforeAll(async () => {
  api = await startScriptedApi();
});
afterAll(() => api.close());
beforeEach(() => {
  const clock = virtualClock();
  hang = { hang: clock.expire };
  counters = clientOn({ clock, random: () => 0.5 }, { url: api.url, apiKey: 'key-1' });
});

const read = (options?: Parameters<CounterClient['read']>[2]) => counters.read('dynamo', 'votes', options);

describe('a read', () => {
  it('gives the value, and how sure the store is of it', async () => {
    api.script(READ);

    expect(await read()).toEqual({
      outcome: 'read',
      ...TARGET,
      counter: 3,
      max: undefined,
      remaining: undefined,
      consistency: 'strong',
      attempts: 1,
      executionArn: ARN,
    });
    expect(api.received).toEqual([
      { method: 'GET', path: '/dynamo/votes', apiKey: 'key-1', idempotencyKey: undefined },
    ]);
  });

  it('asks what remains below a limit, and tells the one that holds', async () => {
    api.script({ ...READ, body: { ...READ.body, max: 10, remaining: 7 } });

    expect(await read({ max: 500 })).toMatchObject({ outcome: 'read', counter: 3, max: 10, remaining: 7 });
    expect(api.received.map(({ path }) => path)).toEqual(['/dynamo/votes?max=500']);
  });

  it.each<[string, () => Step]>([
    ['503', () => UNAVAILABLE],
    ['504', () => READ_UNKNOWN],
    ['429', () => THROTTLED],
    ['a reset connection', () => ({ cut: 'before' })],
    ['a connection that is cut within the body', () => ({ cut: 'within' })],
    ['an attempt that hangs', () => hang],
    ['a proxy’s page', () => page(502)],
    ['an increment’s answer', () => incremented()],
    [
      'a counter that is no exact number',
      () => ({ ...READ, body: { ...TARGET, counter: 0.5, consistency: 'strong' } }),
    ],
    ['a remainder that is a text', () => ({ ...READ, body: { ...READ.body, max: 10, remaining: '7' } })],
    ['an unknown consistency', () => ({ ...READ, body: { ...TARGET, counter: 1, consistency: 'some' } })],
  ])('is repeated after %s', async (_, step) => {
    api.script(step(), READ);

    expect(await read()).toMatchObject({ outcome: 'read', counter: 3, attempts: 2 });
  });

  it('is unavailable when the deadline came first', async () => {
    api.script(READ_UNKNOWN);

    expect(await read({ deadlineMs: 1_000 })).toMatchObject({
      outcome: 'unavailable',
      error: 'The store did not answer: the counter could not be read',
    });
  });

  it.each<[Step, number]>([
    [BAD_ID, 400],
    [FORBIDDEN, 403],
  ])('is invalid where the API refuses it, whatever came before', async (refusal, status) => {
    api.script(READ_UNKNOWN, refusal);

    expect(await read()).toMatchObject({ outcome: 'invalid', status, attempts: 2 });
  });

  it('of an id that no URL can name is invalid, and not sent', async () => {
    api.script(READ);

    expect(await counters.read('dynamo', '..')).toMatchObject({ outcome: 'invalid', attempts: 0 });
    expect(api.received).toEqual([]);
  });

  it('rejects with the reason of its signal', async () => {
    const stopped = new AbortController();
    api.script({ hang: () => stopped.abort('closed') });

    await expect(read({ signal: stopped.signal })).rejects.toBe('closed');
  });
});
