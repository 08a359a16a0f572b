import { decodeFromCompressedBase64, type Histogram } from 'hdr-histogram-js';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkExactness } from '../../../compare/exactness';
import { readHistoryFile } from '../../../compare/exactness/history-file';
import {
  type Generator,
  type Job,
  type JobResult,
  measureCeiling,
  type ModuleTarget,
  startGenerator,
} from '../../../compare/load';
import { type Answering, type CounterServer, exactly, startCounterServer } from './counter-server';

let generator: Generator;
let servers: CounterServer[] = [];

beforeAll(async () => {
  generator = await startGenerator();
});
afterAll(() => generator.close());
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

async function serve(answering: Answering): Promise<CounterServer> {
  const server = await startCounterServer(answering);
  servers.push(server);
  return server;
}

/** A minute at most, unless the number of calls ends it. */
const job = ({ target }: CounterServer, rest: Partial<Job> = {}): Job => ({
  target,
  load: { kind: 'closed', concurrency: 8 },
  ids: ['votes'],
  warmUpMs: 0,
  durationMs: 60_000,
  calls: 200,
  ...rest,
});

const histogramOf = ({ histogram }: JobResult): Histogram => decodeFromCompressedBase64(histogram);

describe('a closed loop', () => {
  it('records each call exactly once, and has as many open as callers', async () => {
    let open = 0;
    let mostOpen = 0;
    const server = await serve(async ({ count, answer }) => {
      mostOpen = Math.max(mostOpen, (open += 1));
      await new Promise(setImmediate);
      open -= 1;
      answer(200, { counter: count() });
    });

    const round = await generator.run(job(server, { ids: ['a', 'b/c'], calls: 201 }));

    expect(round.outcomes).toEqual({ ...none, incremented: 201 });
    expect(round.verdict).toMatchObject({ isExact: true, violations: [], broken: {} });
    expect(round.verdict.counts).toMatchObject({ attempted: 201, counted: 201 });
    expect(Object.fromEntries(server.counters)).toEqual({ a: 101, 'b/c': 100 });
    expect(histogramOf(round).totalCount).toBe(201);
    expect(mostOpen).toBeLessThanOrEqual(8);
    expect(round.invalid).toBeUndefined();
  });

  it('measures a call also where the first takes longer than all the time there is', async () => {
    const server = await serve(async ({ count, answer }) => {
      const counter = count();
      if (counter === 1) await new Promise((resolve) => setTimeout(resolve, 300));
      answer(200, { counter });
    });

    const load = { kind: 'closed', concurrency: 1 } as const;
    const round = await generator.run(job(server, { load, warmUpMs: 50, durationMs: 50, calls: 1000 }));

    expect(round.outcomes).toMatchObject({ incremented: 1 });
  });

  it('judges the calls of the warm-up, and measures the others', async () => {
    const server = await serve(exactly);

    const round = await generator.run(job(server, { warmUpMs: 200, calls: 50 }));

    expect(round.outcomes.incremented).toBe(50);
    expect(histogramOf(round).totalCount).toBe(50);
    expect(round.verdict.isExact).toBe(true);
    expect(round.verdict.counts.counted).toBe(server.arrived());
    expect(server.arrived()).toBeGreaterThan(50);
  });
});

const none = { incremented: 0, limitReached: 0, notApplied: 0, unknown: 0, throttled: 0, failed: 0 };

const moduleTarget = (options: Readonly<Record<string, unknown>>): ModuleTarget => ({
  kind: 'module',
  file: path.join(__dirname, 'fixtures', 'counter.cjs'),
  options,
});

