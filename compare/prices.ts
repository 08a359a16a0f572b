import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../local/project-root';

/** A price with where it comes from; `read` says whether the source itself was read on the file's date. */
export interface Price {
  readonly usd: number;
  readonly unit: string;
  readonly source: string;
  readonly read: boolean;
}

export type Prices = Readonly<Record<string, Price>>;

/** The versioned price file: US dollars, in one region, as of a date. */
export interface PriceFile {
  readonly date: string;
  readonly region: string;
  readonly prices: Prices;
}

export function readPrices(): PriceFile {
  return JSON.parse(readFileSync(path.join(projectRoot(), 'compare', 'prices.json'), 'utf8')) as PriceFile;
}

/** There is no price for what a template asks for. */
export class UnpricedError extends Error {
  override readonly name = 'UnpricedError';
}

/** @throws UnpricedError naming the entry that the price file lacks */
export function price(prices: Prices, name: string): number {
  const found = prices[name];
  if (!found) throw new UnpricedError(`compare/prices.json has no price for "${name}"`);
  return found.usd;
}
