/** The embedded stores: the module in `local/` and what it exports, which a thread loads by name. */
export const EMBEDDED_STORES = {
  dynamo: { module: 'dynamo', start: 'startDynamo' },
  redis: { module: 'redis', start: 'startRedis' },
  momento: { module: 'momento', start: 'startMomento' },
  docdb: { module: 'docdb', start: 'startDocdb' },
  tidb: { module: 'tidb', start: 'startTidb' },
} as const;

export type StoreName = keyof typeof EMBEDDED_STORES;
