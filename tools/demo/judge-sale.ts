import { checkExactness } from '../../compare/exactness';
import type { Sale, SaleRecord } from './sale';

/** How many of the differences of a kind are told. */
const SHOWN = 3;

/**
 * What a sale got wrong; empty if nothing. Every seat has one owner, a refused call had asked for more than was left, and the
 * checker finds the history possible on an exact counter.
 */
export function judgeSale({ purchases, refusals, counter, remaining, history }: SaleRecord, { seats }: Sale): string[] {
  const owners = new Map<number, number>();
  for (const { counter, by } of purchases) {
    for (let seat = counter - by + 1; seat <= counter; seat += 1) owners.set(seat, (owners.get(seat) ?? 0) + 1);
  }
  const forSale = Array.from({ length: seats }, (_, index) => index + 1);
  return [
    ...shown(
      'sold to nobody: seat',
      forSale.filter((seat) => !owners.has(seat)),
    ),
    ...shown(
      'sold more than once: seat',
      [...owners].flatMap(([seat, times]) => (times > 1 ? [seat] : [])),
    ),
    ...shown(
      'sold without being there: seat',
      [...owners.keys()].filter((seat) => seat < 1 || seat > seats),
    ),
    ...shown(
      'told another limit or remainder than it has: the call that took seat',
      purchases.flatMap(({ counter, max, remaining = seats - counter }) =>
        max === seats && remaining === seats - counter ? [] : [counter],
      ),
    ),
    ...shown(
      'refused though there was room: by, remaining',
      refusals.flatMap(({ by, remaining = 0 }) => (remaining >= by ? [`${by}, ${remaining}`] : [])),
    ),
    ...(counter === seats && remaining === 0 ? [] : [`the counter is ${counter}, and ${remaining} remain`]),
    ...checkExactness(history)
      .violations.slice(0, SHOWN)
      .map(({ rule, message }) => `${rule}: ${message}`),
  ];
}

function shown(what: string, found: readonly (string | number)[]): string[] {
  if (found.length === 0) return [];
  const more = found.length > SHOWN ? ` and ${found.length - SHOWN} more` : '';
  return [`${what} ${found.slice(0, SHOWN).join('; ')}${more}`];
}
