import type { Generator } from '../../compare/load';
import {
  type Ceiling,
  decodeHistogram,
  type Mode,
  type Probe,
  SATURATED_SHARE,
  type Slo,
  type SloResult,
  valueAt,
} from '../../compare/report';
import { cell, freshId, warmUpFor } from './plan';
import type { TargetOf } from './targets';
import { KEPT_BELOW, type UsageLimits } from './usage-limits';

/** The first rate that is tried, per second. */
const FIRST_RATE = 100;

/** How close the rate that holds and the one that doesn't are in the end, as a share; whole calls at least. */
const PRECISION = 0.1;

/**
 * Searches for the highest rate that a store holds within a latency: doubles it while it holds, then halves the distance
 * between the highest that held and the lowest that didn't. What fails is tried once more, so that one pause of the machine
 * doesn't decide.
 *
 * @param probe measures at a rate
 * @param ceiling a rate beyond which the generator would be measured instead
 * @param signal ends the search with what was found until then
 */
export async function searchRate(
  probe: (ratePerSecond: number) => Promise<Probe>,
  ceiling: number,
  signal: AbortSignal,
): Promise<Pick<SloResult, 'ratePerSecond' | 'failedAtRate' | 'probes'>> {
  const probes: Probe[] = [];
  const measure = async (rate: number): Promise<boolean> => {
    const made = await probe(rate);
    if (!signal.aborted) probes.push(made); // one that was cut short shows nothing
    return made.held;
  };
  const holds = async (rate: number): Promise<boolean> => (await measure(rate)) || (await measure(rate));

  let held = 0;
  let failed: number | undefined;
  let rate = Math.min(FIRST_RATE, ceiling);
  while (!signal.aborted && held < ceiling && (failed === undefined || failed - held > Math.max(1, held * PRECISION))) {
    const isHeld = await holds(rate);
    if (signal.aborted) break;
    if (isHeld) held = rate;
    else failed = rate;
    rate = failed === undefined ? Math.min(2 * held, ceiling) : Math.max(1, Math.round((held + failed) / 2));
  }
  return { ratePerSecond: held, ...(failed !== undefined && { failedAtRate: failed }), probes };
}

export interface SloOptions {
  readonly generator: Generator;
  readonly targetOf: TargetOf;
  readonly stores: readonly string[];
  readonly modes: readonly Mode[];
  /** Of a probe at least, in milliseconds. */
  readonly durationMs: number;
  readonly ceilings: readonly Ceiling[];
  readonly limits?: UsageLimits;
  readonly onProgress: (what: string) => void;
  readonly signal: AbortSignal;
}

/** So many calls make a percentile, as long as the longest probe allows. */
const CALLS_OF_A_PROBE = 300;
const LONGEST_PROBE_MS = 10_000;

/** Searches for the highest rate of each store and mode, on the hot counter. */
export async function measureSlo(
  objective: { readonly percentile: number; readonly latencyMs: number },
  options: SloOptions,
): Promise<Slo> {
  const { stores, modes, ceilings, limits, onProgress, signal } = options;
  const generatorRate = Math.max(...ceilings.map(({ callsPerSecond }) => callsPerSecond)) * SATURATED_SHARE;
  const ceiling = Math.floor(Math.min(generatorRate, (limits?.ratePerSecond ?? Infinity) * KEPT_BELOW));
  const results: SloResult[] = [];
  for (const store of stores) {
    for (const mode of modes) {
      if (signal.aborted) break;
      const probe = async (ratePerSecond: number): Promise<Probe> => {
        onProgress(`${store}, ${mode}: ${ratePerSecond} calls/s`);
        return probeRate({ store, mode, ratePerSecond }, objective, options);
      };
      const found = await searchRate(probe, ceiling, signal);
      if (found.probes.length > 0) results.push({ store, mode, counters: 1, ...found });
    }
  }
  return { ...objective, results };
}

async function probeRate(
  { store, mode, ratePerSecond }: { store: string; mode: Mode; ratePerSecond: number },
  { percentile, latencyMs }: { readonly percentile: number; readonly latencyMs: number },
  { generator, targetOf, durationMs, signal }: SloOptions,
): Promise<Probe> {
  const key = cell({ store, mode, load: { kind: 'open', ratePerSecond } });
  const needed = Math.min((CALLS_OF_A_PROBE / ratePerSecond) * 1000, LONGEST_PROBE_MS);
  const job = {
    target: targetOf(key),
    load: key.load,
    ids: [freshId()],
    warmUpMs: warmUpFor(durationMs),
    durationMs: Math.max(durationMs, needed),
  };
  const { invalid, histogram } = await generator.run(job, { signal });
  if (invalid !== undefined) return { ratePerSecond, held: false };
  const measuredMs = valueAt(decodeHistogram(histogram), percentile);
  return { ratePerSecond, latencyMs: measuredMs, held: measuredMs <= latencyMs };
}
