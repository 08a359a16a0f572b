import type { Request } from './exchange.js';
import type { Target } from './judge.js';
import type { Settings } from './settings.js';
import { shown } from './shown.js';

/** What a request says beside which counter it is for. */
export interface Particulars {
  /** What is undefined is left out. */
  readonly query: Readonly<Record<string, number | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The request for a counter that `targetProblem` finds nothing wrong with. */
export function requestFor(
  method: Request['method'],
  { store, id }: Target,
  { url, apiKey }: Settings,
  { query, headers = {} }: Particulars,
): Request {
  const asked = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  const path = `${encodeURIComponent(store)}/${encodeURIComponent(id)}`;
  return {
    method,
    url: `${url}/${path}${asked.length > 0 ? `?${asked.join('&')}` : ''}`,
    headers: { 'X-Api-Key': apiKey, ...headers },
  };
}

/** Why no URL can name a counter; undefined if one can. Everything else about it is for the API to judge. */
export function targetProblem({ store, id }: Target): string | undefined {
  const wrong = [store, id].find((segment) => !isSegment(segment));
  return wrong === undefined ? undefined : `Not to be sent in a URL: ${shown(wrong)}`;
}

/** URL parsers resolve `.` and `..` away, also percent-encoded. Lone surrogates have no UTF-8. */
function isSegment(value: string): boolean {
  return !/^\.{0,2}$/.test(value) && !/\p{Surrogate}/u.test(value);
}
