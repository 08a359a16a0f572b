/**
 * The pseudo-random numbers of scripts: the sequence of drand48, as in Redis, so that `math.randomseed` gives the same
 * numbers on every machine. It goes on from script to script.
 */
export class ScriptRandom {
  private state = 0n;

  constructor() {
    this.seed(0);
  }

  seed(value: number): void {
    this.state = (BigInt.asUintN(32, BigInt(value)) << 16n) + 0x330en;
  }

  /** At least 0, below 1. */
  next(): number {
    this.state = BigInt.asUintN(48, this.state * 0x5deece66dn + 0xbn);
    return (Number(this.state >> 17n) % 0x7fffffff) / 0x7fffffff;
  }
}
