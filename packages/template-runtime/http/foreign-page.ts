import type { IncomingMessage } from 'node:http';

/**
 * Why a request may not change anything here: a web page of another origin has sent it. A browser tells, and lets no
 * page say otherwise; tools that aren't a browser tell neither.
 *
 * Source: https://fetch.spec.whatwg.org/#origin-header, https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 *
 * @returns undefined where it may
 */
export function foreignPage({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  const { host, origin } = headers;
  const site = headers['sec-fetch-site'];
  const isForeign = (origin !== undefined && origin !== `http://${host}`) || !isOwn(site);
  if (!isForeign) return undefined;
  const got = JSON.stringify(origin ?? site);
  return `Only a page of http://${host}, and what isn't a browser, may do this, got the origin ${got}`;
}

const isOwn = (site: string | string[] | undefined): boolean =>
  site === undefined || site === 'same-origin' || site === 'none';
