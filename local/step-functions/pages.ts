import type { Parameters } from './api-parameters';
import { ServiceError } from './errors';

const MOST_RESULTS = 1000;

/**
 * One page of a list, by `maxResults` and `nextToken`. The token tells how many entries came before.
 *
 * @param usual how many entries a page has without `maxResults`
 * @throws ServiceError InvalidToken
 */
export function page<T>(
  list: readonly T[],
  parameters: Parameters,
  usual: number,
): { items: readonly T[]; nextToken: { nextToken?: string } } {
  const size = parameters.limit('maxResults', MOST_RESULTS) || usual;
  const from = offset(parameters.optionalString('nextToken'));
  const next = from + size;
  return {
    items: list.slice(from, next),
    nextToken: next < list.length ? { nextToken: Buffer.from(`from ${next}`).toString('base64url') } : {},
  };
}

function offset(token: string | undefined): number {
  if (token === undefined) return 0;
  const digits = /^from (\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (digits === undefined) throw new ServiceError('InvalidToken', `Invalid Token: '${token}'`);
  return Number(digits);
}
