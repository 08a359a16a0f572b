import { EventEmitter, once } from 'node:events';
import { counterClient, type CounterClient } from '../../client/src';
import { type Local, startLocal } from '../../local/main';
import { assembly } from '../local/assembly';
import { type Fate, type LossyProxy, startLossyProxy } from '../../tools/demo/lossy-proxy';

const STORES = ['dynamo', 'redis', 'momento', 'docdb', 'tidb'];
const LIMIT = 20;

let local: Local;
let proxy: LossyProxy;
let counters: CounterClient;
/** What becomes of the next requests; the others pass. */
let fates: Fate[] = [];
const statuses = new EventEmitter<{ status: [number] }>();

beforeAll(async () => {
  local = await startLocal({ assembly: await assembly('conditional', LIMIT) });
  proxy = await startLossyProxy(local.port, {
    fateOf: () => fates.shift() ?? 'pass',
    onAnswer: (status) => statuses.emit('status', status),
  });
  counters = counterClient({ url: proxy.url, apiKey: local.apiKey });
}, 120_000);
afterAll(async () => {
  proxy?.close();
  await local?.close();
});

describe.each(STORES)('the running system, on %s', (store) => {
  it('counts every call once, up to the limit, when they come at once', async () => {
    const results = await Promise.all(Array.from({ length: LIMIT + 5 }, () => counters.increment(store, 'at-once')));

    const counted = results.flatMap((result) =>
      result.outcome === 'incremented' || result.outcome === 'replayed' ? [result.counter] : [],
    );
    expect(counted.sort((a, b) => a - b)).toEqual(Array.from({ length: LIMIT }, (_, index) => index + 1));
    const refused = results.filter(({ outcome }) => outcome === 'limit-reached');
    expect(refused).toEqual(Array(5).fill(expect.objectContaining({ store, id: 'at-once', max: LIMIT, remaining: 0 })));
  });

  it('reads what was counted, and 0 where nothing was', async () => {
    await counters.increment(store, 'a~b:c@d.e');

    expect(await counters.read(store, 'a~b:c@d.e')).toMatchObject({ outcome: 'read', id: 'a~b:c@d.e', counter: 1 });
    expect(await counters.read(store, 'none')).toMatchObject({ outcome: 'read', counter: 0 });
  });

  it('adds all or nothing, below the lower one of two limits, and tells what remains', async () => {
    expect(await counters.increment(store, 'seats', { by: 8, max: 10 })).toMatchObject({
      outcome: 'incremented',
      counter: 8,
      by: 8,
      max: 10,
      remaining: 2,
    });
    expect(await counters.increment(store, 'seats', { by: 3, max: 10 })).toMatchObject({
      outcome: 'limit-reached',
      max: 10,
      remaining: 2,
    });
    expect(await counters.read(store, 'seats', { max: 10 })).toMatchObject({ counter: 8, max: 10, remaining: 2 });
    expect(await counters.increment(store, 'seats', { by: 2, max: 10 })).toMatchObject({ counter: 10, remaining: 0 });
    expect(await counters.increment(store, 'seats', { by: 9, max: 500 })).toMatchObject({ counter: 19, max: LIMIT });
  });

  it('leaves an answer that was lost unknown without a key', async () => {
    fates = ['lose-answer'];

    expect(await counters.increment(store, 'lost', { idempotencyKey: false })).toMatchObject({
      outcome: 'unknown',
      attempts: 1,
    });
    expect(await counters.read(store, 'lost')).toMatchObject({ counter: 1 });
  });

  it('replays an answer that was lost with a key', async () => {
    fates = ['lose-answer', 'cut-answer'];

    expect(await counters.increment(store, 'replayed')).toMatchObject({ outcome: 'replayed', counter: 1, attempts: 3 });
    expect(await counters.read(store, 'replayed')).toMatchObject({ counter: 1 });
  });

  it('counts once where a request arrives twice at once', async () => {
    fates = ['send-twice'];

    expect(await counters.increment(store, 'twice')).toMatchObject({ counter: 1 });
    expect(await counters.increment(store, 'twice')).toMatchObject({ counter: 2 });
  });

  it('takes a cut request for unknown, and counts with its repetition', async () => {
    fates = ['cut-request'];

    expect(await counters.increment(store, 'cut')).toMatchObject({ outcome: 'incremented', counter: 1, attempts: 2 });
  });

  it('counts a key of the caller’s once, whichever call brings it', async () => {
    const calls = Array.from({ length: 10 }, () => counters.increment(store, 'keyed', { idempotencyKey: 'message-1' }));

    const results = await Promise.all(calls);

    expect(results.filter(({ outcome }) => outcome === 'incremented').length).toBeLessThanOrEqual(1);
    expect(results.every((result) => 'counter' in result && result.counter === 1)).toBe(true);
    expect(await counters.read(store, 'keyed')).toMatchObject({ counter: 1 });
  });
});

describe('the running system', () => {
  it('refuses an invalid id, an unknown store and a wrong API key', async () => {
    const stranger = counterClient({ url: local.url, apiKey: 'wrong' });

    expect(await counters.increment('dynamo', 'a/b')).toMatchObject({ outcome: 'invalid', status: 400 });
    expect(await counters.increment('mysql', 'a')).toMatchObject({ outcome: 'invalid', status: 404 });
    expect(await stranger.increment('dynamo', 'a')).toMatchObject({
      outcome: 'invalid',
      status: 403,
      error: 'The header X-Api-Key must have a valid API key',
    });
  });

  it('has not counted while its store is stopped, and counts as soon as it is back', async () => {
    await local.stores.redis?.stop();
    const [status, counting] = [once(statuses, 'status'), counters.increment('redis', 'outage')];
    expect(await status).toEqual([503]);
    await local.stores.redis?.start();

    const result = await counting;

    expect(result).toMatchObject({ outcome: 'incremented', counter: 1 });
    expect(result.attempts).toBeGreaterThan(1);
  });
});
