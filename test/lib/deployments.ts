/** Deployments that together have every resource and every option of the app. */
export const DEPLOYMENTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'all stores': {},
  'DynamoDB alone': { STORES: 'dynamo' },
  'DynamoDB and TiDB': { STORES: 'dynamo,tidb' },
  'every option': { TRACING: 'true', ALARM_EMAIL: 'on-call@example.com', RETAIN_DATA: 'true' },
  'a low log level': { STORES: 'dynamo,tidb', EXECUTION_LOG_LEVEL: 'ERROR' },
  'its own name and zones': { STACK_NAME: 'Staging', AVAILABILITY_ZONES: 'us-east-1a,us-east-1b' },
};