describe('an open loop', () => {
  const RATE = { kind: 'open', ratePerSecond: 200 } as const;

  it('sends what is planned, whatever is still open, and counts from the planned time', async () => {
    let release = (): void => undefined;
    const stall = new Promise<void>((resolve) => (release = resolve));
    const server = await serve(async ({ number, count, answer }) => {
      if (number === 60) release();
      if (number > 20) await stall;
      answer(200, { counter: count() });
    });

    const round = await generator.run(job(server, { load: RATE }));

    expect(round.outcomes).toEqual({ ...none, incremented: 200 });
    expect(round.verdict.isExact).toBe(true);
    expect(round.invalid).toBeUndefined();
    // The stall ends with a call that is planned 195 ms after the first it met: 20 calls in 200 wait for 100 ms and more.
    expect(histogramOf(round).getValueAtPercentile(91)).toBeGreaterThanOrEqual(95_000);
  });

  it('counts a delay of its own in every call that was planned meanwhile, where a closed loop shows one call', async () => {
    const blocked = {
      target: moduleTarget({ blocksAt: 21 }),
      ids: ['votes'],
      warmUpMs: 0,
      durationMs: 60_000,
      calls: 200,
    };

    const { sentLateMs, ...round } = await generator.run({ ...blocked, load: RATE });
    const open = histogramOf(round);
    const closed = histogramOf(await generator.run({ ...blocked, load: { kind: 'closed', concurrency: 1 } }));

    expect([open.totalCount, closed.totalCount]).toEqual([200, 200]);
    expect(open.getValueAtPercentile(91)).toBeGreaterThanOrEqual(95_000);
    expect(sentLateMs).toBeGreaterThanOrEqual(180);
    expect(closed.maxValue).toBeGreaterThanOrEqual(199_000);
    expect(closed.getValueAtPercentile(90)).toBeLessThan(95_000);
  });

  it('ends before it opens more calls than it may, and says so', async () => {
    const server = await serve(({ count }) => void count());

    const round = await generator.run(job(server, { load: { kind: 'open', ratePerSecond: 500 }, maxOpen: 30 }));

    expect(round.outcomes).toEqual({ ...none, unknown: 30 });
    expect(round.verdict.isExact).toBe(true);
    expect(round.invalid).toBe("30 calls were open at once: the system doesn't keep up with 500 a second");
  });
});

