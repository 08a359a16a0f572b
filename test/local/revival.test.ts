import { once } from 'node:events';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Worker } from 'node:worker_threads';
import { type Local, startLocal } from '../../local/main';
import { apiClient } from './api-client';
import { assembly } from './assembly';

const STORES = ['dynamo', 'redis', 'momento', 'docdb', 'tidb'];

describe('a store whose thread has died', () => {
  const workers: Worker[] = [];
  const keep = (message: unknown): void => void workers.push((message as { worker: Worker }).worker);
  let local: Local;
  let api: ReturnType<typeof apiClient>;

  beforeAll(async () => {
    subscribe('worker_threads', keep);
    local = await startLocal({ assembly: await assembly('unconditional') });
    api = apiClient(local);
  }, 120_000);

  afterAll(async () => {
    unsubscribe('worker_threads', keep);
    api.close();
    await local.close();
  });

  it.each(STORES)('is reported, answers 503, and counts from 1 once it is started again: %s', async (store) => {
    const told = jest.spyOn(console, 'error').mockImplementation();
    const thread = workers[STORES.indexOf(store)]; // the stores' threads are the first, in their order
    await api.post(`${store}/votes`);
    const ended = thread && once(thread, 'exit');

    await thread?.terminate();
    await ended;
    await api.call('/_local/stores', { method: 'GET' }); // by the end of it the runtime has seen its connections cut
    const during = await api.post(`${store}/votes`);
    const answer = await api.call(`/_local/stores/${store}/start`);
    const after = await api.post(`${store}/votes`);

    expect(told.mock.calls).toContainEqual([
      `The ${store} store failed: its thread ended with code 1. Start it again: npm run store -- start ${store}`,
    ]);
    expect(during.status).toBe(503);
    expect(answer.body).toEqual({ message: `${store} is running` });
    expect(after.body).toMatchObject({ counter: 1 });
    told.mockRestore();
  });
});
