import { build, decodeFromCompressedBase64, type Histogram } from 'hdr-histogram-js';

/** Latencies in milliseconds by how many of the calls took no longer. */
export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

const MICROSECONDS_PER_MS = 1000;

/** @throws Error when it isn't a V2 compressed histogram in base64 */
export function decodeHistogram(base64: string): Histogram {
  return decodeFromCompressedBase64(base64);
}

/** All latencies of several rounds as one distribution: percentiles of rounds can't be averaged, counts can be added. */
export function mergedHistogram(base64s: readonly string[]): Histogram {
  const merged = build({ autoResize: true, numberOfSignificantValueDigits: 3 });
  for (const base64 of base64s) merged.add(decodeHistogram(base64));
  return merged;
}

/** @returns undefined where nothing was recorded */
export function percentilesOf(histogram: Histogram): Percentiles | undefined {
  if (histogram.totalCount === 0) return undefined;
  const at = (percentile: number): number => valueAt(histogram, percentile);
  return { p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: at(100) };
}

/** A latency in milliseconds. @param percentile 0 to 100 */
export function valueAt(histogram: Histogram, percentile: number): number {
  return histogram.getValueAtPercentile(percentile) / MICROSECONDS_PER_MS;
}
