/** Longer names end in an ellipsis; the table beside the chart has them whole. */
const LONGEST = 30;

export const shortened = (name: string): string => (name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name);

const PIXELS_PER_CHARACTER = 7.4;

/** About how wide a label is at the charts' size of text. */
export const widthOf = (label: string): number => label.length * PIXELS_PER_CHARACTER;

/**
 * Moves positions apart, as little as it takes.
 *
 * @param wanted in pixels
 * @param gap at least between two
 * @param high the last one's bound
 * @returns in the order of `wanted`
 */
export function spreadApart(wanted: readonly number[], gap: number, high: number): number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  const placed: number[] = [];
  // From the top, each below its neighbour; then from the bottom, each above the bound and its neighbour.
  for (const index of order) placed.push(Math.max(wanted[index] ?? 0, (placed.at(-1) ?? -Infinity) + gap));
  let bound = high;
  for (let index = placed.length - 1; index >= 0; index -= 1) {
    placed[index] = Math.min(placed[index] ?? 0, bound);
    bound = (placed[index] ?? 0) - gap;
  }
  const result: number[] = [];
  order.forEach((index, rank) => (result[index] = placed[rank] ?? 0));
  return result;
}