describe('what an answer means', () => {
  it('tells throttled calls, which were not applied and make the round invalid', async () => {
    const server = await serve(({ number, count, answer }) => {
      if (number % 4 === 0) answer(429, { message: 'Too Many Requests' });
      else answer(200, { counter: count() });
    });

    const round = await generator.run(job(server));

    expect(round.outcomes).toEqual({ ...none, incremented: 150, throttled: 50 });
    expect(round.verdict).toMatchObject({ isExact: true, counts: { counted: 150, notApplied: 50, unknown: 0 } });
    expect(histogramOf(round).totalCount).toBe(150);
    expect(round.invalid).toBe('50 of 200 calls throttled (429)');
  });

  it('takes 429 of a rate limiter for its limit, where it says so', async () => {
    const server = await serve(({ id, counters, count, answer }) => {
      if ((counters.get(id) ?? 0) < 20) answer(200, { counter: count() });
      else answer(429, { error: 'limit reached' });
    });
    const target = { ...server.target, statuses: { limitReached: [429] } };

    const round = await generator.run(job(server, { target, limit: 20, ids: ['a', 'b'] }));

    expect(round.outcomes).toEqual({ ...none, incremented: 40, limitReached: 160 });
    expect(round.verdict).toMatchObject({ isExact: true, counts: { counted: 40, refused: 160 } });
    expect(round.invalid).toBeUndefined();
  });

  it('takes 503 for not applied only where the answer says that it may be repeated', async () => {
    const server = await serve(({ number, count, answer }) => {
      if (number <= 10) answer(503, { error: 'unavailable', retryable: true });
      else if (number <= 20) answer(503, { error: 'unavailable' });
      else if (number <= 30) answer(504, { error: 'unknown' });
      else answer(200, { counter: count() });
    });

    const round = await generator.run(job(server, { calls: 100 }));

    expect(round.outcomes).toEqual({ ...none, incremented: 70, notApplied: 10, unknown: 20 });
    expect(round.verdict.isExact).toBe(true);
  });

  it('proves nothing by what it does not understand', async () => {
    const server = await serve(({ number, count, answer }) => {
      const counter = count();
      if (number === 3) answer(403, { message: 'Forbidden' });
      else if (number === 4) answer(200, { total: counter });
      else answer(200, { counter });
    });

    const round = await generator.run(job(server, { calls: 10 }));

    expect(round.outcomes).toEqual({ ...none, incremented: 8, failed: 2 });
    expect(round.verdict).toMatchObject({ isExact: true, counts: { counted: 8, unknown: 2 } });
    expect(round.invalid).toMatch(/^2 of 10 calls failed \((403 \{"message":"Forbidden"\}|200 \{"total":4\})\)$/);
  });

  it('takes an answer that was lost for unknown, and one that could not be asked for not applied', async () => {
    const server = await serve(({ number, response, count, answer }) => {
      const counter = count();
      if (number % 10 === 0) response.destroy();
      else answer(200, { counter });
    });

    const lost = await generator.run(job(server));
    await server.close();
    servers = [];
    const refused = await generator.run(job(server, { calls: 20 }));

    expect(lost.outcomes).toEqual({ ...none, incremented: 180, unknown: 20 });
    expect(lost.verdict.isExact).toBe(true);
    expect(server.counters.get('votes')).toBe(200);
    expect(refused.outcomes).toEqual({ ...none, notApplied: 20 });
    expect(refused.invalid).toMatch(/^20 of 20 calls not applied \(connect ECONNREFUSED 127\.0\.0\.1:\d+\)$/);
  });

  it('takes a call that had no answer in time for unknown', async () => {
    const server = await serve(({ number, count, answer }) => {
      const counter = count();
      if (number !== 5) answer(200, { counter });
    });

    const round = await generator.run(job(server, { calls: 50, timeoutMs: 1500 }));

    expect(round.outcomes).toEqual({ ...none, incremented: 49, unknown: 1 });
    expect(round.verdict.isExact).toBe(true);
  });

  it('sends each call a key of its own', async () => {
    const keys = new Set<unknown>();
    const server = await serve(({ request, count, answer }) => {
      keys.add(request.headers['idempotency-key']);
      answer(200, { counter: count() });
    });

    await generator.run(job(server, { target: { ...server.target, keyHeader: 'Idempotency-Key' } }));

    expect(keys.size).toBe(200);
    for (const key of keys) expect(key).toMatch(/^[A-Za-z0-9._~:@-]{1,64}$/);
  });

  it('counts a replay as its call, and takes a counter that has no room for a key for not applied', async () => {
    const server = await serve(({ number, count, response, answer }) => {
      if (number > 150) {
        return answer(503, { error: 'The counter has no room for another idempotency key', retryable: true });
      }
      if (number % 10 === 0) response.setHeader('Idempotent-Replay', 'true');
      answer(200, { counter: count() });
    });

    const round = await generator.run(job(server, { target: { ...server.target, keyHeader: 'Idempotency-Key' } }));

    expect(round.outcomes).toEqual({ ...none, incremented: 150, notApplied: 50 });
    expect(round.verdict).toMatchObject({ isExact: true, counts: { counted: 150, notApplied: 50 } });
    expect(round.invalid).toMatch(/^50 of 200 calls not applied \(503 .*no room/);
  });
});

describe('the verdict', () => {
  it('holds a limit against the counters, which are exact where they are atomic', async () => {
    const server = await serve(({ id, counters, count, answer }) => {
      const counter = counters.get(id) ?? 0;
      if (counter < 15) answer(200, { counter: count() });
      else answer(409, { error: 'limit reached', counter });
    });

    const round = await generator.run(job(server, { limit: 15, ids: ['a', 'b', 'c'] }));

    expect(round.outcomes).toEqual({ ...none, incremented: 45, limitReached: 155 });
    expect(histogramOf(round).totalCount).toBe(200);
    expect(round.verdict.isExact).toBe(true);
  });

  it('finds a counter that reads, waits and writes, and names the calls that show it', async () => {
    const server = await serve(async ({ id, counters, answer }) => {
      const counter = (counters.get(id) ?? 0) + 1;
      await new Promise(setImmediate);
      counters.set(id, counter);
      answer(200, { counter });
    });

    const { outcomes, verdict } = await generator.run(job(server, { ids: ['votes', 'likes'] }));

    expect(outcomes.incremented).toBe(200);
    expect(verdict.isExact).toBe(false);
    expect(verdict.broken.distinct).toBeGreaterThan(0);
    expect(verdict.violations.length).toBeLessThanOrEqual(5);
    expect(verdict.violations[0]?.rule).toBe('distinct');
    expect(verdict.violations[0]?.message).toMatch(
      /^counter "(votes|likes)": \d+ was returned twice, to client \d's increment .* and to client \d/,
    );
  });

  it('begins at the values that the counters have', async () => {
    const server = await serve(({ id, counters, count, answer }) => {
      if (!counters.has(id)) for (let value = 0; value < 41; value += 1) count();
      answer(200, { counter: count() });
    });

    const told = await generator.run(job(server, { starts: { votes: 41 } }));
    const wrong = await generator.run(job(server, { starts: {} }));
    const learned = await generator.run(job(server, { ids: ['votes', 'likes'], starts: 'learned' }));

    expect([told.verdict.isExact, wrong.verdict.isExact, learned.verdict.isExact]).toEqual([true, false, true]);
    expect(learned.outcomes.incremented).toBe(200);
    expect(learned.verdict.counts.counted).toBe(202);
  });

  it('has a file of the history, which the checker judges alike', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'history-'));
    const historyFile = path.join(folder, 'history.json');
    const server = await serve(({ number, response, id, counters, count, answer }) => {
      if ((counters.get(id) ?? 0) >= 60) return answer(409, {});
      const counter = count();
      if (number % 7 === 0) response.destroy();
      else answer(200, { counter });
    });
    try {
      const { verdict } = await generator.run(job(server, { ids: ['a', 'b'], limit: 60, historyFile }));

      const histories = await readHistoryFile(historyFile);
      expect(histories.map(({ id }) => id)).toEqual(['a', 'b']);
      expect(histories.map(({ history }) => checkExactness(history).isExact)).toEqual([true, true]);
      const counted = histories.map(({ history }) => checkExactness(history).counts.counted);
      expect(counted.reduce((a, b) => a + b, 0)).toBe(verdict.counts.counted);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('a generator', () => {
  it('gives what was measured when it is interrupted, the open calls unknown', async () => {
    const abort = new AbortController();
    const server = await serve(({ number, count, answer }) => {
      const counter = count();
      if (number <= 100) answer(200, { counter });
      else abort.abort();
    });

    const round = await generator.run(job(server, { calls: 1_000_000 }), { signal: abort.signal });

    expect(round.outcomes.incremented).toBe(100);
    expect(round.outcomes.unknown).toBeGreaterThanOrEqual(1);
    expect(round.verdict.isExact).toBe(true);
    expect(round.invalid).toBe('interrupted');
  });

  it.each<[string, Partial<Job>, string]>([
    [
      'a path of its own invention',
      { target: { kind: 'http', method: 'POST', url: 'http://127.0.0.1:1/', headers: {}, valuePath: '$..counter' } },
      'valuePath takes names and indexes, such as $.counter or $.items[0][\'a b\'], got "$..counter"',
    ],
    ['no counters', { ids: [] }, 'a job needs at least one counter id'],
    [
      'a module that opens nothing',
      { target: { kind: 'module', file: 'jest.config.js', options: {} } },
      'jest.config.js exports no function open',
    ],
  ])('refuses %s, and does the next job', async (_what, rest, message) => {
    const server = await serve(exactly);

    await expect(generator.run(job(server, rest))).rejects.toThrow(message);
    expect((await generator.run(job(server))).outcomes.incremented).toBe(200);
  });

  it.each([
    ['ends', { exitsAt: 5 }, 'the load generator ended with code 7'],
    ['fails', { throwsAt: 5 }, 'the load generator ended with code 1: TypeError: a fault of the generator'],
  ])('that %s says so in one line, then and from then on', async (_what, options, message) => {
    const own = await startGenerator();
    const doomed: Job = {
      target: moduleTarget(options),
      load: { kind: 'closed', concurrency: 1 },
      ids: ['votes'],
      warmUpMs: 0,
      durationMs: 60_000,
    };

    await expect(own.run(doomed)).rejects.toThrow(new Error(message));
    await expect(own.run(doomed)).rejects.toThrow(new Error(message));
    await own.close();
  });

  it('is exact about a server that does nothing, and says how fast it was', async () => {
    const { concurrency, callsPerSecond } = await measureCeiling(4, { generator, durationMs: 200 });

    expect(concurrency).toBe(4);
    expect(callsPerSecond).toBeGreaterThan(0);
  });
});
