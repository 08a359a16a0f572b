/** How long calls took, one after the other or side by side. */
export interface Measurement {
  readonly callsPerSecond: number;
  /** Mean time of one call as seen by its caller. */
  readonly millisecondsPerCall: number;
  /** What half of the calls took at most, each timed by its caller. */
  readonly p50Ms: number;
  /** What 99 of 100 took. */
  readonly p99Ms: number;
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
  times.sort();
  return {
    callsPerSecond: (calls / elapsed) * 1000,
    millisecondsPerCall: (elapsed / calls) * clients,
    p50Ms: times[Math.floor(calls * 0.5)] ?? NaN,
    p99Ms: times[Math.ceil(calls * 0.99) - 1] ?? NaN,
  };
}

/** Of how many counters so many calls are, where each is called ten times. */
export const countersOf = (calls: number): number => Math.ceil(calls / 10);

/** The middle one; the upper of two. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

export interface Pair {
  readonly ours: Measurement;
  readonly bare: Measurement;
  /** The ratio of the times per call, ours to bare, in the median round. */
  readonly ratio: number;
}

/**
 * Measures two ways in turns, so that the machine's other work affects both alike.
 *
 * @returns the round with the median ratio
 */
export async function measurePair(
  ours: () => Promise<unknown>,
  bare: () => Promise<unknown>,
  { clients, calls, rounds = 5, signal }: { clients: number; calls: number; rounds?: number; signal?: AbortSignal },
): Promise<Pair> {
  await measure(ours, clients, Math.ceil(calls / 3), signal); // warm
  await measure(bare, clients, Math.ceil(calls / 3), signal);
  const pairs: Pair[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const bareMeasured = await measure(bare, clients, calls, signal);
    const oursMeasured = await measure(ours, clients, calls, signal);
    const ratio = oursMeasured.millisecondsPerCall / bareMeasured.millisecondsPerCall;
    pairs.push({ ours: oursMeasured, bare: bareMeasured, ratio });
  }
  pairs.sort((a, b) => a.ratio - b.ratio);
  const median = pairs[Math.floor(rounds / 2)];
  if (!median) throw new Error('rounds must be at least 1');
  return median;
}
