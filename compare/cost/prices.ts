import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../local/project-root';

/** A price with the page on which the seller publishes it. */
export interface Price {
  readonly usd: number;
  readonly unit: string;
  readonly source: string;
  /** Where it was read on the file's date: the address, and the date stated there, if any. */
  readonly read: { readonly at: string; readonly dated: string | null } | null;
  /** How many units are free for each account every month, for good. @default - none */
  readonly freePerMonth?: number;
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

/** A resource of the CloudFormation template has no price. */
export class UnpricedError extends Error {
  override readonly name = 'UnpricedError';
}

/** @throws UnpricedError naming the entry that the price file lacks */
export function price(prices: Prices, name: string): Price {
  const found = prices[name];
  if (!found) throw new UnpricedError(`compare/prices.json has no price for "${name}"`);
  return found;
}
