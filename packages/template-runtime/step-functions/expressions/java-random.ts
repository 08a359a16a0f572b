const MULTIPLIER = 0x5_deec_e66dn;
const STATE_BITS = 48;
const LONG = { least: -(2n ** 63n), most: 2n ** 63n - 1n } as const;

/**
 * The first `nextDouble()` of a `java.util.Random` with this seed: what `$random(seed)` gives on AWS, bit for bit
 * (measured: `$random(42)` is 0.7275636800328681).
 *
 * Source: https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/Random.html, which prescribes the
 * generator; measured on AWS: https://github.com/floci-io/floci/issues/2662
 *
 * @param seed cut to a whole number in the range of Java's `long`
 * @returns from 0 up to 1
 */
export function javaRandom(seed: number): number {
  let state = BigInt.asUintN(STATE_BITS, toLong(seed) ^ MULTIPLIER);
  const next = (bits: number): bigint => {
    state = BigInt.asUintN(STATE_BITS, state * MULTIPLIER + 0xbn);
    return state >> BigInt(STATE_BITS - bits);
  };
  return Number((next(26) << 27n) + next(27)) / 2 ** 53;
}

/** Java's cast of a double to a `long`. */
function toLong(value: number): bigint {
  if (Number.isNaN(value)) return 0n;
  if (value >= Number(LONG.most)) return LONG.most;
  return value <= Number(LONG.least) ? LONG.least : BigInt(Math.trunc(value));
}
