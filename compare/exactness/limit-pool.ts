import { countBelow } from './ascending';

/** Increments available for a value, each by its limit: the highest value that it can have written. */
export interface LimitPool {
  /** @param limit one of the pool's limits */
  add(limit: number): void;
  /**
   * Removes the increment with the lowest limit that isn't below a value.
   *
   * @returns that limit; undefined where there is none
   */
  take(value: number): number | undefined;
}

/**
 * Creates an empty pool. Both operations take O(log n) time: a complete binary tree counts the increments of each limit
 * in its leaves, and those of its subtrees in its other nodes.
 *
 * @param limits all limits that may be added
 */
export function limitPool(limits: readonly number[]): LimitPool {
  const ranks = [...new Set(limits)].sort((a, b) => a - b);
  const leaves = 2 ** Math.ceil(Math.log2(Math.max(1, ranks.length)));
  const counts = new Array<number>(2 * leaves).fill(0);
  const countAt = (node: number): number => counts[node] ?? 0;
  const change = (leaf: number, by: number): void => {
    for (let node = leaf; node > 0; node = Math.floor(node / 2)) counts[node] = countAt(node) + by;
  };
  const leafOf = (value: number): number => leaves + countBelow(ranks, value);

  return {
    add: (limit) => change(leafOf(limit), 1),
    take(value) {
      let node = leafOf(value);
      if (node === 2 * leaves) return undefined;
      while (countAt(node) === 0) {
        while (node % 2 === 1) node = Math.floor(node / 2); // everything to the right starts next to the first left child
        if (node === 0) return undefined;
        node += 1;
      }
      while (node < leaves) node = countAt(2 * node) > 0 ? 2 * node : 2 * node + 1;
      change(node, -1);
      return ranks[node - leaves];
    },
  };
}
