/** How many of the ascending whole numbers are below a bound. */
export function countBelow(ascending: readonly number[], bound: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (Number(ascending[middle]) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many of the ascending whole numbers are at most a bound. */
export function countUpTo(ascending: readonly number[], bound: number): number {
  return countBelow(ascending, bound + 1);
}
