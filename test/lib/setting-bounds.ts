/** The bounds of the settings that every list has, or all their values where they are few. */
export const BOUNDS: Readonly<Record<string, readonly string[]>> = {
  STACK_NAME: ['A', `A${'-1'.repeat(31)}z`],
  AVAILABILITY_ZONES: ['any', 'us-east-1a,us-east-1b,us-east-1c'],
  USE_CONDITIONAL_WRITES: ['true', 'true', 'false', 'true'],
  MAX_COUNTER_VALUE: ['1', '9007199254740991'],
  DYNAMO_SHARDS: ['1', '256'],
  MOMENTO_CACHE_NAME: ['a', 'x'.repeat(255)],
  MOMENTO_STRATEGY: ['compare-and-set', 'set-if-not-equal'],
  IDEMPOTENCY_WINDOW_SECONDS: ['60', '86400'],
  IDEMPOTENCY_KEYS_PER_COUNTER: ['1', '1000'],
  THROTTLE_RATE: ['1', '1000000'],
  THROTTLE_BURST: ['1', '1000000'],
  QUOTA_PER_DAY: ['1', '2147483647'],
  EXECUTION_LOG_LEVEL: ['ALL', 'ERROR', 'FATAL', 'OFF'],
  METRICS_PER_COUNTER: ['false', 'true'],
  LOG_RETENTION_DAYS: ['1', '3653'],
  DASHBOARD: ['false', 'true'],
  ALARMS: ['true', 'true', 'false'],
  ALARM_EMAIL: ['none', 'a@b.example'],
  ALARM_LATENCY_MS: ['50', '29000'],
  TRACING: ['false', 'true'],
  API_TIMEOUT_SECONDS: ['8', '29'],
  EXECUTION_TIMEOUT_SECONDS: ['7', '28'],
  TASK_TIMEOUT_SECONDS: ['6', '27'],
  FUNCTION_TIMEOUT_SECONDS: ['5', '26'],
  RETAIN_DATA: ['false', 'true'],
};

/** So many rows that each value is in one, with the same side of the others' bounds. */
export const ROWS = [0, 1, 2, 3].map((row) =>
  Object.fromEntries(Object.entries(BOUNDS).map(([name, values]) => [name, values[row % values.length] ?? ''])),
);
