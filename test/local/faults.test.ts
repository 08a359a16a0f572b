import { checkExactness, recordHistory } from '../../compare/exactness';
import type { EmbeddedStore } from '../../local/stores/embedded-store';
import { type Local, startLocal } from '../../local/main';
import { type FaultProxy, startFaultProxy } from '../functions/fault-proxy';
import { loopback, STORES } from '../functions/stores-under-fault';
import { type Answer, apiClient } from './api-client';
import { type Assembly, assembly } from './assembly';

const CALLERS = 32;

/** The whole system over HTTP, its stores behind proxies. */
describe.each(['redis', 'tidb'] as const)('POST /%s/{id} while the network fails', (name) => {
  let synthesized: Assembly;
  let server: EmbeddedStore;
  let proxy: FaultProxy;
  let local: Local;
  let api: ReturnType<typeof apiClient>;

  beforeAll(async () => {
    synthesized = await assembly('unconditional');
    server = await STORES[name].start();
    proxy = await startFaultProxy(loopback(server.port));
    const storeUrls = {
      redis: { REDIS_URL: `redis://127.0.0.1:${proxy.port}` },
      tidb: { TIDB_URL: `mysql://root@127.0.0.1:${proxy.port}/atomic_counter` },
    }[name];
    local = await startLocal({ assembly: synthesized.folder, storeUrls });
    api = apiClient(local);
  }, 120_000);

  afterAll(async () => {
    api.close();
    await local.close();
    await proxy.close();
    await server.close();
    synthesized.remove();
  });

  it('answers 503 only for what was surely not counted, 504 for the rest, and counts exactly', async () => {
    const recorder = recordHistory();
    const answers: Answer[] = [];
    const call = async (caller: number): Promise<void> => {
      await recorder.increment(caller, async () => {
        const answer = await api.post(`${name}/votes`);
        answers.push(answer);
        if (answer.status === 200) return { status: 'incremented', counter: Number(answer.body?.['counter']) };
        return answer.status === 503 ? { status: 'not-applied' } : { status: 'unknown' };
      });
    };
    const everyCaller = (): Promise<void[]> =>
      Promise.all(Array.from({ length: CALLERS }, (_, caller) => call(caller)));

    await everyCaller();
    proxy.set('cut-answers');
    await everyCaller();
    await proxy.refuse();
    await everyCaller();
    await proxy.accept();
    await everyCaller();
    await call(0);
    const direct = STORES[name].open(loopback(server.port));
    await recorder.read(CALLERS, () => direct.read('votes'));
    await direct.close();

    const { violations, counts } = checkExactness(recorder.history());
    expect(violations).toEqual([]);
    expect(answers.at(-1)?.status).toBe(200);
    expect(Math.min(counts.counted, counts.notApplied, counts.unknown)).toBeGreaterThan(0);
    for (const { status, headers, body } of answers) {
      expect([200, 503, 504]).toContain(status);
      expect(headers['x-execution-arn']).toMatch(/^arn:aws:states:/);
      if (status === 503) expect([headers['retry-after'], body?.['retryable']]).toEqual([expect.any(String), true]);
      if (status === 504) expect(body?.['outcome']).toBe('unknown');
    }
  }, 120_000);
});
