import type { Parameters } from './api-parameters';
import { ServiceError } from './errors';

const MOST_RESULTS = 1000;

export interface Paging<T> {
  /** How many entries a page has without `maxResults`. */
  readonly usual: number;
  /** How long a token may be, in characters. @default - 1,024 */
  readonly longestToken?: number;
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
  { usual, longestToken = 1024, key }: Paging<T>,
): { items: readonly T[]; nextToken: { nextToken?: string } } {
  const size = parameters.limit('maxResults', MOST_RESULTS) || usual;
  const after = lastKey(parameters.optionalText('nextToken', longestToken));
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
  return { items, nextToken: isMore ? { nextToken: tokenAfter(key(last)) } : {} };
}

/** Entries drop off from the end of the list: behind one that is gone there is nothing. */
const following = (index: number, length: number): number => (index === -1 ? length : index + 1);

const tokenAfter = (key: string): string => Buffer.from(`after ${key}`).toString('base64url');

function lastKey(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  const key = /^after (.+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (key === undefined) throw new ServiceError('InvalidToken', `Invalid Token: '${token}'`);
  return key;
}
