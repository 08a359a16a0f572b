import type { SortOrder } from './shapes';

export type SortValue = string | number | undefined;

/**
 * Compares rows by a value; those without one come last in either order.
 *
 * @param tie what decides between equal ones, ascending in either order. @default - they stay in the order that they have
 */
export function comparing<Row>(
  valueOf: (row: Row) => SortValue,
  order: SortOrder,
  tie: (row: Row) => string | number = () => 0,
): (a: Row, b: Row) => number {
  const sign = order === 'ascending' ? 1 : -1;
  return (a, b) => {
    const [left, right] = [valueOf(a), valueOf(b)];
    if (left === right) return tie(a) < tie(b) ? -1 : tie(a) > tie(b) ? 1 : 0;
    if (left === undefined) return 1;
    if (right === undefined) return -1;
    return left < right ? -sign : sign;
  };
}
