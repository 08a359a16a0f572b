import { createHash } from 'node:crypto';
import type { Parameters } from './parameters';
import { ServiceError } from '../errors';

const MOST_RESULTS = 1000;

export interface Paging<T> {
  /** How many entries a page has without `maxResults`. */
  readonly usual: number;
  /** How long a token may be, in characters. @default - 1,024 */
  readonly longestToken?: number;
  /** Names the list, with all that narrows or orders it: a token is good for that list only, as AWS asks for. */
  readonly of: string;
  /** What tells an entry from the others. */
  key(item: T): string;
}

/**
 * One page of a list, by `maxResults` and `nextToken`. The token names the last entry of the page before, so that entries
 * that are added in front meanwhile don't shift the pages.
 *
 * @throws ServiceError InvalidToken
 */
export function page<T>(
  list: readonly T[],
  parameters: Parameters,
  { usual, of, longestToken = 1024, key }: Paging<T>,
): { items: readonly T[]; nextToken: { nextToken?: string } } {
  const size = parameters.limit('maxResults', MOST_RESULTS) || usual;
  const after = lastKey(parameters.optionalText('nextToken', longestToken), of);
  const from =
    after === undefined
      ? 0
      : following(
          list.findIndex((item) => key(item) === after),
          list.length,
        );
  const items = list.slice(from, from + size);
  const last = items.at(-1);
  const isMore = from + size < list.length && last !== undefined;
  return { items, nextToken: isMore ? { nextToken: tokenAfter(key(last), of) } : {} };
}

/** Entries drop off from the end of the list: behind one that is gone there is nothing. */
const following = (index: number, length: number): number => (index === -1 ? length : index + 1);

const start = (of: string): string => `${createHash('sha256').update(of).digest('base64url')} after `;

const tokenAfter = (key: string, of: string): string => Buffer.from(start(of) + key).toString('base64url');

/** @throws ServiceError InvalidToken */
function lastKey(token: string | undefined, of: string): string | undefined {
  if (token === undefined) return undefined;
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith(start(of))) throw new ServiceError('InvalidToken', `Invalid Token: '${token}'`);
  return text.slice(start(of).length);
}
