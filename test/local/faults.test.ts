import { checkExactness, type IncrementResult, recordHistory } from '../../compare/exactness';
import type { EmbeddedStore } from 'template-runtime/worker';
import { type Local, startLocal } from '../../local/main';
import { type Fault, type FaultProxy, startFaultProxy } from '../functions/fault-proxy';
import { loopback, type StoreName, STORES } from '../functions/stores-under-fault';
import { type Answer, apiClient } from './api-client';
import { assembly } from './assembly';

const CALLERS = 32;
/** Two rounds and a half: what a fault adds without saying so, and the limit itself, come into play. */
const LIMIT = 80;

const NAMES: readonly StoreName[] = ['dynamo', 'redis', 'momento', 'docdb', 'tidb'];

/** What loses the answer to a keyed write: what compares and sets reads first. */
const LOSES_WRITES = {
  dynamo: 'cut-answers',
  redis: 'cut-answers',
  momento: 'cut-second-answers',
  docdb: 'cut-second-answers',
  tidb: 'cut-answers',
} as const satisfies Readonly<Record<StoreName, Fault>>;

interface StoreBehindProxy {
  readonly server: EmbeddedStore;
  readonly proxy: FaultProxy;
}

/** The whole system over HTTP, its stores behind proxies. */
describe.each(['unconditional', 'conditional'] as const)('POST /{store}/{id}, %s, while the network fails', (mode) => {
  const stores: Partial<Record<StoreName, StoreBehindProxy>> = {};
  let local: Local;
  let api: ReturnType<typeof apiClient>;

  const behindProxy = (name: StoreName): StoreBehindProxy => {
    const found = stores[name];
    if (!found) throw new Error(`${name} is not running`);
    return found;
  };

  beforeAll(async () => {
    for (const name of NAMES) {
      const server = await STORES[name].start();
      const { countAnswers } = STORES[name];
      const proxy = await startFaultProxy(loopback(server.port), countAnswers ? { makeCounter: countAnswers } : {});
      stores[name] = { server, proxy };
    }
    const at = (name: StoreName): string => `127.0.0.1:${behindProxy(name).proxy.port}`;
    local = await startLocal({
      assembly: await assembly(mode, LIMIT),
      storeUrls: {
        DYNAMODB_URL: `http://${at('dynamo')}`,
        REDIS_URL: `redis://${at('redis')}`,
        MOMENTO_URL: `momento://${at('momento')}`,
        DOCDB_URL: `mongodb://${at('docdb')}`,
        TIDB_URL: `mysql://root@${at('tidb')}/atomic_counter`,
      },
    });
    api = apiClient(local);
  }, 120_000);

  afterAll(async () => {
    api.close();
    await local.close();
    for (const { proxy, server } of Object.values(stores)) {
      await proxy.close();
      await server.close();
    }
  });

  it.each(NAMES)(
    'answers 503 only for what was surely not counted, 504 for the rest, and counts exactly in %s',
    async (name) => {
      const { server, proxy } = behindProxy(name);
      const recorder = recordHistory();
      const answers: Answer[] = [];
      const call = async (caller: number): Promise<void> => {
        const post = async (): Promise<IncrementResult> => {
          const answer = await api.post(`${name}/votes`);
          answers.push(answer);
          return resultOf(answer);
        };
        await recorder.increment(caller, post, { max: mode === 'conditional' ? LIMIT : undefined });
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
      const recovered = await untilApplied(() => api.post(`${name}/after-the-fault`));
      const direct = STORES[name].open(loopback(server.port));
      await recorder.read(CALLERS, () => direct.read('votes'));
      await direct.close();

      const { violations, counts } = checkExactness(recorder.history());
      expect(violations).toEqual([]);
      expect(recovered.body).toMatchObject({ counter: 1 });
      expect(counts.counted).toBeGreaterThan(0);
      expect(counts.notApplied).toBeGreaterThan(0);
      expect(counts.notApplied + counts.unknown).toBeGreaterThanOrEqual(CALLERS);
      for (const { status, headers, body } of answers) {
        expect(mode === 'conditional' ? [200, 409, 503, 504] : [200, 503, 504]).toContain(status);
        expect(headers['x-execution-arn']).toMatch(/^arn:aws:states:/);
        if (status === 503) expect([headers['retry-after'], body?.['retryable']]).toEqual([expect.any(String), true]);
        if (status === 504) expect(body?.['outcome']).toBe('unknown');
      }
    },
    60_000,
  );

  it.each(NAMES)(
    'counts each key once, and tells by a repeat what was unknown, in %s',
    async (name) => {
      const { server, proxy } = behindProxy(name);
      const recorder = recordHistory({ ownReplays: true });
      const unsettled = new Set<string>();
      const call = async (caller: number, key: string): Promise<IncrementResult> => {
        const max = mode === 'conditional' ? LIMIT : undefined;
        const post = async (): Promise<IncrementResult> => resultOf(await api.post(`${name}/keyed`, key));
        const result = await recorder.increment(caller, post, { max, key });
        if (result.status === 'unknown') unsettled.add(key);
        return result;
      };
      /** A third repeats what a neighbour sends at the same time, or sent a round before. */
      const everyCaller = (round: number): Promise<IncrementResult[]> =>
        Promise.all(
          Array.from({ length: CALLERS }, (_, caller) => {
            const isRepeat = caller % 3 === 2;
            return call(caller, isRepeat ? `${caller - 1}-${Math.max(0, round - (caller % 2))}` : `${caller}-${round}`);
          }),
        );

      await everyCaller(0);
      proxy.set(LOSES_WRITES[name]);
      await everyCaller(1);
      await proxy.refuse();
      await everyCaller(2);
      await proxy.accept();
      await everyCaller(3);
      for (const key of unsettled) await untilKnown(() => call(CALLERS, key));
      const direct = STORES[name].open(loopback(server.port));
      await recorder.read(CALLERS, () => direct.read('keyed'));
      await direct.close();

      const { violations, counts } = checkExactness(recorder.history());
      expect(violations).toEqual([]);
      expect(counts.unknown).toBeGreaterThan(0);
      expect(counts.replayed).toBeGreaterThan(0);
    },
    60_000,
  );

  it.each(NAMES)('settles by its key a call whose answer was lost: one increment, one value, in %s', async (name) => {
    const { proxy } = behindProxy(name);
    await untilApplied(() => api.post(`${name}/lost-before`));
    proxy.set(LOSES_WRITES[name]);

    const lost = await api.post(`${name}/lost`, 'order-1');
    await proxy.accept();
    const repeated = await untilApplied(() => api.post(`${name}/lost`, 'order-1'));
    const next = await api.post(`${name}/lost`, 'order-2');

    // Momento's read answers the workflow's own repeat; the other stores' is lost like the first.
    const [status, outcome] = name === 'momento' ? [200, undefined] : [504, 'unknown'];
    expect([lost.status, lost.body?.['outcome']]).toEqual([status, outcome]);
    expect([repeated.status, repeated.body?.['counter']]).toEqual([200, 1]);
    expect(repeated.headers['idempotent-replay']).toBe('true');
    expect([next.body?.['counter'], next.headers['idempotent-replay']]).toEqual([2, undefined]);
  });
});

function resultOf({ status, headers, body }: Answer): IncrementResult {
  switch (status) {
    case 200: {
      const replayed = headers['idempotent-replay'] === 'true';
      return { status: 'incremented', counter: Number(body?.['counter']), replayed };
    }
    case 409:
      return { status: 'limit-reached' };
    case 503:
      return { status: 'not-applied' };
    default:
      return { status: 'unknown' };
  }
}

/** Repeats what was surely not applied, as a client does: the first call after a fault may meet its end. */
async function untilApplied(post: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await post();
    if (answer.status !== 503 || attempt === 5) return answer;
  }
}

/** @throws Error where a key's outcome stays unknown though all is well */
async function untilKnown(repeat: () => Promise<IncrementResult>): Promise<void> {
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const { status } = await repeat();
    if (status === 'incremented' || status === 'limit-reached') return;
  }
  throw new Error('five repeats told nothing');
}
