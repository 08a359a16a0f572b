import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import type { Cell, Comparison, MeasuredServer, Mode, Outcomes, Round } from '../../../compare/report';

/** A generator of random numbers from 0 to 1 that repeats itself. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A histogram of so many latencies around a median, with a tail as long as real ones. */
export function histogramOf(calls: number, medianMs: number, random: () => number): string {
  const histogram = build({ autoResize: true, numberOfSignificantValueDigits: 3 });
  for (let call = 0; call < calls; call += 1) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const stall = random() < 0.004 ? 3 + 12 * random() : 1;
    histogram.recordValue(Math.max(1, Math.round(medianMs * 1000 * Math.exp(0.32 * normal) * stall)));
  }
  return encodeIntoCompressedBase64(histogram);
}

const NOTHING: Outcomes = { incremented: 0, limitReached: 0, notApplied: 0, unknown: 0, throttled: 0, failed: 0 };

/** A round of so many increments. */
export function roundOf(
  {
    calls,
    medianMs,
    durationMs = 2000,
    random,
  }: { calls: number; medianMs: number; durationMs?: number; random: () => number },
  overrides: Partial<Round> = {},
): Round {
  return {
    durationMs,
    outcomes: { ...NOTHING, incremented: calls },
    histogram: histogramOf(calls, medianMs, random),
    verdict: {
      isExact: true,
      counts: { attempted: calls, counted: calls, refused: 0, notApplied: 0, unknown: 0, reads: 2 },
      broken: {},
      violations: [],
    },
    ...overrides,
  };
}

/** A cell of one hot counter through the API, with eight callers. */
export function cellOf(overrides: Partial<Cell> = {}): Cell {
  return {
    store: 'redis',
    mode: 'unconditional',
    path: 'api',
    load: { kind: 'closed', concurrency: 8 },
    counters: 1,
    by: 1,
    shards: 1,
    keyed: false,
    rounds: [],
    ...overrides,
  };
}

/** A document around cells. */
export function comparisonOf(cells: readonly Cell[], overrides: Partial<Comparison> = {}): Comparison {
  const stores = [...new Set(cells.map(({ store }) => store))];
  return {
    schemaVersion: 1,
    command: 'npm run compare',
    startedAt: '2026-11-26T20:00:00.000Z',
    finishedAt: '2026-11-26T20:14:00.000Z',
    machine: { cpu: 'AMD EPYC 7R32', cores: 4, memoryBytes: 16 * 2 ** 30, os: 'Linux 6.1', node: '22.11.0' },
    versions: { 'atomic-counter': '0.1.0' },
    servers: Object.fromEntries(
      stores.map((store) => [store, { name: `${store} stand-in`, kind: 'stand-in' } as const]),
    ),
    addedLatencyMs: 0,
    ceilings: [],
    cells,
    coldStarts: [],
    costs: [],
    ...overrides,
  };
}

const SERVERS: Readonly<
  Record<string, MeasuredServer & { readonly ms: number; readonly most: number; readonly usd: number }>
> = {
  dynamo: { name: 'dynalite 3.2.2', kind: 'emulator', ms: 6.1, most: 640, usd: 5.35 },
  redis: { name: 'Redis 7.0.15', kind: 'server', ms: 4.2, most: 910, usd: 6.02 },
  momento: { name: 'this project’s stand-in', kind: 'stand-in', ms: 5.4, most: 720, usd: 5.97 },
  docdb: { name: 'this project’s stand-in', kind: 'stand-in', ms: 6.6, most: 560, usd: 6.24 },
  tidb: { name: 'MariaDB 10.11.6', kind: 'server', ms: 7.9, most: 470, usd: 6.11 },
};
const MODES: readonly Mode[] = ['unconditional', 'conditional'];
const CONCURRENCIES = [1, 4, 16, 64];
const ROUNDS = 5;

