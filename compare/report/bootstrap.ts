import { medianOf } from './summary';

/** A median, and the interval that it lies in with 95 % confidence. */
export interface Estimate {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 2000;
const CONFIDENCE = 0.95;
/** Any: the same rounds have the same interval, whenever and wherever they are looked at. */
const SEED = 20_260_101;

/** The median of a few values with a percentile bootstrap interval: medians of as many values, drawn from them at random. */
export function bootstrapMedian(values: readonly number[]): Estimate {
  const random = randomNumbers(SEED);
  const medians = Array.from({ length: RESAMPLES }, () =>
    medianOf(values.map(() => values[Math.floor(random() * values.length)] ?? NaN)),
  ).sort((a, b) => a - b);
  const tail = Math.floor((RESAMPLES * (1 - CONFIDENCE)) / 2);
  return { median: medianOf(values), low: medians[tail] ?? NaN, high: medians[RESAMPLES - 1 - tail] ?? NaN };
}

/**
 * Numbers from 0 to 1, below 1, that repeat themselves for a seed: a linear congruential generator, of whose state the low bits,
 * which repeat soonest, are left out.
 *
 * Source: Numerical Recipes, section 7.1, "ranqd1"
 */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}
