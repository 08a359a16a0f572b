import type { IncomingMessage } from 'node:http';
import { ApiProblem } from './answers';

/**
 * Lets only the console's own page, and tools that aren't a browser, change something.
 *
 * A page of another origin can send a POST without asking first, but not with this content type: for that its browser
 * asks, and gets no permission. `Origin` and `Sec-Fetch-Site` are checked besides.
 *
 * Source: https://fetch.spec.whatwg.org/#cors-safelisted-request-header,
 * https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 *
 * @throws ApiProblem 403 or 415
 */
export function checkSameOrigin({ headers }: IncomingMessage): void {
  const { host, origin } = headers;
  if (origin !== undefined && origin !== `http://${host}`) {
    throw new ApiProblem(403, `Only the console's own page may do this, not ${JSON.stringify(origin)}`);
  }
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw new ApiProblem(403, `Only the console's own page may do this, not a ${JSON.stringify(site)} one`);
  }
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json') {
    throw new ApiProblem(
      415,
      `Content-Type must be application/json, got ${JSON.stringify(headers['content-type'] ?? '')}`,
    );
  }
}
