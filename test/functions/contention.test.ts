import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { checkExactness, recordHistory, type Verdict } from '../../compare/exactness';
import type { CounterStore } from '../../functions/counter-store';
import { momentoClient, momentoCredentials } from '../../functions/momento/client';
import { momentoCounterStore } from '../../functions/momento/store';
import type { MomentoStrategy } from '../../functions/momento/strategies';
import { startMomento } from 'stand-ins/momento';
import { describeOnRealServer } from '../real-server';
import { reachReal, resultOf, type Server, startEmbedded, valueOf } from './fault-matrix';
import { startFaultProxy } from './fault-proxy';
import { loopback, STORES } from './stores-under-fault';

/** Takes one line of JSON for each measurement: `npm run reliability` makes a table of them, and measures more. */
const REPORT = process.env['RELIABILITY_REPORT'];

const CALLERS = 64;
const INCREMENTS = REPORT ? 5 : 1;
const LIMIT = String(10 * CALLERS * INCREMENTS);
/** Half of the round trip to a store that is 2 ms away. */
const DELAY_MS = 1;

/** What it took to count on one counter. */
interface Measurement {
  readonly verdict: Verdict;
  /** Calls of the store, repetitions of those that were surely not applied included. */
  readonly calls: number;
  readonly seconds: number;
}

/** 64 callers increment one counter until each has counted, repeating what was surely not applied. */
async function countTogether(store: CounterStore, direct: CounterStore, id: string): Promise<Measurement> {
  const recorder = recordHistory();
  const begun = performance.now();
  let calls = 0;
  const untilApplied = async (caller: number): Promise<void> => {
    for (let isApplied = false; !isApplied;) {
      calls += 1;
      const call = (): ReturnType<typeof resultOf> => resultOf(store.increment(id, { max: LIMIT }));
      isApplied = (await recorder.increment(caller, call, { max: Number(LIMIT) })).status !== 'not-applied';
    }
  };
  await Promise.all(
    Array.from({ length: CALLERS }, async (_, caller) => {
      for (let increment = 0; increment < INCREMENTS; increment += 1) await untilApplied(caller);
    }),
  );
  const seconds = (performance.now() - begun) / 1000;
  await recorder.read(CALLERS, () => valueOf(direct, id));
  return { verdict: checkExactness(recorder.history()), calls, seconds };
}

function report(store: string, server: string, way: string, measurement: Measurement, attempts: number): void {
  if (!REPORT) return;
  const { verdict, calls, seconds } = measurement;
  const { counted } = verdict.counts;
  const line = { contention: store, server, way, counted, calls, attempts, seconds, broken: verdict.broken };
  appendFileSync(REPORT, `${JSON.stringify(line)}\n`);
}

/** Counts in Momento, 2 ms away. `stretch` multiplies the pauses between attempts. */
async function countInMomento(strategy: MomentoStrategy, stretch = 1): Promise<Measurement & { attempts: number }> {
  let attempts = 0;
  const server = await startMomento({
    refuse: ({ method }) => {
      if (method === 'SetIf') attempts += 1;
      return undefined;
    },
  });
  const proxy = await startFaultProxy(loopback(server.port), { delayMs: DELAY_MS });
  proxy.set('delay');
  const open = (port: number): CounterStore =>
    momentoCounterStore(
      momentoClient(() => Promise.resolve(momentoCredentials({ ...loopback(port), tls: false }))),
      {
        cacheName: 'atomic-counter',
        strategy,
        timing: { now: () => performance.now(), pause: (ms) => pause(ms * stretch), random: Math.random },
      },
    );
  const [store, direct] = [open(proxy.port), open(server.port)];
  const measurement = await countTogether(store, direct, 'hot');
  await store.close();
  await direct.close();
  await proxy.close();
  await server.close();
  return { ...measurement, attempts };
}

describe('64 callers on one counter in Momento, 2 ms away', () => {
  it('lose no update with compare-and-set, and lose some with set-if-not-equal, which the checker detects', async () => {
    const exact = await countInMomento('compare-and-set');
    const textbook = await countInMomento('set-if-not-equal');
    report('Momento', 'embedded', 'compare-and-set', exact, exact.attempts);
    report('Momento', 'embedded', 'set-if-not-equal', textbook, textbook.attempts);

    expect(exact.verdict.violations).toEqual([]);
    expect(exact.verdict.counts.counted).toBeGreaterThan(0);
    expect(textbook.verdict.isExact).toBe(false);
    expect(textbook.verdict.broken.distinct).toBeGreaterThan(0);
    expect(textbook.verdict.violations.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/read .* after \d+ acknowledged increments from 0: \d+ are lost/),
    );
  }, 120_000);

  (REPORT ? it.each([1 / 16, 1 / 4, 1 / 2, 2, 4]) : it.skip.each([1]))(
    'need other numbers of attempts with pauses of %d times the length (measured by npm run reliability)',
    async (stretch) => {
      const measurement = await countInMomento('compare-and-set', stretch);
      const bounds = `${64 * stretch}–${512 * stretch} ms`;
      report('Momento', 'embedded', `pauses ${bounds}`, measurement, measurement.attempts);

      expect(measurement.verdict.violations).toEqual([]);
    },
    120_000,
  );
});

describe('64 callers on one row in TiDB, 2 ms away', () => {
  const countOn = async (server: Server): Promise<void> => {
    const { host, port } = server.address;
    const proxy = await startFaultProxy({ host, port }, { delayMs: DELAY_MS });
    proxy.set('delay');
    const store = STORES.tidb.open({ ...server.address, ...loopback(proxy.port) });
    const direct = STORES.tidb.open(server.address);

    const measurement = await countTogether(store, direct, `hot-${process.pid}-${Date.now()}`);
    report('TiDB', server.kind, 'one statement', measurement, measurement.calls);

    expect(measurement.verdict.violations).toEqual([]);
    expect(measurement.verdict.counts.counted).toBeGreaterThan(0);
    await store.close();
    await direct.close();
    await proxy.close();
    await server.close();
  };

  it('count on the embedded server, whatever conflicts', async () => countOn(await startEmbedded('tidb')), 120_000);

  describeOnRealServer('TIDB_URL', () => {
    it(
      'count on the real server, whatever conflicts',
      async () => countOn((await reachReal('tidb')) as Server),
      120_000,
    );
  });
});
