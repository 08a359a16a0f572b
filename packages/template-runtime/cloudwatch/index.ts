export { createLogs, type LogEvent, type Logs } from './logs';
export { type DataPoint, type Metrics, type MetricQuery, startMetrics } from './metrics';
export { logsRoute, metricsRoute } from './routes';