/** A comparison like one that was measured: all stores, all charts, a cell that loses count, and one that is invalid. */
export function realisticComparison({
  seed = 1,
  rounds = ROUNDS,
  stores = Object.keys(SERVERS),
}: { seed?: number; rounds?: number; stores?: readonly string[] } = {}): Comparison {
  const random = randomNumbers(seed);
  const measured = (key: Partial<Cell>, perSecond: number, medianMs: number): Cell =>
    cellOf({
      ...key,
      rounds: Array.from({ length: rounds }, () => {
        const calls = Math.round(perSecond * 2 * (0.93 + 0.14 * random()));
        return roundOf({ calls, medianMs, random });
      }),
    });
  const speedOf = (store: string, mode: Mode, concurrency: number) => {
    const { ms = 5, most = 500 } = SERVERS[store] ?? {};
    const slow = mode === 'conditional' ? 1.18 + (store === 'momento' ? 0.02 * concurrency : 0) : 1;
    const perSecond = (most / slow) * (concurrency / (concurrency + 3.2)) * (concurrency > 32 ? 0.93 : 1);
    return { perSecond, medianMs: Math.max(ms * slow, (concurrency / perSecond) * 930) };
  };
  const pairs = stores.flatMap((store) => MODES.map((mode) => ({ store, mode })));

  const throughput = pairs.flatMap(({ store, mode }) =>
    CONCURRENCIES.map((concurrency) => {
      const { perSecond, medianMs } = speedOf(store, mode, concurrency);
      const cell = measured({ store, mode, load: { kind: 'closed', concurrency } }, perSecond, medianMs);
      const conflicts = store === 'momento' && mode === 'conditional' ? concurrency * 31 : 0;
      return { ...cell, repetitions: { calls: 500, conflicts, retries: store === 'tidb' ? concurrency * 2 : 0 } };
    }),
  );
  const open = pairs.map(({ store, mode }) => {
    const { medianMs } = speedOf(store, mode, 2);
    return measured({ store, mode, load: { kind: 'open', ratePerSecond: 200 } }, 200, medianMs);
  });
  const spread = pairs.map(({ store, mode }) => {
    const { perSecond, medianMs } = speedOf(store, mode, 64);
    const gain = 1.1 + random();
    return measured(
      { store, mode, counters: 64, load: { kind: 'closed', concurrency: 64 } },
      perSecond * gain,
      medianMs / gain,
    );
  });
  const keyed = stores.map((store) => {
    const { perSecond, medianMs } = speedOf(store, 'unconditional', 64);
    const load = { kind: 'closed', concurrency: 64 } as const;
    return measured({ store, counters: 64, keyed: true, load }, perSecond * 0.8, medianMs / 0.8);
  });
  const inside = pairs.flatMap(({ store, mode }) => {
    const { perSecond, medianMs } = speedOf(store, mode, 4);
    const load = { kind: 'closed', concurrency: 4 } as const;
    return [
      measured({ store, mode, load, path: 'state-machine' }, perSecond * 1.4, medianMs * 0.7),
      measured({ store, mode, load, path: 'direct' }, perSecond * 5, medianMs * 0.15),
    ];
  });
  return comparisonOf([...throughput, ...open, ...spread, ...keyed, ...inside, losing(measured), throttled(measured)], {
    command: 'npm run compare -- --store all --concurrency 1,4,16,64 --rate 200 --slo p99<50',
    servers: Object.fromEntries(Object.keys(SERVERS).map((store) => [store, serverOf(store)])),
    ceilings: CONCURRENCIES.map((concurrency) => ({ concurrency, callsPerSecond: 340 + 160 * Math.log2(concurrency) })),
    versions: { 'atomic-counter': '0.1.0', '@aws-sdk/client-sfn': '3.1164.0' },
    coldStarts: stores.map((store, index) => ({
      store,
      firstCallMs: store === 'dynamo' ? 31 : 240 + 60 * index,
      secondCallMs: 6 + index,
    })),
    costs: pairs.map(({ store, mode }) => ({
      store,
      mode,
      usdPerMillion: (SERVERS[store]?.usd ?? 5) + (mode === 'conditional' ? 0.21 : 0),
    })),
    slo: {
      percentile: 99,
      latencyMs: 50,
      results: pairs.map(({ store, mode }, index) => {
        const rate =
          store === 'tidb' && mode === 'conditional' ? 0 : Math.round((SERVERS[store]?.most ?? 500) * 0.06) * 10;
        return {
          store,
          mode,
          counters: 1,
          ratePerSecond: rate,
          ...(index === 2 ? {} : { failedAtRate: rate + 50 }),
          probes: [{ ratePerSecond: rate + 50, latencyMs: 71, held: false }],
        };
      }),
    },
  });
}

const serverOf = (store: string): MeasuredServer => {
  const { name = store, kind = 'server' } = SERVERS[store] ?? {};
  return { name, kind };
};

type Measure = (key: Partial<Cell>, perSecond: number, medianMs: number) => Cell;

/** The textbook way of counting below a limit, which loses updates. */
function losing(measured: Measure): Cell {
  const key = { store: 'momento', mode: 'conditional', strategy: 'set-if-not-equal' } as const;
  const cell = measured({ ...key, load: { kind: 'closed', concurrency: 16 } }, 610, 24);
  return {
    ...cell,
    rounds: cell.rounds.map((round, index) => ({
      ...round,
      verdict: {
        ...round.verdict,
        isExact: false,
        broken: { distinct: 143 + index, order: 9 },
        violations: [
          {
            rule: 'distinct',
            message: `${17 + index} was returned twice, to client 3's increment (12.104 to 18.730 ms): incremented ${17 + index} and to client 9's increment (12.311 to 19.002 ms): incremented ${17 + index}`,
          },
        ],
      },
    })),
  };
}

/** A cell that met the usage plan in every round. */
function throttled(measured: Measure): Cell {
  const cell = measured({ store: 'redis', keyed: true, load: { kind: 'closed', concurrency: 64 } }, 880, 70);
  return { ...cell, rounds: cell.rounds.map((round) => ({ ...round, invalid: '12 calls were throttled (429)' })) };
}
