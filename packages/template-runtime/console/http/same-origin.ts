import type { IncomingMessage } from 'node:http';
import { foreignPage } from '../../http';
import { ApiProblem } from './answers';

/**
 * Lets only the console's own page, and tools that aren't a browser, change something.
 *
 * A page of another origin can send a POST without asking first, but not with this content type: for that its browser
 * asks, and gets no permission. Its origin is checked besides.
 *
 * Source: https://fetch.spec.whatwg.org/#cors-safelisted-request-header
 *
 * @throws ApiProblem 403 or 415
 */
export function checkSameOrigin(request: IncomingMessage): void {
  const { headers } = request;
  const refusal = foreignPage(request);
  if (refusal !== undefined) throw new ApiProblem(403, refusal);
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json') {
    throw new ApiProblem(
      415,
      `Content-Type must be application/json, got ${JSON.stringify(headers['content-type'] ?? '')}`,
    );
  }
}
