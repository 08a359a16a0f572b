export interface TokenBuckets {
  /**
   * Takes a token out of a key's bucket. One that can't be had costs nothing.
   *
   * @returns whether there was one
   */
  take(key: string): boolean;
}

export interface TokenBucketsOptions {
  /** How many tokens a bucket gets, evenly. */
  readonly perSecond: number;
  /** How many it holds at most, and has in the beginning. @default - those of one second */
  readonly size?: number;
  /** A monotonic clock, in milliseconds. @default - `performance.now` */
  readonly now?: () => number;
}

/** A bucket for each key, made full when the key is first named. */
export function tokenBuckets({
  perSecond,
  size = perSecond,
  now = () => performance.now(),
}: TokenBucketsOptions): TokenBuckets {
  // `at` is the time in tokens.
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    take(key) {
      const at = (now() * perSecond) / 1000;
      const bucket = buckets.get(key) ?? { tokens: size, at };
      buckets.set(key, bucket);
      bucket.tokens = Math.min(size, bucket.tokens + (at - bucket.at));
      bucket.at = at;
      if (bucket.tokens < 1) return false;
      bucket.tokens -= 1;
      return true;
    },
  };
}
