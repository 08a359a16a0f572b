/** How long calls took, one after the other or side by side. */
export interface Measurement {
  readonly callsPerSecond: number;
  /** Mean time of one call as seen by its caller. */
  readonly millisecondsPerCall: number;
  /** What half of the calls took at most, each timed by its caller. */
  readonly p50Ms: number;
  /** What 99 of 100 took. */
  readonly p99Ms: number;
  /** Processor time of this process for one call, with all of its threads. */
  readonly processorUs: number;
}

/**
 * Calls `call` `calls` times from `clients` callers, each waiting for its answer.
 *
 * @param signal ends it. @default - nothing does
 * @throws what a call throws: a failed call makes the run invalid
 */
export async function measure(
  call: () => Promise<unknown>,
  clients: number,
  calls: number,
  signal?: AbortSignal,
): Promise<Measurement> {
  const times = new Float64Array(calls);
  let left = calls;
  const processorBefore = process.cpuUsage();
  const began = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (left-- > 0) {
        signal?.throwIfAborted();
        const place = left;
        const sent = performance.now();
        await call();
        times[place] = performance.now() - sent;
      }
    }),
  );
  const elapsed = performance.now() - began;
  const { user, system } = process.cpuUsage(processorBefore);
  times.sort();
  return {
    callsPerSecond: (calls / elapsed) * 1000,
    millisecondsPerCall: (elapsed / calls) * clients,
    p50Ms: times[Math.floor(calls * 0.5)] ?? NaN,
    p99Ms: times[Math.ceil(calls * 0.99) - 1] ?? NaN,
    processorUs: (user + system) / calls,
  };
}

/** Of how many counters so many calls are, where each is called ten times. */
export const countersOf = (calls: number): number => Math.ceil(calls / 10);

/** The middle one; the upper of two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

export const ROUNDS = 7;

/** Ratios of which the highest is so many times the lowest show the machine's other work. */
const TOO_NOISY = 1.5;

/** What {@link compared} means, for the lines after a table. */
export const HOW_COMPARED = [
  `medians of ${ROUNDS} rounds by turns; in brackets the lowest and the highest ratio of a round`,
  `"noisy": the highest is more than ${TOO_NOISY} times the lowest, so measure again on a quieter machine`,
];

/** What one round measured of ours, and of the other that it is compared with. */
export interface Round<Sample> {
  readonly other: Sample;
  readonly ours: Sample;
}

/** Takes samples of both by turns, so that the machine's other work meets both alike. */
export async function byTurns<Sample>(
  other: () => Promise<Sample>,
  ours: () => Promise<Sample>,
): Promise<Round<Sample>[]> {
  const rounds: Round<Sample>[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push({ other: await other(), ours: await ours() });
  return rounds;
}

/** Measures two ways by turns, when V8 has compiled both. */
export async function measurePair(
  ours: () => Promise<unknown>,
  bare: () => Promise<unknown>,
  { clients, calls, signal }: { clients: number; calls: number; signal?: AbortSignal },
): Promise<Round<Measurement>[]> {
  await measure(ours, clients, calls, signal);
  await measure(bare, clients, calls, signal);
  return byTurns(
    () => measure(bare, clients, calls, signal),
    () => measure(ours, clients, calls, signal),
  );
}

/** Three columns of a table: a figure of the other, of ours, and their ratio with the lowest and the highest of a round. */
export function compared<Sample>(
  rounds: readonly Round<Sample>[],
  figure: (sample: Sample) => number,
  digits: number,
): [other: string, ours: string, ratio: string] {
  const ratios = rounds.map(({ other, ours }) => figure(ours) / figure(other));
  const [lowest, highest] = [Math.min(...ratios), Math.max(...ratios)];
  const noisy = highest > TOO_NOISY * lowest ? ' noisy' : '';
  return [
    median(rounds.map(({ other }) => figure(other))).toFixed(digits),
    median(rounds.map(({ ours }) => figure(ours))).toFixed(digits),
    `${median(ratios).toFixed(2)} (${lowest.toFixed(2)}–${highest.toFixed(2)})${noisy}`,
  ];
}
