import type { StoreName } from './store-modules';

/** Where a store listens: an embedded one, or a server that the user named by URL. */
export interface StoreAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
}

const URL_RULES: Record<StoreName, { protocols: readonly string[]; port: number; example: string }> = {
  dynamo: { protocols: ['http:'], port: 8000, example: 'http://127.0.0.1:8000' },
  redis: { protocols: ['redis:', 'rediss:'], port: 6379, example: 'redis://127.0.0.1:6379' },
  momento: { protocols: ['momento:'], port: 8080, example: 'momento://127.0.0.1:8080' },
  docdb: { protocols: ['mongodb:'], port: 27017, example: 'mongodb://user:password@127.0.0.1:27017' },
  tidb: { protocols: ['mysql:'], port: 4000, example: 'mysql://root@127.0.0.1:4000/test' },
};

/** Name of the setting that points a store at a real server. */
export const URL_SETTINGS: Record<StoreName, string> = {
  dynamo: 'DYNAMODB_URL',
  redis: 'REDIS_URL',
  momento: 'MOMENTO_URL',
  docdb: 'DOCDB_URL',
  tidb: 'TIDB_URL',
};

/**
 * Reads the URL of a real server. TLS is on with `rediss:`, or with `?tls=true`.
 *
 * @throws Error naming the setting, the rule and an example
 */
export function parseStoreUrl(store: StoreName, text: string): StoreAddress {
  const { protocols, port, example } = URL_RULES[store];
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !protocols.includes(url.protocol) || url.hostname === '') {
    throw new Error(`${URL_SETTINGS[store]} must be a URL such as ${example}, got "${withoutPassword(text)}"`);
  }
  const database = decodeURIComponent(url.pathname.slice(1));
  return {
    host: url.hostname,
    port: url.port === '' ? port : Number(url.port),
    tls: url.protocol === 'rediss:' || url.searchParams.get('tls') === 'true',
    ...(url.username === '' ? {} : { user: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    ...(database === '' ? {} : { database }),
  };
}

function withoutPassword(text: string): string {
  return text.replace(/:[^:@/]*@/, ':…@');
}

/** The value of the store's secret, as its function reads it. DynamoDB needs none. */
export function secretValue(store: Exclude<StoreName, 'dynamo'>, address: StoreAddress): Record<string, unknown> {
  const { host, port, tls, user, password, database } = address;
  switch (store) {
    case 'redis':
      return {
        host,
        port,
        tls,
        ...(user === undefined ? {} : { user }),
        ...(password === undefined ? {} : { password }),
      };
    case 'momento':
      return { host, port, tls };
    case 'docdb':
      return { host, port, tls, ...(user === undefined ? {} : { username: user, password: password ?? '' }) };
    case 'tidb':
      return {
        host,
        port: String(port),
        tls,
        user: user ?? 'root',
        pwd: password ?? '',
        db: database ?? 'atomic_counter',
      };
  }
}
