import type { Request } from './exchange.js';
import type { Target } from './judge.js';
import type { Settings } from './settings.js';

/** The request for a counter that `targetProblem` finds nothing wrong with. */
export function requestFor(
  method: Request['method'],
  { store, id }: Target,
  { url, apiKey }: Settings,
  headers: Readonly<Record<string, string>> = {},
): Request {
  return {
    method,
    url: `${url}/${encodeURIComponent(store)}/${encodeURIComponent(id)}`,
    headers: { 'X-Api-Key': apiKey, ...headers },
  };
}

/** Why no URL can name a counter; undefined if one can. Everything else about it is for the API to judge. */
export function targetProblem({ store, id }: Target): string | undefined {
  const wrong = [store, id].find((segment) => !isSegment(segment));
  return wrong === undefined ? undefined : `Not to be sent in a URL: ${JSON.stringify(wrong)}`;
}

/** URL parsers resolve `.` and `..` away, also percent-encoded. Lone surrogates have no UTF-8. */
function isSegment(value: string): boolean {
  return !/^\.{0,2}$/.test(value) && !/\p{Surrogate}/u.test(value);
}
