import { price, type Prices } from './prices';

/** One item of a bill. */
export interface CostLine {
  readonly what: string;
  readonly usd: number;
  /** Whether each of its prices was read at a source. */
  readonly verified: boolean;
}

/** An item made of quantities, each at the price of this name. */
export function line(prices: Prices, what: string, quantities: Readonly<Record<string, number>>): CostLine {
  const parts = Object.entries(quantities).map(([name, quantity]) => ({ ...price(prices, name), quantity }));
  return {
    what,
    usd: parts.reduce((sum, { usd, quantity }) => sum + usd * quantity, 0),
    verified: parts.every(({ read }) => read !== null),
  };
}

export const totalOf = (lines: readonly CostLine[]): number => lines.reduce((sum, { usd }) => sum + usd, 0);
