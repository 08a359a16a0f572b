export { createLogs, type LogEvent, type Logs } from './logs';
export { type MetricFilter, readMetricFilter } from './metric-filter';
export { type DataPoint, type Metrics, type MetricQuery, startMetrics } from './metrics';
export { logsRoute, metricsRoute } from './routes';
export { readTransformer, type Transformer } from './transformer';
