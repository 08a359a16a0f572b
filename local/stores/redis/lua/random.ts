/**
 * The pseudo-random numbers of Redis' scripts: drand48's sequence, begun anew for every script, so that a script does the same wherever
 * it runs (https://redis.io/docs/latest/develop/interact/programmability/lua-api/, "math.random").
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
