import { type Route, sendJson } from '../http/server';
import type { Logs } from './logs';
import type { Metrics } from './metrics';

/** `GET /_local/metrics`: every data point that the metric filters made, with the log event behind it. */
export function metricsRoute(metrics: Metrics): Route {
  return (request, response) => {
    if (request.method !== 'GET' || request.url !== '/_local/metrics') return undefined;
    sendJson(response, 200, { dataPoints: metrics.dataPoints() });
    return Promise.resolve();
  };
}

/** `GET /_local/logs`: the kept log events of every log group. */
export function logsRoute(logs: Logs): Route {
  return (request, response) => {
    if (request.method !== 'GET' || request.url !== '/_local/logs') return undefined;
    sendJson(response, 200, Object.fromEntries(logs.groups().map((group) => [group, logs.events(group)])));
    return Promise.resolve();
  };
}
