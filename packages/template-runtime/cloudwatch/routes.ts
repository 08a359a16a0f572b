import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Route, sendJson } from '../http/server';
import type { LogEvent, Logs } from './logs';
import type { Metrics } from './metrics';

/** How many data points or events an answer holds, unless `limit` says otherwise: more would hold up what else runs here. */
const USUAL_LIMIT = 1000;
/** Enough for all that is kept. */
const MOST = 100_000;

/**
 * `GET /_local/metrics?limit=&before=`: the latest data points that the metric filters made, with the log event behind
 * each, the oldest first. The `Link` header leads to those before.
 */
export function metricsRoute(metrics: Metrics): Route {
  return pagedRoute('/_local/metrics', (limit, before) => {
    const kept = metrics.dataPoints();
    const first = metrics.count() - kept.length;
    const end = before === undefined ? kept.length : Math.max(0, Math.min(kept.length, Number(before) - first));
    const begin = Math.max(0, end - limit);
    return { answer: { dataPoints: kept.slice(begin, end) }, ...(begin > 0 && { next: String(first + begin) }) };
  });
}

/**
 * `GET /_local/logs?limit=&before=`: the latest log events by log group, the oldest first. The `Link` header leads to those
 * before.
 */
export function logsRoute(logs: Logs): Route {
  return pagedRoute('/_local/logs', (limit, before) => {
    const kept = logs
      .groups()
      // One more than fits, so that it shows whether there are any before.
      .flatMap((group) =>
        logs.events(group, { limit: limit + 1, before: before?.padStart(20, '0') }).map((event) => ({ group, event })),
      )
      .sort((a, b) => (a.event.id < b.event.id ? -1 : 1));
    const page = kept.slice(Math.max(0, kept.length - limit));
    const answer: Record<string, LogEvent[]> = {};
    for (const { group, event } of page) (answer[group] ??= []).push(event);
    const oldest = page[0]?.event.id;
    return { answer, ...(kept.length > page.length && oldest !== undefined && { next: String(BigInt(oldest)) }) };
  });
}

/** @param before the number in the last page's `Link`; undefined for the latest page */
type ReadPage = (limit: number, before: string | undefined) => { readonly answer: unknown; readonly next?: string };

function pagedRoute(path: string, read: ReadPage): Route {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { searchParams } = new URL(request.url ?? '', 'http://127.0.0.1');
    const limit = searchParams.get('limit') ?? String(USUAL_LIMIT);
    const before = searchParams.get('before') ?? undefined;
    if (!isWhole(limit, MOST)) {
      return sendJson(response, 400, { message: `limit must be a whole number from 1 to ${MOST}, got "${limit}"` });
    }
    if (before !== undefined && !isWhole(before)) {
      return sendJson(response, 400, { message: `before must be a whole number of a Link header, got "${before}"` });
    }
    const page = read(Number(limit), before);
    // https://www.rfc-editor.org/rfc/rfc8288
    if (page.next !== undefined) {
      response.setHeader('Link', `<${path}?limit=${limit}&before=${page.next}>; rel="next"`);
    }
    sendJson(response, 200, page.answer);
  };
  return (request, response) => {
    const { method, url = '' } = request;
    if (method !== 'GET' || (url !== path && !url.startsWith(`${path}?`))) return undefined;
    answer(request, response);
    return Promise.resolve();
  };
}

const isWhole = (text: string, most = Number.MAX_SAFE_INTEGER): boolean =>
  /^[1-9]\d{0,15}$/.test(text) && Number(text) <= most;
