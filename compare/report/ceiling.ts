import type { Ceiling, Load } from './comparison';

/**
 * The generator's calls per second at a load: measured at that concurrency, or on the straight line between its neighbours.
 * An open loop has as many callers as it needs, and meets the highest.
 *
 * @returns undefined where no ceiling was measured
 */
export function atConcurrency(ceilings: readonly Ceiling[], load: Load): number | undefined {
  if (ceilings.length === 0) return undefined;
  if (load.kind === 'open') return Math.max(...ceilings.map(({ callsPerSecond }) => callsPerSecond));
  const sorted = [...ceilings].sort((a, b) => a.concurrency - b.concurrency);
  const below = sorted.findLast(({ concurrency }) => concurrency <= load.concurrency) ?? sorted[0];
  const above = sorted.find(({ concurrency }) => concurrency >= load.concurrency) ?? sorted.at(-1);
  if (!below || !above) return undefined;
  const distance = above.concurrency - below.concurrency;
  const way = distance <= 0 ? 0 : (load.concurrency - below.concurrency) / distance;
  return below.callsPerSecond + way * (above.callsPerSecond - below.callsPerSecond);
}
