import type { Route } from '../http/server';
import { consoleApi, type ConsoleOptions } from './api';
import { pageFiles } from './http/page-files';

/**
 * `GET /console`: the page that shows state machines, executions and metrics; under `/console/…` its files and its JSON
 * API. The page is bundled at the first request, so that a start doesn't wait for it.
 */
export function consoleRoute(options: ConsoleOptions): Route {
  const api = consoleApi(options);
  const files = pageFiles();
  return (request, response) => {
    const { url = '' } = request;
    if (!/^\/console(?:[/?]|$)/.test(url)) return undefined; // before anything is parsed: every request comes by here
    const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
    return pathname.startsWith('/console/api/')
      ? api(request, response, pathname.slice('/console/api/'.length), searchParams)
      : files(request, response, pathname);
  };
}
